"""The page without scripts: the same answers, and help in every failure."""

import html
import json
import re

import pytest

from bot.engine import Engine
from bot.messages import Session
from bot.web.page import Passage, Visitor, changes, negotiate, passages, safe_dial, safe_url
from bot.web.strings import STRINGS
from tests.web.conftest import Get

URGENT = "he says he will post my nudes if I don't pay"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def token(text: str) -> str:
    found = re.search(r'name="conversation" value="([^"]+)"', text)
    assert found
    return found[1]


class TestStart:
    async def test_page_is_strict_and_not_kept(self, get: Get) -> None:
        answer = await get("/?language=it&country=it")

        assert POLICY == answer.headers["Content-Security-Policy"]
        assert "no-store" == answer.headers["Cache-Control"]
        assert "no-referrer" == answer.headers["Referrer-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert '<html lang="it" dir="ltr">' in answer.text
        assert 'country="IT"' in answer.text
        assert not re.search(r"<style|style=|onclick|<script(?! src)", answer.text)

    async def test_language_follows_the_browser(self, get: Get) -> None:
        answer = await get("/", **{"Accept-Language": "xx, fr-CA;q=0.8, en;q=0.3"})

        assert '<html lang="fr"' in answer.text

    async def test_nonsense_in_the_address_does_no_harm(self, get: Get) -> None:
        answer = await get("/?language=%22%3E%3Cscript%3E&country=%3Cb%3E&audience=x")

        assert 200 == answer.status
        assert "<b>" not in answer.text
        assert '"><script>' not in answer.text

    async def test_page_greets_with_the_line_on_history(self, get: Get) -> None:
        text = html.unescape((await get("/?language=en")).text)

        assert STRINGS["exit_hint"] in text
        assert STRINGS["privacy"] in text


class TestSubmit:
    async def test_answers_are_those_of_the_api(self, send: Get, client: object) -> None:
        answer = await send(text=URGENT, language="en", country="GB")
        response = await client.post("/v1/messages", json={"text": URGENT, "language": "en", "country": "GB"})
        reply = json.loads(await response.read())["reply"]

        text = html.unescape(answer.text)
        for block in reply:
            for contact in block.get("contacts", ()):
                assert contact["name"] in text
            for choice in block.get("choices", ()):
                assert f'value="{choice["choice"]}"' in text
            for passage in passages(block.get("text", "")):
                assert all(line in text for line in passage.lines)

    async def test_markup_stays_text(self, send: Get) -> None:
        answer = await send(text="<script>alert(1)</script><img src=x>", language="en")

        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;" in answer.text

    async def test_conversation_goes_on_and_help_stays(self, send: Get) -> None:
        first = await send(text=URGENT, language="en", country="GB")
        second = await send(
            text="how do I make a strong password",
            language="en",
            country="GB",
            conversation=token(first.text),
        )

        assert "I am an automated guide" not in second.text
        assert 'class="pinned"' in second.text
        assert 'href="tel:999"' in second.text

    async def test_only_the_menus_changed_before_anything_was_asked(self, send: Get) -> None:
        answer = await send(language="it", country="IT")

        assert '<html lang="it"' in answer.text
        assert "<signpost-chat" in answer.text

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"text": "x" * 4001}, 422),
            ({"text": "x" * 20_000}, 413),
            ({"choice": "x" * 201}, 422),
            ({"choice": "intent:nothing_like_it"}, 200),
            ({"text": "\0"}, 200),
            ({"text": "help me", "conversation": "forged"}, 200),
        ],
    )
    async def test_nobody_gets_only_an_error(self, send: Get, fields: dict[str, str], status: int) -> None:
        answer = await send(language="en", country="GB", **fields)

        assert status == answer.status
        assert "text/html" in answer.headers["Content-Type"]
        assert 'id="text"' in answer.text
        if status != 200:
            assert "Emergency" in answer.text or "emergency" in answer.text

    async def test_body_that_is_no_form_still_shows_help(self, client: object) -> None:
        response = await client.post(
            "/", data=b"--x", headers={"Content-Type": "multipart/form-data; boundary=y"}
        )

        assert response.status in (200, 422)
        assert "text/html" in response.headers["Content-Type"]


class TestPure:
    def test_passages_are_paragraphs_and_lists(self) -> None:
        text = "Stop.\n\n1. Do not pay.\n2. Tell.\n\n- one\n- two\nEnd."

        assert passages(text) == (
            Passage("p", ("Stop.",)),
            Passage("ol", ("Do not pay.", "Tell.")),
            Passage("ul", ("one", "two")),
            Passage("p", ("End.",)),
        )

    def test_changed_menus_become_choices_only_in_a_conversation(self) -> None:
        visitor = Visitor("it", "IT", None)

        assert [] == changes(Session(turns=1), visitor)
        assert ["country:IT", "language:it"] == changes(
            Session(turns=2, language="en", country="GB"), visitor
        )
        assert [] == changes(Session(turns=2, language="it", country="IT"), visitor)

    def test_language_wished_for_wins_over_the_browser_s(self, engine: Engine) -> None:
        assert "it" == negotiate(engine, "it", "fr")
        assert "fr" == negotiate(engine, "xx", "de;q=0, fr;q=0.5")
        assert "en" == negotiate(engine, None, "")
        assert "en" == negotiate(engine, "", ";q=x,,")

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "data:text/html,x", "//x", "", None, "https://a b"]
    )
    def test_only_web_addresses_become_links(self, url: str | None) -> None:
        assert safe_url(url) is None

    def test_only_numbers_are_dialled(self) -> None:
        assert "+44800" == safe_dial("+44800")
        assert safe_dial("1;x=y") is None
