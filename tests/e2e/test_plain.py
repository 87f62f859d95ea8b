"""The page with scripts off: the same answers, as an ordinary form."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.service import shipped
from tests.e2e.steps import URGENT, dials

Visit = Callable[..., Page]


@pytest.fixture(name="plain")
def _plain(visit: Visit) -> Callable[[str], Page]:
    return lambda path: visit(path, ready="", java_script_enabled=False)


@pytest.mark.parametrize("language", sorted(shipped()))
def test_urgent_question_is_answered_with_contacts(plain: Callable[[str], Page], language: str) -> None:
    country, question = URGENT[language]
    page = plain(f"/?language={language}&country={country}")

    page.fill("textarea", question)
    page.click(".send")

    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", shipped()[language]["direction"])
    expect(page.locator(".said")).to_contain_text(question)
    expect(page.locator(".reply .card").first).to_be_visible()
    assert dials(page.locator(".pinned"))


def test_help_stays_and_the_conversation_goes_on(plain: Callable[[str], Page]) -> None:
    page = plain("/?language=en&country=GB")
    page.fill("textarea", URGENT["en"][1])
    page.click(".send")
    page.locator(".choices button").first.click()
    expect(page.locator(".reply")).not_to_contain_text("I am an automated guide")

    page.fill("textarea", "how do I make a strong password")
    page.click(".send")

    expect(page.locator(".pinned a[href='tel:999']")).to_be_visible()


def test_topics_lead_to_answers(plain: Callable[[str], Page]) -> None:
    page = plain("/?language=en&country=GB")

    page.locator(".menu button").nth(2).click()
    page.locator(".reply .choices button").first.click()

    expect(page.locator(".reply p").first).to_be_visible()
    expect(page.locator(".said")).not_to_be_empty()


def test_country_and_language_are_changed_for_the_last_answer(plain: Callable[[str], Page]) -> None:
    page = plain("/?language=en&country=GB")
    page.fill("textarea", URGENT["en"][1])
    page.click(".send")

    page.locator(".place select").nth(1).select_option("IT")
    page.locator(".place select").first.select_option("it")
    page.locator(".place button").click()

    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.locator(".pinned a[href='tel:112']")).to_be_visible()
    expect(page.locator("a[href='tel:999']")).to_have_count(0)


def test_way_out_is_a_link(plain: Callable[[str], Page]) -> None:
    page = plain("/?language=en&country=GB")

    page.get_by_role("link", name="Leave quickly").click()

    page.wait_for_url("https://www.google.com/")


def test_fits_a_narrow_phone(visit: Visit) -> None:
    page = visit(
        "/?language=en&country=GB",
        ready="",
        java_script_enabled=False,
        viewport={"width": 320, "height": 640},
    )
    page.fill("textarea", URGENT["en"][1])
    page.click(".send")

    for one in page.locator("main, .card, form").all():
        box = one.bounding_box()
        assert box
        assert 320 >= box["x"] + box["width"]
