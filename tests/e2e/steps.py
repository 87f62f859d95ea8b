"""What a visitor does on the page, step by step."""

from typing import Any

from playwright.sync_api import Locator, Page

URGENT = {
    "en": ("GB", "he says he will post my nudes if I don't pay"),
    "it": ("IT", "mi ricatta: se non pago pubblica le mie foto nuda"),
    "fr": ("FR", "il menace de publier mes nudes si je ne paie pas"),
    "es": ("ES", "me amenaza con publicar mis fotos desnuda si no le pago"),
    "ar": ("JO", "يهددني بنشر صوري العارية إذا لم أدفع له المال"),
    "de": ("DE", "er droht, meine Nacktbilder zu veröffentlichen, wenn ich nicht zahle"),
    "nl": ("NL", "hij dreigt mijn naaktfoto's online te zetten als ik niet betaal"),
    "pt": ("PT", "ele ameaça publicar as minhas fotos nua se eu não pagar"),
}
"""A child's urgent question in each language, and the country it comes from."""


def write(page: Page, text: str) -> Locator:
    """Write *text*, send it, and give the answer."""
    before = page.locator(".panel .msg").count()
    page.fill(".panel textarea", text)
    page.press(".panel textarea", "Enter")
    answer = page.locator(".panel .msg").nth(before + 1)
    answer.wait_for()
    return answer


def tap(page: Page, button: Locator) -> Locator:
    """Tap *button* and give the answer."""
    before = page.locator(".panel .msg").count()
    button.click()
    answer = page.locator(".panel .msg").nth(before + 1)
    answer.wait_for()
    return answer


def dials(place: Locator) -> list[str]:
    """The numbers that can be called from *place*."""
    links: list[str] = place.locator("a[href^='tel:']").evaluate_all("all => all.map(one => one.href)")
    return [link.removeprefix("tel:") for link in links]


RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""WCAG 2.2 AA, and what axe recommends."""
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules whose outcome another colour scheme can change."""


def violations(page: Page, axe: str, rules: tuple[str, ...] = RULES) -> list[str]:
    """What axe finds by *rules*."""
    page.evaluate("() => Promise.all(document.getAnimations({subtree: true}).map(one => one.finished))")
    page.wait_for_timeout(400)
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page or the panel is wider than the window."""
    width: int = page.evaluate(
        """() => Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll(
             'signpost-chat')].flatMap(one => [...one.shadowRoot.querySelectorAll('.panel, .log, header, footer, .card')])
             .map(one => one.scrollWidth - one.clientWidth))"""
    )
    return width
