"""Reload: content that changed on disk is compiled in another process and swapped in whole.

Broken content never replaces good content: its problems are logged, and the last good one goes on.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import structlog
from watchfiles import awatch

from bot.conversation import Conversation
from bot.engine import Engine

log = structlog.get_logger()

_FOLDERS = ("intents", "agencies", "locales")


async def follow(
    conversation: Conversation,
    root: Path,
    compile_content: Callable[[], Awaitable[str | None]],
    load: Callable[[], Engine | None],
) -> None:
    """
    Swap in new content whenever a file under *root* changes, until cancelled.

    *compile_content* gives what is wrong with the content, or None; *load* then loads it, or gives
    None where it changed again meanwhile: that change is the next one here.
    """
    folders = [root / name for name in _FOLDERS if (root / name).is_dir()]
    async for _ in awatch(*folders, recursive=True, debounce=500, step=100):
        try:
            wrong = await compile_content()
            engine = None if wrong else await asyncio.to_thread(load)
        except Exception as error:  # noqa: BLE001 - the last good content goes on
            log.error("content.unloadable", error=type(error).__name__)
            continue
        if wrong:
            log.error("content.refused", problems=wrong.splitlines())
        elif engine:
            engine.warm_up()
            before, conversation.engine = conversation.engine, engine
            before.close()
            log.info("content.reloaded", version=engine.library.version)


async def compile_elsewhere() -> str | None:
    """
    Run `signpost build` in a process of its own, so that no request waits for it.

    Gives what it complained about, or None. It ends with whoever waits for it: a server
    that stops leaves nobody behind who trains models.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "build",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode == 0:
        return None
    return errors.decode(errors="replace").strip() or f"signpost build ended with status {process.returncode}"


async def running(task: Awaitable[None]) -> AsyncIterator[None]:
    """Keep *task* running in the background; cancel it at the end."""
    background = asyncio.ensure_future(task)
    yield
    background.cancel()
    with suppress(asyncio.CancelledError):
        await background
