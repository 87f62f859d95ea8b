"""The server: one worker's loop, and the parent that keeps several of them alive."""

import asyncio
import contextlib
import gc
import logging
import signal
import tempfile

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.http import unreadable_response

log = structlog.get_logger()

_GRACE = 10.0
"""Seconds that answers under way get at a shutdown."""
_silent = logging.getLogger("signpost.silent")
_silent.disabled = True


class _HelpfulHandler(RequestHandler):
    """Answers even what is no HTTP with help; aiohttp's own log line could hold what was sent."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Turn a request that could not be parsed into a problem with help, and close."""
        if request.writer.output_size > 0:
            raise ConnectionError("the answer was already under way")
        log.info("http.unreadable", status=status, error=type(exc).__name__)
        server = self._manager
        if not isinstance(server, _HelpfulServer):
            raise TypeError(type(server))
        response = server.unreadable(400 if status < 500 else 500)
        response.force_close()
        return response


class _HelpfulServer(web.Server):
    """Makes helpful handlers."""

    app: web.Application

    def __call__(self) -> RequestHandler:
        return _HelpfulHandler(self, loop=self._loop, **self._kwargs)

    def unreadable(self, status: int) -> web.Response:
        """Answer a request of which nothing is known."""
        return unreadable_response(self.app, status)


class _Runner(web.AppRunner):
    async def _make_server(self) -> web.Server:
        plain = await super()._make_server()
        server = _HelpfulServer(plain.request_handler, request_factory=plain.request_factory, **plain._kwargs)
        server.app = self.app
        return server


async def run(app: web.Application, host: str, port: int, *, shared_port: bool = False) -> None:
    """Serve *app* until SIGTERM or SIGINT, then finish what is under way."""
    # Content and models live as long as the process: the collector need not look at them again.
    gc.collect()
    gc.freeze()
    runner = _Runner(
        app,
        access_log=None,
        logger=_silent,
        shutdown_timeout=_GRACE,
        keepalive_timeout=75,
        max_line_size=8190,
        max_field_size=8190,
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port, reuse_port=shared_port or None, backlog=1024)
    await site.start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    address = runner.addresses[0]
    log.info("server.started", address=f"http://{address[0]}:{address[1]}")
    await stop.wait()
    log.info("server.stopping")
    await runner.cleanup()


def run_workers(count: int, command: list[str], environ: dict[str, str]) -> int:
    """
    Keep *count* processes of *command* alive until a signal ends all of them.

    A worker that dies is started again; one that cannot even start ends everything, so that
    an operator sees the failure instead of a loop. Gives the exit status.
    """
    with tempfile.TemporaryDirectory(prefix="signpost-metrics-") as shared:
        return asyncio.run(_supervise(count, command, {**environ, "PROMETHEUS_MULTIPROC_DIR": shared}))


async def _supervise(count: int, command: list[str], environ: dict[str, str]) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    statuses = await asyncio.gather(*(_keep(command, environ, stopping) for _ in range(count)))
    return max(statuses)


async def _keep(command: list[str], environ: dict[str, str], stopping: asyncio.Event) -> int:
    while True:
        begun = asyncio.get_running_loop().time()
        process = await asyncio.create_subprocess_exec(*command, env=environ)
        ended = asyncio.create_task(process.wait())
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait((ended, told), return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if stopping.is_set():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            return 0 if await ended in (0, -signal.SIGTERM, -signal.SIGINT) else 1
        status = await ended
        log.warning("worker.died", status=status)
        if status > 0 and asyncio.get_running_loop().time() - begun < 2.0:
            stopping.set()
            return status
