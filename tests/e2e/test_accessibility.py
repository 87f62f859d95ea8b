"""axe-core on every screen, in light, dark and right-to-left; nothing that it finds is excused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import URGENT, tap, violations, write

Visit = Callable[..., Page]
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "contrast": {"forced_colors": "active"},
}


def greeting(page: Page) -> None:
    expect(page.locator(".panel .msg").first).to_be_visible()


def topics(page: Page) -> None:
    for topic in page.locator(".panel .topic").all():
        topic.click()


def urgent(page: Page) -> None:
    write(page, URGENT["ar" if page.locator(".panel[dir=rtl]").count() else "en"][1])
    expect(page.locator(".panel .pinned")).to_be_visible()


def advice(page: Page) -> None:
    answer = write(page, "how do I make a strong password")
    page.locator(".panel .thumbs button").first.click()
    tap(page, answer.locator(".choices button").last)


def clarified(page: Page) -> None:
    write(page, "qwertz asdf")


def failed(page: Page) -> None:
    page.route("**/v1/messages", lambda route: route.abort())
    page.fill(".panel textarea", "is anybody there")
    page.press(".panel textarea", "Enter")
    page.get_by_role("status").first.wait_for()
    page.locator(".panel .notice.bad").wait_for()


SCREENS = [greeting, topics, urgent, advice, clarified, failed]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("look", LOOKS)
def test_no_violation(visit: Visit, axe: str, look: str, screen: Callable[[Page], None]) -> None:
    page = visit(bypass_csp=True, **LOOKS[look])

    screen(page)

    assert [] == violations(page, axe)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_from_right_to_left(
    arabic: Page, axe: str, scheme: str, screen: Callable[[Page], None]
) -> None:
    arabic.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    screen(arabic)

    assert [] == violations(arabic, axe)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_on_a_school_s_page(visit: Visit, embedded: str, axe: str, scheme: str) -> None:
    page = visit(embedded, ready=".launch:visible", bypass_csp=True, color_scheme=scheme)
    assert [] == violations(page, axe)

    page.get_by_role("button", name="Ask for help").click()
    write(page, URGENT["en"][1])

    assert [] == violations(page, axe)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_no_violation_on_the_page_without_the_widget(
    visit: Visit, axe: str, scheme: str, direction: str
) -> None:
    """Scripts are on, so that axe can run; the widget's is not let through."""
    page = visit("/healthz", ready="", bypass_csp=True, color_scheme=scheme)
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(page.url.replace("/healthz", "/?language=en&country=GB"))
    page.evaluate("dir => { document.documentElement.dir = dir }", direction)
    assert [] == violations(page, axe)

    page.fill("textarea", URGENT["en"][1])
    page.click(".send")
    page.evaluate("dir => { document.documentElement.dir = dir }", direction)

    expect(page.locator(".pinned")).to_be_visible()
    assert [] == violations(page, axe)
