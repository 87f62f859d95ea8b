"""Places: where in a file a finding stands, so that an editor can jump there."""

from pathlib import Path

from babel.messages.pofile import read_po

from bot.i18n import SOURCE
from bot.language import gettext_name
from bot.yamlfile import line_of


def po_path(language: str) -> str:
    """Name the catalogue of *language*, relative to the project's root."""
    return f"locales/{gettext_name(language)}/LC_MESSAGES/signpost.po"


class Places:
    """Finds lines; each catalogue is read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lines: dict[str, dict[str, int]] = {}

    def reply(self, intent: str, voice: str, language: str) -> tuple[str, int]:
        """Give file and line of a reply."""
        if language == SOURCE:
            path = f"intents/{intent}.yaml"
            return path, self.yaml(path, f"$.reply.{voice}")
        return po_path(language), self.message(language, f"intents.{intent}.{voice}")

    def message(self, language: str, context: str) -> int:
        """Give the line of a content message in the catalogue of *language*."""
        if language not in self._lines:
            with (self._root / po_path(language)).open("rb") as file:
                catalog = read_po(file)
            self._lines[language] = {str(one.context): one.lineno or 0 for one in catalog if one.context}
        return self._lines[language].get(context, 0)

    def yaml(self, path: str, where: str) -> int:
        """Give the line of *where* ("$.reply.child") in a YAML file."""
        return line_of((self._root / path).read_text(encoding="utf-8"), where)

    def text(self, path: str, text: str) -> int:
        """Give the first line that holds *text*; 0 where none does."""
        lines = (self._root / path).read_text(encoding="utf-8").splitlines()
        return next((number for number, line in enumerate(lines, 1) if text in line), 0)
