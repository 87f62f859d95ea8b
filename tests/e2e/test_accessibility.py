"""axe-core on every screen, in light, dark and right-to-left; nothing that it finds is excused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import COLOURS, URGENT, tap, violations, write

Visit = Callable[..., Page]


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


def nothing_found(page: Page, axe: str, *, forced: bool = True) -> None:
    """By all rules in light colours, then by those that see colours in the others."""
    assert [] == violations(page, axe)
    page.emulate_media(color_scheme="dark")
    assert [] == violations(page, axe, COLOURS), "dark"
    page.emulate_media(color_scheme="light")
    if forced:
        page.emulate_media(forced_colors="active")
        assert [] == violations(page, axe, COLOURS), "forced"
        page.emulate_media(forced_colors="none")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("width", [1000, 320])
def test_no_violation(visit: Visit, axe: str, width: int, screen: Callable[[Page], None]) -> None:
    page = visit(bypass_csp=True, viewport={"width": width, "height": 640})

    screen(page)

    nothing_found(page, axe)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.__name__)
def test_no_violation_from_right_to_left(arabic: Page, axe: str, screen: Callable[[Page], None]) -> None:
    screen(arabic)

    nothing_found(arabic, axe)


def test_no_violation_on_a_school_s_page(visit: Visit, embedded: str, axe: str) -> None:
    page = visit(embedded, ready=".launch:visible", bypass_csp=True)
    nothing_found(page, axe)

    page.get_by_role("button", name="Ask for help").click()
    write(page, URGENT["en"][1])

    nothing_found(page, axe)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_no_violation_on_the_page_without_the_widget(visit: Visit, axe: str, direction: str) -> None:
    """Scripts are on, so that axe can run; the widget's is not let through."""
    page = visit("/healthz", ready="", bypass_csp=True)
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(page.url.replace("/healthz", "/?language=en&country=GB"))
    page.evaluate("dir => { document.documentElement.dir = dir }", direction)
    nothing_found(page, axe, forced=False)

    page.fill("textarea", URGENT["en"][1])
    page.click(".send")
    page.evaluate("dir => { document.documentElement.dir = dir }", direction)

    expect(page.locator(".pinned")).to_be_visible()
    nothing_found(page, axe, forced=False)
