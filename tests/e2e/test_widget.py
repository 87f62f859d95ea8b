"""The widget in a real browser, as a frightened child meets it."""

import json
import urllib.request
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NEUTRAL
from tests.e2e.service import Service, shipped
from tests.e2e.steps import URGENT, dials, overflow, tap, write

Visit = Callable[..., Page]
KIB = 1000
ANSWER = """() => new Promise(done => {
  const root = document.querySelector('.panel, signpost-chat').shadowRoot;
  const log = root.querySelector('.log .in');
  const begun = performance.now();
  new MutationObserver((_, watch) => {
    watch.disconnect();
    log.getBoundingClientRect();
    requestAnimationFrame(() => done(performance.now() - begun));
  }).observe(log, {childList: true});
  [...root.querySelectorAll('.menu ul ul button')][INDEX].click();
})"""


def get(service: Service, path: str) -> Any:
    with urllib.request.urlopen(service.url + path) as response:  # noqa: S310 - our own service
        return json.load(response)


class Scales:
    """Weighs what comes over the wire, headers included."""

    def __init__(self, page: Page) -> None:
        self._sizes: dict[str, float] = {}
        self._names: dict[str, str] = {}
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.requestWillBeSent", self._asked)
        wire.on("Network.loadingFinished", self._arrived)

    def _asked(self, event: Any) -> None:
        self._names[event["requestId"]] = event["request"]["url"]

    def _arrived(self, event: Any) -> None:
        self._sizes[event["requestId"]] = event["encodedDataLength"]

    def of(self, origin: str) -> int:
        """Give the bytes from *origin* since the last weighing."""
        found = round(sum(size for one, size in self._sizes.items() if self._names[one].startswith(origin)))
        self._sizes.clear()
        return found


class TestFirstVisit:
    def test_greeting_says_what_it_is_and_what_it_keeps(self, visit: Visit, service: Service) -> None:
        page = visit()
        start = get(service, "/v1/widget?language=en&country=GB")

        greeting = page.locator(".panel .msg").first
        for line in (start["introduction"], start["strings"]["privacy"], start["strings"]["exit_hint"]):
            expect(greeting).to_contain_text(line)
        expect(page.locator(".panel")).to_have_attribute("lang", "en")
        assert "GB" == page.locator(".panel .place select").nth(1).input_value()

    def test_nothing_is_stored_and_nobody_else_is_asked(self, visit: Visit, service: Service) -> None:
        page = visit(ready="")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        page.wait_for_selector(".panel .menu")
        write(page, "someone is bullying me")

        assert asked
        assert all(url.startswith((service.url, "data:")) for url in asked)
        assert [] == page.context.cookies()
        kept = "() => [localStorage.length, sessionStorage.length, document.cookie.length]"
        assert [0, 0, 0] == page.evaluate(kept)
        assert [] == page.evaluate("async () => (await indexedDB.databases()).map(one => one.name)")
        assert 0 == page.evaluate("async () => (await caches.keys()).length")
        assert "conversation" not in page.url

    @pytest.mark.parametrize("language", sorted(shipped()))
    def test_first_load_is_small(
        self, visit: Visit, service: Service, embedded: str, language: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        page = visit("about:blank", ready="")
        weigh = Scales(page)
        page.goto(embedded if language == "en" else f"{embedded}/{language}")
        page.wait_for_selector(".launch:visible")
        widget = weigh.of(service.url)
        page.goto(f"{service.url}/?language={language}&country=GB")
        page.wait_for_selector(".panel .menu")
        with capsys.disabled():
            print(f"\nfirst load, {language}: {widget}; with the page {weigh.of(service.url)}")  # noqa: T201

        assert 20 * KIB >= widget

    def test_every_intent_is_reached_without_typing(self, visit: Visit, service: Service) -> None:
        page = visit()
        offered = {
            choice["choice"].removeprefix("intent:")
            for topic in get(service, "/v1/widget?language=en")["topics"]
            for choice in topic["choices"]
        }
        for topic in page.locator(".panel .topic").all():
            topic.click()
            expect(topic).to_have_attribute("aria-expanded", "true")

        assert {one["id"] for one in get(service, "/v1/intents")["intents"]} == offered
        assert len(offered) == page.locator(".panel .menu ul ul button:visible").count()


class TestUrgent:
    @pytest.mark.parametrize("language", sorted(shipped()))
    def test_contacts_of_the_country_come_first_in_the_language(
        self, visit: Visit, service: Service, language: str
    ) -> None:
        country, question = URGENT[language]
        page = visit(f"/?language={language}&country={country}")

        answer = write(page, question)

        expect(answer).to_have_attribute("lang", language)
        expect(answer).to_have_attribute("dir", shipped()[language]["direction"])
        expect(answer.locator(".card").first).to_be_visible()
        order = answer.evaluate("one => [...one.querySelectorAll('.cards, ol')].map(each => each.localName)")
        assert "ul" == order[0]
        listed = get(service, f"/v1/contacts?country={country}&need=sextortion&language={language}")
        everybody = {
            phone["dial"]
            for need in ("police", "takedown", "child_helpline", "crisis", "sextortion")
            for one in get(service, f"/v1/contacts?country={country}&need={need}")["contacts"]
            for phone in one["phones"]
        }
        assert set(dials(answer)) <= everybody
        emergency = {
            phone["dial"]
            for one in listed["contacts"]
            if one["kind"] == "emergency"
            for phone in one["phones"]
        }
        assert set(dials(page.locator(".panel .pinned"))) & emergency

    def test_help_stays_in_sight_while_the_chat_goes_on(self, visit: Visit) -> None:
        page = visit()
        write(page, URGENT["en"][1])
        pinned = page.locator(".panel .pinned")
        expect(pinned).to_be_visible()

        write(page, "how do I make a strong password")

        expect(pinned).to_be_in_viewport()
        assert dials(pinned)
        pinned.get_by_role("button").click()
        expect(pinned.locator("a").first).to_be_hidden()
        pinned.get_by_role("button").click()
        expect(pinned.locator("a").first).to_be_visible()

    def test_another_language_turns_the_page(self, visit: Visit) -> None:
        page = visit("/?language=en&country=IT")

        answer = write(page, "mi ricatta: se non pago pubblica le mie foto nuda, ho paura")

        expect(answer).to_have_attribute("lang", "it")
        expect(page.locator(".panel")).to_have_attribute("lang", "it")
        assert "it" == page.locator(".panel .place select").first.input_value()

    def test_contacts_are_big_enough_to_hit(self, visit: Visit) -> None:
        page = visit(viewport={"width": 360, "height": 640})
        write(page, URGENT["en"][1])

        for link in page.locator(".panel a:visible:not(.skip)").all():
            box = link.bounding_box()
            assert box
            assert 44 <= min(box["width"], box["height"]), link.inner_text()
        for button in page.locator(".panel button:visible, .panel select:visible").all():
            box = button.bounding_box()
            assert box
            assert 24 <= min(box["width"], box["height"]), button.inner_text()


class TestChoices:
    def test_tapped_topic_is_answered(self, visit: Visit, capsys: pytest.CaptureFixture[str]) -> None:
        page = visit()
        topic = page.locator(".panel .topic").nth(1)
        topic.click()
        choice = page.locator(".panel .menu ul ul button:visible").first
        title = choice.inner_text()

        answer = tap(page, choice)

        expect(page.locator(".panel .you").last).to_contain_text(title)
        expect(answer.locator(".say").first).to_be_visible()
        times = sorted(page.evaluate(ANSWER.replace("INDEX", str(index))) for index in range(3, 18))
        with capsys.disabled():
            print(  # noqa: T201
                f"\ntap to answer: median {times[len(times) // 2]:.0f} ms, worst {times[-1]:.0f} ms of {len(times)}"
            )

    def test_all_topics_open_again_from_an_answer(self, visit: Visit) -> None:
        page = visit()
        answer = write(page, "how do I make a strong password")

        menu = tap(page, answer.get_by_role("button", name="All topics"))

        expect(menu.locator(".topic").first).to_be_visible()

    def test_that_is_not_it_offers_something_else(self, visit: Visit) -> None:
        page = visit()
        answer = write(page, "someone pretends to be me on instagram")

        other = tap(page, answer.get_by_role("button", name="That's not it"))

        expect(other.locator(".choices button").first).to_be_visible()

    def test_thumb_sends_nothing_but_itself(self, visit: Visit) -> None:
        page = visit()
        write(page, "how do I make a strong password")

        with page.expect_request("**/v1/feedback") as sent:
            page.locator(".panel .thumbs button").first.click()

        body = json.loads(sent.value.post_data or "")
        assert {"conversation", "helpful"} == set(body)
        assert body["helpful"] is True
        expect(page.locator(".panel .thumbs [role=status]")).not_to_be_empty()


class TestCountry:
    def test_changed_country_gives_the_last_answer_again_with_its_services(self, visit: Visit) -> None:
        page = visit("/?language=en&country=GB")
        first = write(page, URGENT["en"][1])
        british = set(dials(first))
        messages = page.locator(".panel .msg").count()

        page.locator(".panel .place select").nth(1).select_option("IT")

        again = page.locator(".panel .msg").nth(messages + 1)
        again.wait_for()
        assert dials(again)
        assert not british & set(dials(again))
        expect(page.locator(".panel .pinned a[href='tel:112']")).to_be_visible()
        assert not british & set(dials(page.locator(".panel .pinned")))

    def test_unknown_country_shows_no_country_s_number_and_can_be_chosen(self, visit: Visit) -> None:
        page = visit("/?language=en")
        write(page, URGENT["en"][1])

        assert "" == page.locator(".panel .place select").nth(1).input_value()
        assert not {"112", "999", "911", "113", "110", "000"} & set(dials(page.locator(".panel")))

        page.locator(".panel .place select").nth(1).select_option("GB")
        expect(page.locator(".panel .pinned a[href='tel:999']")).to_be_visible()

    def test_country_that_is_said_moves_the_menu(self, visit: Visit) -> None:
        page = visit("/?language=en&country=GB")

        write(page, "I live in Italy")

        expect(page.locator(".panel .place select").nth(1)).to_have_value("IT")

    def test_changed_language_turns_everything(self, visit: Visit) -> None:
        page = visit("/?language=en&country=IT")
        write(page, URGENT["en"][1])
        messages = page.locator(".panel .msg").count()

        page.locator(".panel .place select").first.select_option("it")

        expect(page.locator(".panel .msg").nth(messages + 1)).to_have_attribute("lang", "it")
        expect(page.locator(".panel")).to_have_attribute("lang", "it")


def _shift(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


class TestQuickExit:
    @pytest.fixture(name="page")
    def _page(self, visit: Visit, embedded: str, service: Service) -> Page:
        page = visit(embedded.replace("/school", "/"), ready="")
        page.goto(f"{service.url}/?language=en&country=GB")
        page.wait_for_selector(".panel .menu")
        write(page, URGENT["en"][1])
        return page

    def leave_by_button(self, page: Page) -> None:
        page.get_by_role("button", name="Leave quickly").click()

    def leave_by_shift(self, page: Page) -> None:
        _shift(page, 3)

    def leave_by_first_tab(self, page: Page) -> None:
        page.evaluate("document.activeElement.blur()")
        page.locator(".panel .skip").focus()
        page.keyboard.press("Enter")

    @pytest.mark.parametrize("way", ["button", "shift", "first_tab"])
    def test_leaves_to_a_neutral_page_and_back_shows_nothing(self, page: Page, way: str) -> None:
        getattr(self, f"leave_by_{way}")(page)
        page.wait_for_url(NEUTRAL)

        page.go_back()

        expect(page).to_have_title("Before")
        assert 0 == page.locator("signpost-chat").count()

    def test_covers_the_page_at_once_and_forgets(self, page: Page) -> None:
        seen = page.evaluate(
            """() => { const root = document.querySelector('signpost-chat').shadowRoot;
                 root.querySelector('textarea').value = 'half a sentence';
                 root.querySelector('.exit').click();
                 const top = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
                 return [getComputedStyle(top).position, root.querySelectorAll('.msg').length,
                   root.querySelector('textarea').value, document.title.length < 2]; }"""
        )

        assert ["fixed", 0, "", True] == seen
        page.wait_for_url(NEUTRAL)

    def test_shift_while_typing_does_not_leave(self, page: Page) -> None:
        page.locator(".panel textarea").press_sequentially("HE SAYS ABC")
        _shift(page, 2)

        page.wait_for_timeout(300)
        expect(page.locator(".panel textarea")).to_have_value("HE SAYS ABC")

    def test_slow_shifts_do_not_leave(self, page: Page) -> None:
        page.clock.install()
        _shift(page, 2)
        page.clock.run_for(5_500)
        _shift(page, 1)

        page.clock.run_for(500)
        expect(page.locator(".panel")).to_be_visible()

    def test_exit_url_is_the_site_s_choice_but_never_a_script(self, visit: Visit) -> None:
        page = visit()

        url = "(url) => { const one = document.querySelector('signpost-chat'); one.setAttribute('exit-url', url); return one.exitUrl(); }"
        assert "https://weather.example/" == page.evaluate(url, "https://weather.example/")
        assert NEUTRAL == page.evaluate(url, "javascript:alert(1)")

    def test_leaving_by_a_link_forgets_too(self, page: Page) -> None:
        page.goto("about:blank")

        page.go_back()

        page.wait_for_selector(".panel .menu")
        assert 1 == page.locator(".panel .msg").count()


class TestFailure:
    def test_words_stay_and_numbers_show_until_the_server_is_back(self, visit: Visit, website: Any) -> None:
        own = Service(SIGNPOST_CORS=website.url)
        own.start()
        try:
            page = visit(f"{own.url}/?language=en&country=GB")
            write(page, "how do I make a strong password")
            own.stop()

            page.fill(".panel textarea", "he threatens me and I am scared")
            page.press(".panel textarea", "Enter")

            retry = page.get_by_role("button", name="Try again")
            retry.wait_for()
            expect(page.locator(".panel textarea")).to_have_value("he threatens me and I am scared")
            expect(page.locator(".panel .pinned a[href='tel:999']")).to_be_visible()
            expect(page.locator(".panel .notice [role=status]")).not_to_be_empty()
            messages = page.locator(".panel .msg").count()

            own.start()
            retry.click()

            page.locator(".panel .msg").nth(messages + 1).wait_for()
            expect(page.locator(".panel textarea")).to_have_value("")
            expect(retry).to_be_hidden()
        finally:
            own.stop()

    def test_error_that_carries_help_shows_it(self, visit: Visit, service: Service) -> None:
        page = visit()
        help_block = get(service, "/v1/widget?language=en&country=GB")["help"]
        page.route(
            "**/v1/messages",
            lambda route: route.fulfill(
                status=429,
                content_type="application/problem+json",
                body=json.dumps({"status": 429, "title": "", "detail": "", "reply": help_block}),
            ),
        )

        page.fill(".panel textarea", "help me")
        page.press(".panel textarea", "Enter")

        expect(page.locator(".panel .notice")).to_contain_text("Wait a moment")
        expect(page.locator(".panel .pinned a[href='tel:999']")).to_be_visible()

    def test_first_load_that_fails_can_be_tried_again(self, visit: Visit, service: Service) -> None:
        page = visit("/healthz", ready="")
        page.route("**/v1/widget**", lambda route: route.abort())
        page.goto(f"{service.url}/?language=en&country=GB")
        retry = page.get_by_role("button", name="Try again")
        retry.wait_for()

        page.unroute("**/v1/widget**")
        retry.click()

        page.wait_for_selector(".panel .menu")
        expect(retry).to_be_hidden()


class TestLayout:
    @pytest.mark.parametrize(
        ("width", "height"), [(320, 640), (320, 256), (640, 400), (390, 844), (1280, 900)]
    )
    def test_nothing_is_cut_off_sideways(self, visit: Visit, width: int, height: int) -> None:
        page = visit(viewport={"width": width, "height": height})
        write(page, URGENT["en"][1])

        assert 0 >= overflow(page)
        expect(page.locator(".panel .exit")).to_be_visible()

    def test_text_of_twice_the_size_fits(self, visit: Visit) -> None:
        page = visit(viewport={"width": 640, "height": 450}, device_scale_factor=2)
        write(page, URGENT["en"][1])

        assert 0 >= overflow(page)
        expect(page.locator(".panel .exit")).to_be_in_viewport()

    def test_still_for_those_who_asked_for_stillness(self, visit: Visit) -> None:
        page = visit(reduced_motion="reduce")
        answer = write(page, URGENT["en"][1])

        assert "none" == answer.evaluate("one => getComputedStyle(one).animationName")
        assert "auto" == page.locator(".panel .log").evaluate("one => getComputedStyle(one).scrollBehavior")

    def test_right_to_left(self, arabic: Page) -> None:
        answer = write(arabic, URGENT["ar"][1])

        expect(answer).to_have_attribute("dir", "rtl")
        expect(arabic.locator(".panel")).to_have_attribute("dir", "rtl")
        mark = arabic.locator(".panel .mark").bounding_box()
        leave = arabic.locator(".panel .exit").bounding_box()
        assert mark
        assert leave
        assert mark["x"] > leave["x"]
        assert 0 >= overflow(arabic)


class TestKeyboard:
    def test_first_tab_is_the_way_out(self, visit: Visit) -> None:
        page = visit()

        page.keyboard.press("Tab")

        focused = "() => document.querySelector('signpost-chat').shadowRoot.activeElement.className"
        assert "skip" == page.evaluate(focused)

    def test_whole_conversation_without_a_mouse(self, visit: Visit) -> None:
        page = visit()
        focused = "() => { const one = document.querySelector('signpost-chat').shadowRoot.activeElement; return one ? one.className : '' }"
        for _ in range(30):
            page.keyboard.press("Tab")
            if "topic" == page.evaluate(focused):
                break
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        before = page.locator(".panel .msg").count()
        page.keyboard.press("Enter")
        page.locator(".panel .msg").nth(before + 1).wait_for()

        where = (
            "() => document.querySelector('signpost-chat').shadowRoot.activeElement.closest('.menu') !== null"
        )
        assert page.evaluate(where), "the answer must not steal the focus"
        seen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(focused))
        assert "act main" in seen
        assert "send" in seen
        assert any(one != other for one, other in pairwise(seen))

    def test_focus_is_visible(self, visit: Visit) -> None:
        page = visit()
        for _ in range(8):
            page.keyboard.press("Tab")
            width = page.evaluate(
                "() => parseFloat(getComputedStyle(document.querySelector('signpost-chat').shadowRoot.activeElement).outlineWidth)"
            )
            assert 2 <= width

    def test_log_is_announced_politely_and_once(self, visit: Visit) -> None:
        page = visit()
        write(page, "how do I make a strong password")

        assert 1 == page.get_by_role("log").count()
        assert 0 == page.locator(".panel [aria-live=assertive], .panel [role=alert]").count()
        expect(page.locator(".panel .notice [role=status]")).to_be_empty()


class TestEmbedded:
    def test_works_on_another_origin_under_a_strict_policy(self, visit: Visit, embedded: str) -> None:
        page = visit(embedded, ready=".launch:visible")
        page.get_by_role("button", name="Ask for help").click()
        focused = "() => document.querySelector('signpost-chat').shadowRoot.activeElement.className"
        assert "panel" == page.evaluate(focused)

        answer = write(page, URGENT["en"][1])

        expect(answer.locator(".card").first).to_be_visible()
        radius = page.locator(".panel").evaluate("one => getComputedStyle(one).borderTopLeftRadius")
        assert "18px" == radius, "the styles must hold under the policy"
        page.keyboard.press("Escape")
        expect(page.locator(".panel")).to_be_hidden()
        assert "launch" == page.evaluate(focused)

    def test_origin_that_is_not_on_the_list_gets_no_answers(self, visit: Visit, embedded: str) -> None:
        page = visit(embedded.replace("127.0.0.1", "localhost"), ready=".launch:visible", refused=True)
        page.get_by_role("button", name="Ask for help").click()

        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        assert 0 == page.locator(".panel .msg").count()

    def test_without_scripts_a_link_leads_to_the_plain_page(self, visit: Visit, embedded: str) -> None:
        page = visit(embedded, ready="", java_script_enabled=False)

        page.get_by_role("link", name="Ask for help").click()

        expect(page.locator("textarea")).to_be_visible()

    def test_colours_and_corner_are_the_site_s(self, visit: Visit) -> None:
        page = visit()
        page.evaluate(
            """() => { const style = document.querySelector('signpost-chat').style;
                 style.setProperty('--signpost-accent', 'rgb(80, 40, 120)');
                 style.setProperty('--signpost-radius', '3px'); }"""
        )

        colour = page.locator(".panel .send").evaluate("one => getComputedStyle(one).backgroundColor")
        assert "rgb(80, 40, 120)" == colour
        assert "3px" == page.locator(".panel .menu").evaluate(
            "one => getComputedStyle(one).borderTopLeftRadius"
        )


def test_browsers_without_constructable_sheets_get_the_styles_as_a_file(
    visit: Visit, service: Service
) -> None:
    page = visit("/healthz", ready="")
    page.add_init_script("delete Document.prototype.adoptedStyleSheets")
    page.goto(f"{service.url}/?language=en&country=GB")
    page.wait_for_selector(".panel .menu")

    expect(page.locator(".panel")).to_have_css("display", "flex")
