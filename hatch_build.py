"""Put the content, and the compiled models where they were built, into the wheel."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_CONTENT = ("intents", "agencies", "locales")


class ContentHook(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is an internal class
    """Adds what a wheel needs to work outside the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add content and models; an editable install reads them where they are."""
        if version == "editable":
            return
        root = Path(self.root)
        include: dict[str, str] = build_data["force_include"]
        for name in _CONTENT:
            include[str(root / name)] = f"bot/_content/{name}"
        models = root / "build" / "models"
        for path in [*models.glob("*.content"), *models.glob("matcher-*.bin")]:
            include[str(path)] = f"bot/_content/build/models/{path.name}"
