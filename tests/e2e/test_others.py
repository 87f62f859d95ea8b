"""Front ends that others made, unchanged: deep-chat from npm on the API and on Rasa's format."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import MODULES, modules
from tests.e2e.service import ROOT, Document, Service, Website
from tests.e2e.steps import URGENT

Visit = Callable[..., Page]
GUIDE = ROOT / "docs" / "widgets.md"


def example(name: str) -> str:
    """The code under *name* in the guide: what is documented is what is tested."""
    found = re.search(
        rf"<!-- tested: {name} -->\s*```html\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert found, f"docs/widgets.md has no example {name}"
    return found[1]


def bundle() -> bytes:
    modules()
    return Path(MODULES / "deep-chat" / "dist" / "deepChat.bundle.js").read_bytes()


@pytest.mark.parametrize("name", ["deep-chat", "deep-chat-rasa"])
def test_deep_chat_holds_a_conversation(visit: Visit, service: Service, website: Website, name: str) -> None:
    policy = f"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; connect-src {service.url}; img-src data:"
    website.pages["/deepChat.bundle.js"] = Document(bundle(), "text/javascript")
    html = example(name).replace("https://signpost.example", service.url)
    website.pages[f"/{name}"] = Document(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A school</title>{html}</html>'.encode(),
        policy=policy,
    )
    page = visit(f"{website.url}/{name}", ready="deep-chat #text-input")
    box = page.locator("deep-chat #text-input")

    box.press_sequentially(URGENT["en"][1])
    box.press("Enter")
    said = page.locator("deep-chat .ai-message-text")
    expect(said.filter(has_text="send nothing more").first).to_be_visible()
    answers = said.count()
    links = page.locator("deep-chat a[href='tel:999']")
    if name == "deep-chat":
        expect(links.first).to_be_visible()

    button = page.locator("deep-chat .deep-chat-suggestion-button, deep-chat .deep-chat-button").first
    title = button.inner_text()
    button.click()
    expect(page.locator("deep-chat .user-message-text").last).to_contain_text(title)
    expect(said.nth(answers)).to_be_visible()
