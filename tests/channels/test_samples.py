"""Every oddity that a platform sends: the platform's own models take our samples, and we answer as we should."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiogram.types import Update
from pywa import WhatsApp
from pywa.types import RawUpdate

from bot.channels import messenger, telegram, whatsapp
from tests.channels.conftest import MESSAGING, Service
from tests.channels.recorder import PHONE_ID

SAMPLES = Path(__file__).parent / "samples"


def samples(channel: str) -> list[Any]:
    paths = sorted((SAMPLES / channel).glob("*.json"))
    return [pytest.param(json.loads(path.read_text("utf-8")), id=path.stem) for path in paths]


@pytest.mark.parametrize("sample", samples("telegram"))
def test_telegram_samples_are_updates_and_are_read_as_such(sample: dict[str, Any]) -> None:
    Update.model_validate(sample["body"])

    assert sample["answered"] == (telegram.parse(sample["body"]) is not None)


@pytest.mark.parametrize("sample", samples("whatsapp"))
def test_whatsapp_samples_are_updates_and_are_read_as_such(sample: dict[str, Any]) -> None:
    body = json.dumps(sample["body"]).encode()
    with httpx.Client() as session:
        client = WhatsApp(phone_id=PHONE_ID, token="t", session=session, filter_updates=False)
        update = RawUpdate(body, hmac_header=None, update_hash="x")
        handler = client._get_handler_type(update)
        if handler is not None:
            client._handlers_to_updates[handler].from_update(client=client, update=update)

    assert handler is not None
    assert sample["answered"] == len(whatsapp.parse(sample["body"], PHONE_ID))


@pytest.mark.parametrize("sample", samples("messenger"))
def test_messenger_samples_are_read_as_such(sample: dict[str, Any]) -> None:
    assert sample["answered"] == len(messenger.parse(sample["body"]))


@pytest.mark.parametrize(
    ("channel", "sample"),
    [
        pytest.param(channel, *one.values, id=f"{channel}-{one.id}")
        for channel in MESSAGING
        for one in samples(channel)
    ],
)
async def test_each_sample_is_answered_over_http(
    service: Service, channel: str, sample: dict[str, Any]
) -> None:
    status = await service.deliver(channel, sample["body"])

    answered = {json.dumps(who) for _, who, _ in service.recorder.sent}
    assert 200 == status
    assert bool(sample["answered"]) == bool(answered)
    assert not service.recorder.complaints
