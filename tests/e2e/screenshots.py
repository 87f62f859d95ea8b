"""`make screenshots`: the main screens, as docs/images/ shows them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import launch
from tests.e2e.service import ROOT, Document, Service, Website, shipped
from tests.e2e.steps import URGENT, write

IMAGES = ROOT / "docs" / "images"
PHONE = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1000, "height": 780}}


def _greeting(page: Page) -> None:
    page.wait_for_selector(".panel .menu")


def _topics(page: Page) -> None:
    page.locator(".panel .topic").nth(2).click()
    page.locator(".panel .topic").nth(2).scroll_into_view_if_needed()
    page.locator(".panel .log").evaluate("log => { log.scrollTop = 330; }")
    page.mouse.move(0, 0)


def _urgent(language: str) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        write(page, URGENT[language][1])
        page.locator(".panel .exit").evaluate("one => document.activeElement.blur()")

    return show


def _offline(page: Page) -> None:
    page.route("**/v1/messages", lambda route: route.abort())
    page.fill(".panel textarea", "someone I don't know wants to meet me")
    page.press(".panel textarea", "Enter")
    page.locator(".panel .notice.bad").wait_for()


def _plain(page: Page) -> None:
    page.fill("textarea", URGENT["en"][1])
    page.click(".send")


def _embedded(page: Page) -> None:
    page.wait_for_selector(".launch:visible")
    page.get_by_role("button").click()


SCREENS: list[tuple[str, str, dict[str, Any], Callable[[Page], None]]] = [
    ("greeting", "/?language=en&country=GB", DESK, _greeting),
    ("urgent", "/?language=en&country=GB", DESK, _urgent("en")),
    ("phone", "/?language=it&country=IT", PHONE, _greeting),
    ("topics", "/?language=en&country=IE", PHONE, _topics),
    ("phone-urgent", "/?language=it&country=IT", PHONE, _urgent("it")),
    ("dark", "/?language=fr&country=FR", {**PHONE, "color_scheme": "dark"}, _urgent("fr")),
    ("arabic", "/?language=ar&country=JO", PHONE, _urgent("ar")),
    ("offline", "/?language=en&country=GB", PHONE, _offline),
    ("plain", "/?language=en&country=GB", {**DESK, "java_script_enabled": False}, _plain),
    ("embedded", "SITE", DESK, _embedded),
]


@contextmanager
def _sites() -> Iterator[tuple[Service, Website]]:
    website = Website()
    website.start()
    service = Service(SIGNPOST_CORS=website.url)
    service.start()
    try:
        yield service, website
    finally:
        service.stop()
        website.stop()


def _school(service: Service, website: Website) -> str:
    html = f"""<!doctype html><html lang="en"><title>A school</title><link rel="stylesheet" href="/school.css">
<script src="{service.url}/widget.js" defer></script><main><h1>Our school</h1><p>Lunch is at twelve. The library is open
until five.</p></main><signpost-chat country="IE"></signpost-chat></html>"""
    website.pages["/school.css"] = Document(
        b"body{font:18px/1.6 Georgia,serif;margin:3rem;color:#333;background:#f4f7fa}main{max-width:26rem}",
        "text/css",
    )
    website.pages["/"] = Document(
        html.encode(),
        policy=f"default-src 'none'; style-src 'self'; script-src {service.url}; connect-src {service.url}",
    )
    return website.url + "/"


def _shoot(
    browser: Browser, url: str, name: str, options: dict[str, Any], show: Callable[[Page], None]
) -> None:
    context = browser.new_context(reduced_motion="reduce", **options)
    page = context.new_page()
    page.goto(url)
    if options.get("java_script_enabled", True) and name != "embedded":
        page.wait_for_selector(".panel .menu")
    show(page)
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def main(wanted: list[str]) -> None:
    """Make the screenshots that are *wanted*, or all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _sites() as (service, website), sync_playwright() as playwright:
        browser = launch(playwright)
        school = _school(service, website)
        for name, path, options, show in SCREENS:
            if (wanted and name not in wanted) or (name == "arabic" and "ar" not in shipped()):
                continue
            _shoot(browser, school if path == "SITE" else service.url + path, name, options, show)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
