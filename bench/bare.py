"""The yardstick: a bare aiohttp handler that parses the same JSON and returns a body of the same size."""

import json
import sys
from importlib import import_module
from typing import Any

from aiohttp import web


def main(port: int, size: int) -> None:
    """Serve on *port*, answering with *size* bytes."""
    body = b'{"text":"' + b"x" * max(0, size - 11) + b'"}'

    async def handle(request: web.Request) -> web.Response:
        json.loads(await request.read())
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/v1/messages", handle)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None, loop=_loop())


def _loop() -> Any:
    # The same event loop as the service's: the ratio shall show our work, not the loop's.
    try:
        return import_module("uvloop").new_event_loop()
    except ImportError:
        return None


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
