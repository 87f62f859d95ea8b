"""Every exception of the house: a class for each decision that a caller takes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.problems import Problem


class SignpostError(Exception):
    """Anything that this package raises on purpose."""


class ContentError(SignpostError):
    """Content that must not be served; *problems* lists all that is wrong with it."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SettingsError(SignpostError):
    """A setting that stops the start; the message names the variable and the mend."""


class UnknownCountryError(SignpostError):
    """A code that is no ISO 3166-1 country."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"no country has the code {code!r}")


class SessionError(SignpostError):
    """A conversation token that is forged, damaged or too old: a new one is begun."""


class StoreError(SignpostError):
    """The store cannot be reached: the answer is given without memory."""


class DeliveryError(SignpostError):
    """A platform did not take our message; *retryable* tells whether to try again."""

    def __init__(self, reason: str, *, retryable: bool, retry_after: float | None = None) -> None:
        self.reason = reason
        self.retryable = retryable
        self.retry_after = retry_after
        super().__init__(reason)
