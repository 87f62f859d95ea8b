"""The REST channel, over real HTTP: the contract that outside clients rely on."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from babel import Locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import Reading
from bot.app import create_app
from bot.engine import Engine
from bot.http import CONVERSATION
from bot.messages import Inbound, Session
from bot.reader import Reader
from bot.settings import Settings
from tests.conftest import NOON

ORIGIN = "https://school.example"


@pytest.fixture(name="client")
async def _client(engine: Engine) -> AsyncIterator[TestClient]:
    settings = Settings.from_environ({"SIGNPOST_RATE": "0", "SIGNPOST_CORS": ORIGIN})
    async with TestClient(TestServer(create_app(settings, engine, clock=lambda: NOON))) as client:
        yield client


async def post(client: TestClient, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = await client.post(
        "/v1/messages", data=data, headers={"Content-Type": "application/json", **headers}
    )
    return response.status, await response.json()


def help_in(body: dict[str, Any]) -> bool:
    return any(block["type"] == "contacts" and block["contacts"] for block in body["reply"])


class TestMessages:
    async def test_answer_has_every_field_of_the_contract(self, client: TestClient) -> None:
        status, body = await post(client, {"text": "someone threatens to leak my nudes", "country": "GB"})

        assert 200 == status
        assert {
            "conversation",
            "outcome",
            "intent",
            "alternatives",
            "language",
            "direction",
            "country",
            "audience",
            "reply",
            "content_version",
        } <= set(body)
        assert ("answered", "sextortion", "urgent") == (
            body["outcome"],
            body["intent"]["id"],
            body["intent"]["severity"],
        )
        assert 0 <= body["intent"]["confidence"] <= 1
        assert ("en", "ltr", "GB", None) == (
            body["language"],
            body["direction"],
            body["country"],
            body["audience"],
        )
        card = next(block for block in body["reply"] if block["type"] == "contacts")["contacts"][0]
        assert {
            "id",
            "name",
            "kind",
            "why",
            "phones",
            "text",
            "url",
            "report_url",
            "chat_url",
            "hours",
            "open_now",
            "opens_at",
            "languages",
            "anonymous",
            "verified_on",
        } <= set(card)
        assert all({"title", "choice"} <= set(one) for one in body["reply"][-1]["choices"])

    async def test_conversation_token_carries_the_country_on(self, client: TestClient) -> None:
        _, first = await post(client, {"text": "someone threatens to leak my nudes", "country": "IT"})

        _, second = await post(
            client, {"text": "how do i make a strong password", "conversation": first["conversation"]}
        )

        assert "IT" == second["country"]

    async def test_forged_conversation_begins_a_new_one(self, client: TestClient) -> None:
        status, body = await post(client, {"text": "hello", "conversation": "forged"})

        assert 200 == status
        assert "not a person" in body["reply"][0]["text"]

    async def test_a_tapped_choice_is_answered(self, client: TestClient) -> None:
        _, body = await post(client, {"choice": "intent:keep_evidence"})

        assert ("answered", "keep_evidence", 1.0) == (
            body["outcome"],
            body["intent"]["id"],
            body["intent"]["confidence"],
        )

    async def test_hints_in_any_case_are_read(self, client: TestClient) -> None:
        _, body = await post(client, {"choice": "help", "country": "it", "language": "IT-ch"})

        assert ("IT", "it") == (body["country"], body["language"])


BAD = {
    "no JSON": (b"{", 400),
    "empty body": (b"", 400),
    "not an object": (b"[1]", 422),
    "text is a number": (b'{"text": 5, "country": "IT"}', 422),
    "text is null and no choice": (b'{"text": null}', 422),
    "empty text": (b'{"text": ""}', 422),
    "too long a text": (json.dumps({"text": "a" * 4001}).encode(), 422),
    "lone surrogate": (b'{"text": "\\ud800"}', 400),
    "invalid UTF-8": (b'{"text": "\xff"}', 400),
    "NUL": (b'{"text": "a\\u0000b"}', 422),
    "unknown country": (b'{"text": "hi", "country": "ZZ"}', 422),
    "country is a name": (b'{"text": "hi", "country": "Italy"}', 422),
    "language is nonsense": (b'{"text": "hi", "language": "??"}', 422),
    "audience is nonsense": (b'{"text": "hi", "audience": "dog"}', 422),
    "deep nesting": (b'{"x":' * 2500 + b"1" + b"}" * 2500, 400),
    "a megabyte": (b'{"text": "' + b"a" * 1_000_000 + b'"}', 413),
    "escaped emoji": (json.dumps({"text": "\U0001f600" * 4000}).encode(), 413),
}


class TestBadInput:
    @pytest.mark.parametrize("name", BAD)
    async def test_is_a_clear_problem_with_help_and_the_service_goes_on(
        self, client: TestClient, name: str
    ) -> None:
        body, status = BAD[name]

        answered, problem = await post(client, body)

        assert status == answered
        assert problem["title"] and problem["detail"]
        assert help_in(problem)
        assert 200 == (await post(client, {"text": "hi"}))[0]

    async def test_help_is_of_the_country_and_language_that_are_known(self, client: TestClient) -> None:
        _, problem = await post(client, {"text": 5, "country": "FR", "language": "fr"})

        assert "fr-emergency-112" == problem["reply"][0]["contacts"][0]["id"]
        assert [{"field": "text", "message": "Expected `str | null`, got `int`"}] == problem["errors"]

    @pytest.mark.parametrize(
        "text", ["\U0001f600" * 3900, "a" + "\u0301" * 3900, "\u202eabc\u202d" * 50, " \n\t ", "?" * 4000]
    )
    async def test_strange_text_is_answered(self, client: TestClient, text: str) -> None:
        data = json.dumps({"text": text}, ensure_ascii=False).encode()

        status, body = await post(client, data)

        assert 200 == status
        assert body["reply"]

    async def test_another_media_type_is_told_so(self, client: TestClient) -> None:
        status, problem = await post(client, {"text": "hi"}, **{"Content-Type": "text/plain"})

        assert 415 == status
        assert help_in(problem)

    async def test_a_huge_header_gets_help_too(self, client: TestClient) -> None:
        response = await client.post(
            "/v1/messages", data=b"{}", headers={"Content-Type": "application/json", "X-Big": "a" * 1_000_000}
        )

        assert 400 <= response.status < 500

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        body=st.binary(max_size=400)
        | st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=40),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(
                        ["text", "choice", "conversation", "language", "country", "audience", "x"]
                    ),
                    inner,
                    max_size=6,
                )
            ),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
    )
    async def test_nothing_breaks_it(self, engine: Engine, body: bytes) -> None:
        app = create_app(Settings.from_environ({"SIGNPOST_RATE": "0"}), engine, clock=lambda: NOON)
        async with TestClient(TestServer(app)) as client:
            status, answered = await post(client, body)

        assert status in (200, 400, 413, 422)
        assert answered["reply"]


class TestDirectory:
    async def test_every_country_code_answers(self, client: TestClient) -> None:
        codes = [
            code
            for code in Locale("en").territories
            if len(code) == 2 and code not in ("EU", "EZ", "UN", "QO", "ZZ", "XA", "XB")
        ]
        listed = {one["country"] for one in (await (await client.get("/v1/countries")).json())["countries"]}

        assert len(listed) >= 249
        for code in sorted(listed & set(codes)):
            response = await client.get("/v1/contacts", params={"country": code})
            assert 200 == response.status, code
            assert (await response.json())["contacts"], code

    @pytest.mark.parametrize("code", ["ZZ", "XX", "QQ"])
    async def test_a_code_that_does_not_exist_is_not_found(self, client: TestClient, code: str) -> None:
        response = await client.get("/v1/contacts", params={"country": code})

        assert 404 == response.status
        assert help_in(await response.json())

    async def test_need_may_be_an_intent_a_kind_or_a_subject(self, client: TestClient) -> None:
        for need in ("sextortion", "police", "self_harm", "worried_own_behaviour"):
            response = await client.get(
                "/v1/contacts", params={"country": "IT", "need": need, "language": "it"}
            )
            assert 200 == response.status, need

        assert 422 == (await client.get("/v1/contacts", params={"country": "IT", "need": "pizza"})).status


class TestLists:
    async def test_menu_names_every_intent_in_the_language(self, client: TestClient, engine: Engine) -> None:
        body = await (await client.get("/v1/intents", params={"language": "it"})).json()

        assert set(engine.library.intents) == {one["id"] for one in body["intents"]}
        assert all(one["title"] and one["topic"] and one["severity"] for one in body["intents"])

    async def test_languages_are_the_live_ones(self, client: TestClient, engine: Engine) -> None:
        body = await (await client.get("/v1/languages")).json()

        assert list(engine.library.live) == [one["language"] for one in body["languages"]]

    async def test_countries_are_named_in_the_language(self, client: TestClient) -> None:
        body = await (await client.get("/v1/countries", params={"language": "it"})).json()

        assert {"country": "CH", "name": "Svizzera"} in body["countries"]


class TestAround:
    async def test_feedback_counts_a_thumb_and_nothing_else(self, client: TestClient) -> None:
        _, body = await post(client, {"text": "hello"})

        response = await client.post(
            "/v1/feedback", json={"conversation": body["conversation"], "helpful": True}
        )

        assert 200 == response.status
        assert 'signpost_feedback_total{helpful="yes"} 1.0' in await (await client.get("/metrics")).text()

    async def test_origins_on_the_list_may_call_and_others_not(self, client: TestClient) -> None:
        asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        allowed = await client.options("/v1/messages", headers={"Origin": ORIGIN, **asks})
        other = await client.options("/v1/messages", headers={"Origin": "https://evil.example", **asks})
        answer = await client.get("/v1/languages", headers={"Origin": ORIGIN})

        assert ORIGIN == allowed.headers["Access-Control-Allow-Origin"]
        assert "Access-Control-Allow-Origin" not in other.headers
        assert ORIGIN == answer.headers["Access-Control-Allow-Origin"]

    @pytest.mark.parametrize("path", ["/healthz", "/v1/languages", "/nowhere"])
    async def test_security_headers_are_everywhere(self, client: TestClient, path: str) -> None:
        response = await client.get(path)

        assert "nosniff" == response.headers["X-Content-Type-Options"]
        assert "no-store" == response.headers["Cache-Control"]
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "no-referrer" == response.headers["Referrer-Policy"]

    async def test_too_many_messages_get_a_wait_and_help(self, engine: Engine) -> None:
        app = create_app(Settings.from_environ({"SIGNPOST_RATE": "2"}), engine, clock=lambda: NOON)
        async with TestClient(TestServer(app)) as client:
            statuses = [(await post(client, {"text": "i want to die", "country": "FR"}))[0] for _ in range(3)]
            response = await client.post("/v1/messages", json={"text": "i want to die", "country": "FR"})
            body = await response.json()

        assert [200, 200, 429] == statuses
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        assert "fr-emergency-112" == body["reply"][0]["contacts"][0]["id"]

    async def test_forwarding_header_counts_only_from_a_trusted_proxy(self, engine: Engine) -> None:
        for trusted, expected in (("", 429), ("127.0.0.0/8", 200)):
            environ = {"SIGNPOST_RATE": "1", "SIGNPOST_TRUSTED_PROXIES": trusted}
            app = create_app(Settings.from_environ(environ), engine, clock=lambda: NOON)
            async with TestClient(TestServer(app)) as client:
                await post(client, {"text": "hi"}, **{"X-Forwarded-For": "203.0.113.1"})
                status, _ = await post(client, {"text": "hi"}, **{"X-Forwarded-For": "203.0.113.2"})
            assert expected == status

    async def test_openapi_describes_every_field_and_route(self, client: TestClient) -> None:
        document = await (await client.get("/openapi.json")).json()

        assert {"/v1/messages", "/v1/contacts", "/v1/intents", "/v1/feedback", "/healthz", "/metrics"} <= set(
            document["paths"]
        )
        fields = document["components"]["schemas"]["MessageRequest"]["properties"]
        assert {"text", "choice", "conversation", "language", "country", "audience"} == set(fields)

    async def test_ready_until_a_shutdown_begins(self, engine: Engine) -> None:
        app = create_app(Settings.from_environ({}), engine)
        async with TestClient(TestServer(app)) as client:
            assert 200 == (await client.get("/readyz")).status
            await app.shutdown()
            assert 503 == (await client.get("/readyz")).status


class SlowReader:
    """Reads when it is told to; everything else is left to the real reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.begun, self.go = asyncio.Event(), asyncio.Event()
        self.warm_up = reader.warm_up

    async def read(self, inbound: Inbound, session: Session) -> Reading:
        self.begun.set()
        await self.go.wait()
        return await self._reader.read(inbound, session)


def engine_with(engine: Engine, reader: object, version: str) -> Engine:
    library = msgspec.structs.replace(engine.library, version=version)
    return Engine(library, engine.renderer, reader, lambda: NOON, engine.explain)  # type: ignore[arg-type]  # stands in for a Reader


async def test_an_answer_names_the_content_it_was_made_from_though_new_content_came_meanwhile(
    engine: Engine,
) -> None:
    slow = SlowReader(engine.reader)
    app = create_app(Settings.from_environ({}), engine_with(engine, slow, "old"), clock=lambda: NOON)
    async with TestClient(TestServer(app)) as client:
        asking = asyncio.create_task(post(client, {"text": "someone threatens to leak my nudes"}))
        await slow.begun.wait()
        app[CONVERSATION].engine = engine_with(engine, engine.reader, "new")
        slow.go.set()

        assert "old" == (await asking)[1]["content_version"]
        assert "new" == (await post(client, {"text": "hello"}))[1]["content_version"]


async def test_a_message_leaves_no_trace_in_logs_or_metrics(
    engine: Engine, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    canary = "zqxcanary7391"
    app = create_app(Settings.from_environ({"SIGNPOST_RATE": "0"}), engine, clock=lambda: NOON)
    async with TestClient(TestServer(app)) as client:
        for body in (
            {"text": f"help {canary} wants my nudes"},
            {"text": 5, "x": canary},
            {"text": canary, "country": "ZZ"},
            {"choice": canary},
            {"text": "hi", "language": canary * 5},
        ):
            await post(client, body)
        await post(client, f'{{"text": "{canary}'.encode())
        async with ClientSession() as session:
            await session.get(client.make_url(f"/v1/{canary}?q={canary}"))
        metrics = await (await client.get("/metrics")).text()

    captured = capsys.readouterr()
    assert canary not in metrics
    assert canary not in captured.out + captured.err + caplog.text
