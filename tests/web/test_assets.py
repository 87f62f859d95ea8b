"""The files that a browser loads: small, compressed, and not loaded twice."""

import gzip
import re

import pytest

from bot.web.assets import assets
from tests.web.conftest import Get

KIB = 1000


def test_widget_with_its_styles_is_small() -> None:
    assert 15 * KIB >= len(assets()["widget.js"].zipped)


def test_nothing_in_the_widget_needs_a_loose_policy_or_keeps_anything() -> None:
    script = assets()["widget.js"].plain.decode()

    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "new Function",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "Notification",
        "new Audio",
        "setAttribute('style'",
        "sendBeacon",
    ):
        assert forbidden not in script, forbidden


def test_widget_asks_no_third_party() -> None:
    addresses = set(re.findall(r"https?://[\w./-]+", assets()["widget.js"].plain.decode()))

    assert {"https://HOST/widget.js", "https://www.google.com/", "http://www.w3.org/2000/svg"} == addresses


def test_styles_as_a_file_are_those_of_the_script() -> None:
    script, styles = assets()["widget.js"].plain, assets()["widget.css"].plain

    assert styles in script
    assert b"${" not in styles


@pytest.mark.parametrize("name", ["widget.js", "widget.css", "page.css"])
async def test_file_is_compressed_and_known_by_its_hash(get: Get, name: str) -> None:
    answer = await get(f"/{name}", **{"Accept-Encoding": "gzip"})

    assert 200 == answer.status
    assert assets()[name].plain == gzip.decompress(answer.body)
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "cross-origin" == answer.headers["Cross-Origin-Resource-Policy"]
    again = await get(f"/{name}", **{"If-None-Match": answer.headers["ETag"]})
    assert (304, b"") == (again.status, again.body)


async def test_file_comes_plain_to_those_who_cannot_unpack(get: Get) -> None:
    answer = await get("/widget.js", **{"Accept-Encoding": "identity"})

    assert "Content-Encoding" not in answer.headers
    assert assets()["widget.js"].plain == answer.body
