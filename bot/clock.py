"""The clock, handed in wherever the time of day matters."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the time of day, aware and in UTC."""


def wall_clock() -> datetime:
    """Read the time of day."""
    return datetime.now(UTC)
