"""Requests that no platform sent: none accepted, none crashes, each counted."""

import io
import json
from collections.abc import Callable

import pytest

from bot.app import create_app
from bot.engine import Engine
from bot.settings import Settings
from tests.channels.conftest import MESSAGING, Service
from tests.channels.platforms import VERIFY_TOKEN, environ, headers_for, text_update

META = ("whatsapp", "messenger")
_SIGNATURE = {"telegram": "X-Telegram-Bot-Api-Secret-Token"}


async def post(service: Service, channel: str, body: bytes, headers: dict[str, str]) -> int:
    url = f"{service.url}/webhooks/{channel}"
    async with service.client.post(url, data=io.BytesIO(body), headers=headers) as response:
        await response.read()
        return response.status


def genuine(channel: str) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(text_update(channel, "447700900123", "hello")).encode()
    return body, headers_for(channel, body)


def header(channel: str) -> str:
    return _SIGNATURE.get(channel, "X-Hub-Signature-256")


@pytest.mark.parametrize("channel", MESSAGING)
class TestForged:
    async def refused(self, service: Service, channel: str, body: bytes, headers: dict[str, str]) -> None:
        status = await post(service, channel, body, headers)

        reason = "secret" if channel == "telegram" else "signature"
        assert status in (401, 403)
        assert not service.recorder.sent
        assert 1 == service.count(f'signpost_rejected_total{{channel="{channel}",reason="{reason}"}}')

    async def test_unsigned(self, service: Service, channel: str) -> None:
        body, _ = genuine(channel)
        await self.refused(service, channel, body, {"Content-Type": "application/json"})

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "wrong",
            "sha256=",
            "sha256=" + "0" * 64,
            "sha1=" + "0" * 40,
            "ünïcode-ß",
            "sha256=\u0661" * 10,
            "x" * 5000,
        ],
    )
    async def test_wrongly_signed(self, service: Service, channel: str, value: str) -> None:
        body, headers = genuine(channel)
        await self.refused(service, channel, body, {**headers, header(channel): value})

    async def test_the_legacy_signature_alone(self, service: Service, channel: str) -> None:
        body, headers = genuine(channel)
        del headers[header(channel)]
        await self.refused(service, channel, body, {**headers, "X-Hub-Signature": "sha1=" + "0" * 40})

    async def test_oversized(self, service: Service, channel: str) -> None:
        body = b'{"x":"' + b"a" * (3 * 1024 * 1024 + 10) + b'"}'
        status = await post(service, channel, body, headers_for(channel, body))

        assert 413 == status
        assert 1 == service.count(f'signpost_rejected_total{{channel="{channel}",reason="oversized"}}')

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b"1e999",
            b'"text"',
            b"\xff\xfe{",
            b"[" * 5000,
            b'{"update_id":{}}',
            b'{"entry":[{"changes":[null]}],"object":[]}',
            b'{"update_id":1,"message":{"chat":7,"from":"x","text":[]}}',
        ],
    )
    async def test_nonsense_that_is_signed_does_no_harm(
        self, service: Service, channel: str, body: bytes
    ) -> None:
        status = await post(service, channel, body, headers_for(channel, body))

        assert status in (200, 400)
        assert not service.recorder.sent

    async def test_a_wrong_method(self, service: Service, channel: str) -> None:
        async with service.client.put(f"{service.url}/webhooks/{channel}") as response:
            assert 405 == response.status


@pytest.mark.parametrize("channel", META)
class TestMeta:
    async def test_a_body_that_was_changed_or_cut(self, service: Service, channel: str) -> None:
        body, headers = genuine(channel)

        assert 403 == await post(service, channel, body[:-2], headers)
        assert 403 == await post(service, channel, body.replace(b"hello", b"hella"), headers)
        assert 2 == service.count(f'signpost_rejected_total{{channel="{channel}",reason="signature"}}')

    async def test_a_replay_is_not_answered_again(self, service: Service, channel: str) -> None:
        body, headers = genuine(channel)
        await post(service, channel, body, headers)
        before = len(service.recorder.sent)

        assert 200 == await post(service, channel, body, headers)
        assert before == len(service.recorder.sent)

    async def test_the_handshake(self, service: Service, channel: str) -> None:
        async def shake(token: str, mode: str = "subscribe") -> tuple[int, str, str]:
            query = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": "1158201444"}
            async with service.client.get(f"{service.url}/webhooks/{channel}", params=query) as response:
                return response.status, response.content_type, await response.text()

        assert (200, "text/plain", "1158201444") == await shake(VERIFY_TOKEN)
        assert [403, 403, 403] == [
            (await shake("wrong"))[0],
            (await shake(VERIFY_TOKEN, "unsubscribe"))[0],
            (await shake("tökén"))[0],
        ]
        async with service.client.get(f"{service.url}/webhooks/{channel}") as response:
            assert 403 == response.status


async def test_a_cut_telegram_update_comes_again(service: Service) -> None:
    body, headers = genuine("telegram")

    assert 400 == await post(service, "telegram", body[:-2], headers)
    assert 1 == service.count('signpost_rejected_total{channel="telegram",reason="malformed"}')


@pytest.mark.parametrize("channel", [*MESSAGING, "rest/webhook"])
async def test_without_its_secrets_a_channel_has_no_route(engine: Engine, channel: str) -> None:
    app = create_app(Settings.from_environ({}), engine)

    assert not [one for one in app.router.resources() if one.canonical.endswith(f"/webhooks/{channel}")]


async def test_one_channel_does_not_open_another(serve: Callable[..., object]) -> None:
    service = await serve("telegram")
    body, headers = genuine("whatsapp")

    assert 404 == await post(service, "whatsapp", body, headers)
    assert environ("x", "telegram").keys().isdisjoint({"SIGNPOST_WHATSAPP_TOKEN"})
