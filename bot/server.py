"""The server: one worker's loop, and the parent that keeps several of them alive."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.http import unreadable_response

log = structlog.get_logger()

_GRACE = 10.0
"""Seconds that answers under way get at a shutdown."""
_PAUSE = 2.0
"""Seconds before a worker that could not start is tried again."""
_SERVES = "serving"
"""What a worker writes to its parent once it answers."""
_SWITCH = 0.001
"""Seconds after which a thread of the store or the encoder gives way to the loop; Python's own 0.005 doubled
the 99th percentile of a channel's answers."""
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
    """Makes helpful handlers, and knows how many requests are under way."""

    app: web.Application

    def __init__(self, plain: web.Server) -> None:
        super().__init__(self._counted, request_factory=plain.request_factory, **plain._kwargs)
        self._answer = plain.request_handler
        self._under_way = 0
        self._closing = False
        self._idle = asyncio.Event()

    def __call__(self) -> RequestHandler:
        return _HelpfulHandler(self, loop=self._loop, **self._kwargs)

    def unreadable(self, status: int) -> web.Response:
        """Answer a request of which nothing is known."""
        return unreadable_response(self.app, status)

    async def drain(self) -> None:
        """Hear out and answer what has begun to arrive; aiohttp's own shutdown is deaf to the rest of a body."""
        self._closing = True
        if self._under_way:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), _GRACE)

    async def _counted(self, request: web.BaseRequest) -> web.StreamResponse:
        self._under_way += 1
        try:
            response = await self._answer(request)
        finally:
            self._under_way -= 1
            if self._closing and not self._under_way:
                self._idle.set()
        if self._closing:
            response.force_close()
        return response


class _Runner(web.AppRunner):
    helpful: _HelpfulServer

    async def _make_server(self) -> web.Server:
        self.helpful = _HelpfulServer(await super()._make_server())
        self.helpful.app = self.app
        return self.helpful


async def run(app: web.Application, host: str, port: int, *, worker: bool = False) -> None:
    """
    Serve *app* until SIGTERM or SIGINT, then finish what is under way.

    A *worker* shares its port, tells its parent once it serves, and ends with it.
    """
    # Content and models live as long as the process: the collector need not look at them again.
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_SWITCH)
    runner = _Runner(
        app,
        access_log=None,
        logger=_silent,
        shutdown_timeout=1.0,  # what was under way is drained before
        keepalive_timeout=75,
        max_line_size=8190,
        max_field_size=8190,
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port, reuse_port=worker or None, backlog=1024)
    await site.start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if worker:
        loop.add_reader(sys.stdin.fileno(), stop.set)  # the parent never writes: it is gone
        sys.stdout.write(f"{_SERVES}\n")
        sys.stdout.flush()
    address = runner.addresses[0]
    log.info("server.started", address=f"http://{address[0]}:{address[1]}")
    await stop.wait()
    log.info("server.stopping")
    await site.stop()
    await runner.helpful.drain()
    await runner.cleanup()


def run_workers(count: int, command: list[str], environ: dict[str, str]) -> int:
    """
    Keep *count* processes of *command* alive until a signal ends all of them.

    A worker that dies is started again. Where none could ever start everything ends, so that an
    operator sees the failure instead of a loop. Gives the exit status.
    """
    with tempfile.TemporaryDirectory(prefix="signpost-metrics-") as shared:
        workers = _Workers(command, {**environ, "PROMETHEUS_MULTIPROC_DIR": shared})
        return asyncio.run(workers.keep(count))


class _Workers:
    """The processes that one parent keeps alive."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self._command = command
        self._environ = environ
        self._ever_served = False
        self._stopping = asyncio.Event()

    async def keep(self, count: int) -> int:
        """Run *count* workers until a signal arrives; give the exit status."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stopping.set)
        return max(await asyncio.gather(*(self._keep_one() for _ in range(count))))

    async def _keep_one(self) -> int:
        while True:
            process = await asyncio.create_subprocess_exec(
                *self._command, env=self._environ, stdin=PIPE, stdout=PIPE
            )
            life = asyncio.create_task(self._watch(process))
            told = asyncio.create_task(self._stopping.wait())
            await asyncio.wait((life, told), return_when=asyncio.FIRST_COMPLETED)
            told.cancel()
            if self._stopping.is_set():
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()
                await life
                return 0 if process.returncode in (0, -signal.SIGTERM, -signal.SIGINT) else 1
            status = process.returncode or 0
            log.warning("worker.died", status=status)
            if await life:
                continue
            if status > 0 and not self._ever_served:
                self._stopping.set()
                return status
            # Content under an editor's hands may be whole again in a moment.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _PAUSE)

    async def _watch(self, process: Process) -> bool:
        """Wait for the end of *process*; say whether it served."""
        served = bool(process.stdout and await process.stdout.readline())
        self._ever_served |= served
        await process.wait()
        return served
