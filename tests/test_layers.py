"""Layers: imports point down only."""

import ast
from pathlib import Path

BOT = Path(__file__).parent.parent / "bot"

LAYERS = (
    {"messages", "errors", "problems", "text", "clock", "settings", "yamlfile"},
    {"phrases", "grammar"},
    {"respell", "claims"},
    {"risk", "mentions", "matching", "directory", "sessions", "metrics"},
    {"language", "stores"},
    {"i18n"},
    {"content"},
    {"answer", "contacts"},
    {"reply"},
    {"reader"},
    {"engine"},
    {"conversation", "delivery"},
    {"reload", "http"},
    {"openapi", "channels", "web", "operations", "build"},
    {"app", "server", "editor", "terminal"},
    {"cli", "__main__"},
)


def modules() -> dict[str, str]:
    """Module file to room."""
    found = {}
    for path in sorted(BOT.rglob("*.py")):
        parts = path.relative_to(BOT).with_suffix("").parts
        if parts != ("__init__",):
            found[str(path)] = parts[0]
    return found


def imports(path: str) -> set[str]:
    """The rooms that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "bot":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("bot.")}
    return found - {"__version__"}


def test_every_room_has_its_floor() -> None:
    known = set().union(*LAYERS)

    assert set(modules().values()) <= known


def test_imports_point_down_only() -> None:
    floor = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}

    wrong = [
        f"{path} imports {other}"
        for path, room in modules().items()
        for other in imports(path)
        if other != room and floor[other] > floor[room]
    ]

    assert not wrong


def test_no_channel_knows_another() -> None:
    helpers = {"limits", "platform", "responses", "texts"}
    for path in sorted((BOT / "channels").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        others = {other.stem for other in path.parent.glob("*.py")} - {path.stem, "__init__"} - helpers
        if path.stem not in ("__init__", "commands", "registry"):
            assert not [other for other in others if f"bot.channels.{other}" in source], path


def test_only_the_edges_know_aiohttp_the_environment_and_the_clock() -> None:
    edges = {"channels", "web", "http", "app", "server", "operations", "cli", "openapi"}
    for path, room in modules().items():
        source = Path(path).read_text(encoding="utf-8")
        if room not in edges:
            assert "aiohttp" not in source, path
        if room not in ("cli", "matching"):
            assert "os.environ" not in source, path
        if room != "clock":
            assert "datetime.now(" not in source, path
