"""The real service as a process of its own, and a school's website of another origin."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
_PATIENCE = 300.0
"""Seconds that a start may take: on a fresh clone the content is compiled first."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def shipped() -> dict[str, dict[str, Any]]:
    """The live languages, as the content says."""
    languages = yaml.safe_load((ROOT / "intents" / "languages.yaml").read_text(encoding="utf-8"))
    return {tag: info for tag, info in languages.items() if info["status"] == "live"}


@cache
def _content() -> Path:
    """A copy of the content, so that an editor at work does not make the service reload under test."""
    copy = Path(mkdtemp(prefix="signpost-e2e-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    for folder in ("intents", "agencies", "locales"):
        shutil.copytree(ROOT / folder, copy / folder)
    return copy


class Service:
    """`signpost serve` on a port of its own; it can be stopped and started in mid-conversation."""

    def __init__(self, **more: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SIGNPOST_")},
            "SIGNPOST_SEMANTIC": "off",
            "SIGNPOST_RATE": "0",
            "SIGNPOST_SECRET": "the same before and after a restart",
            "SIGNPOST_CONTENT": str(_content()),
            "SIGNPOST_MODELS": os.environ.get("SIGNPOST_MODELS", str(ROOT / "build" / "models")),
            **more,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env=self._environ,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise AssertionError(f"the service ended with status {self._process.returncode}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):  # noqa: S310
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        self._process.kill()
        self._process.wait(10)
        raise AssertionError("the service does not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
                raise
            finally:
                self._process = None


class Document(NamedTuple):
    body: bytes
    media: str = "text/html; charset=utf-8"
    policy: str = "default-src 'none'"


class Website:
    """A school's website: another origin, with a strict policy of its own."""

    def __init__(self) -> None:
        self.pages: dict[str, Document] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                page = pages.get(self.path.partition("?")[0])
                self.send_response(200 if page else 404)
                body = page.body if page else b""
                for name, value in _headers(page).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _headers(page: Document | None) -> Mapping[str, str]:
    if page is None:
        return {}
    return {"Content-Type": page.media, "Content-Security-Policy": page.policy}
