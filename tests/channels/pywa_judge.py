"""pywa as a judge: what it would send to WhatsApp for the same facts."""

from typing import Any, Self

import httpx
import msgspec
from pywa import WhatsApp
from pywa.types import Button, Section, SectionList, SectionRow

from tests.channels.recorder import text_of


class PywaJudge:
    """A client of pywa's whose requests go nowhere."""

    def __enter__(self) -> Self:
        self._sent: list[dict[str, Any]] = []
        self._session = httpx.Client(transport=httpx.MockTransport(self._take))
        self._client = WhatsApp(phone_id="1", token="t", session=self._session)
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def sends(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Let pywa build the same message from the same facts."""
        self._client.send_message(payload["to"], text_of(payload), buttons=_buttons(payload))
        return self._sent.pop()

    def _take(self, request: httpx.Request) -> httpx.Response:
        body = msgspec.json.decode(request.content)
        self._sent.append(body)
        contact = {"input": body["to"], "wa_id": body["to"]}
        answer = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": "w"}]}
        return httpx.Response(200, json=answer)


def _buttons(payload: dict[str, Any]) -> Any:
    if payload["type"] != "interactive":
        return None
    action = payload["interactive"]["action"]
    if payload["interactive"]["type"] == "button":
        return [Button(one["reply"]["title"], one["reply"]["id"]) for one in action["buttons"]]
    [section] = action["sections"]
    rows = [SectionRow(row["title"], row["id"], row.get("description")) for row in section["rows"]]
    return SectionList(action["button"], [Section(section["title"], rows)])
