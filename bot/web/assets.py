"""The files that a browser loads: compressed once, and known by their hash."""

import gzip
import re
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec
from aiohttp import web

from bot.http import SECURITY_HEADERS

_HERE = Path(__file__).parent
_STYLES = re.compile(r"const STYLES = `(.*?)`;", re.DOTALL)
_HEADERS = {
    **SECURITY_HEADERS,
    "Cache-Control": "public, max-age=600, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Vary": "Accept-Encoding",
}


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it goes over the wire."""

    media: str
    plain: bytes
    zipped: bytes
    etag: str


def asset(media: str, text: str) -> Asset:
    """Compress *text* and name it by its hash."""
    plain = text.encode()
    return Asset(
        media=media,
        plain=plain,
        zipped=gzip.compress(plain, 9, mtime=0),
        etag=f'"{blake2b(plain, digest_size=8).hexdigest()}"',
    )


@cache
def assets() -> dict[str, Asset]:
    """
    Read the files of the widget and the page, once.

    Browsers without constructable style sheets get the widget's styles as a file of their own,
    cut out of the script, so that there is one source.
    """
    script = (_HERE / "widget.js").read_text(encoding="utf-8")
    found = _STYLES.search(script)
    if found is None:
        raise ValueError("widget.js has no styles")
    return {
        "widget.js": asset("text/javascript", script),
        "widget.css": asset("text/css", found[1]),
        "page.css": asset("text/css", (_HERE / "page.css").read_text(encoding="utf-8")),
    }


async def serve(request: web.Request) -> web.Response:
    """Send a file, or say that the browser's copy still holds."""
    found = assets()[request.path.rpartition("/")[2]]
    headers = {**_HEADERS, "ETag": found.etag}
    if found.etag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return web.Response(
        body=found.zipped if zipped else found.plain,
        content_type=found.media,
        charset="utf-8",
        headers=headers,
    )
