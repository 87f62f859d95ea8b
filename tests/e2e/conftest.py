"""A real browser on the real service; nothing is downloaded but what the lock file names."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.e2e.service import HERE, Document, Service, Website, shipped

NEUTRAL = "https://www.google.com/"
MODULES = HERE / "node_modules"


def _missing(what: str) -> None:
    """Without what .ci/run installs a test is skipped on a desk, and fails in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


def launch(playwright: Any) -> Browser:
    """Start Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        _missing("chromium")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=root)


def modules() -> None:
    """Install deep-chat and axe-core as the lock file names them, once."""
    lock, done = HERE / "package-lock.json", MODULES / ".package-lock.json"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    if shutil.which("npm") is None:
        _missing("npm")
    # Tests run side by side: one of the processes installs, the others wait for it.
    with (HERE / "package.json").open("rb") as lock_of_all:
        fcntl.flock(lock_of_all, fcntl.LOCK_EX)
        if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
            subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=HERE, check=True)
            done.touch()


@pytest.fixture(name="browser", scope="package")
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(name="website", scope="package")
def _website() -> Iterator[Website]:
    website = Website()
    website.start()
    yield website
    website.stop()


@pytest.fixture(name="service", scope="package")
def _service(website: Website) -> Iterator[Service]:
    service = Service(SIGNPOST_CORS=website.url, SIGNPOST_RASA="on")
    service.start()
    yield service
    service.stop()


@pytest.fixture(name="axe", scope="package")
def _axe() -> str:
    modules()
    return (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def neutral(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<title>neutral</title><h1>Weather</h1>")


@pytest.fixture(name="visit")
def _visit(browser: Browser, service: Service) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own; errors in the page and its console fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def visit(
        path: str = "/?language=en&country=GB",
        *,
        ready: str = ".panel .menu",
        refused: bool = False,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1000, "height": 800}, "locale": "en-GB", **options}
        )
        contexts.append(context)
        context.route(f"{NEUTRAL}**", neutral)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text and not refused
                else None
            ),
        )
        page.goto(service.url + path if path.startswith("/") else path)
        if ready:
            page.wait_for_selector(ready)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture(name="embedded")
def _embedded(service: Service, website: Website) -> str:
    """A page of another origin, whose policy allows no inline script and no inline style."""
    policy = f"default-src 'none'; script-src {service.url}; connect-src {service.url}; base-uri 'none'"
    for language in shipped():
        html = f"""<!doctype html><html lang="{language}"><head><title>A school</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="{service.url}/widget.js" defer></script></head>
<body><main><h1>A school</h1><p>Lunch is at twelve.</p>
<signpost-chat country="IT"><a href="{service.url}/?country=IT">Ask for help</a></signpost-chat>
</main></body></html>"""
        website.pages["/school" if language == "en" else f"/school/{language}"] = Document(
            html.encode(), policy=policy
        )
    website.pages["/"] = Document(b"<!doctype html><title>Before</title><h1>Before</h1>")
    return f"{website.url}/school"


@pytest.fixture(name="arabic")
def _arabic(visit: Callable[..., Page]) -> Page:
    """The page in Arabic; until Arabic is live, its direction and words stand in for it."""
    if "ar" in shipped():
        return visit("/?language=ar&country=JO", bypass_csp=True)

    def turn(route: Route) -> None:
        response = route.fetch()
        body = response.json() | {"language": "ar", "direction": "rtl"}
        if "introduction" in body:
            body["introduction"] = "أنا مرشد آلي ولست إنساناً."
            body["languages"].append({"language": "ar", "name": "العربية", "direction": "rtl"})
        route.fulfill(response=response, json=body)

    page = visit("/healthz", ready="", bypass_csp=True)
    page.route("**/v1/**", turn)
    page.goto(page.url.replace("/healthz", "/?language=en&country=JO"))
    page.wait_for_selector(".panel .menu")
    return page
