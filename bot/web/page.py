"""The page: the widget, and in its place the same conversation as an ordinary form without scripts."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Meta

from bot.conversation import Turn
from bot.engine import Engine
from bot.http import CONVERSATION, METRICS, RATE, SECURITY_HEADERS, HTTPProblem
from bot.messages import Audience, Block, Contact, ContactsBlock, Inbound, Session
from bot.reply import Renderer
from bot.web import start
from bot.web.start import VISITS

EXIT_URL = "https://www.google.com/"
"""A neutral page; the widget's attribute exit-url names another."""

HEADERS = {
    **SECURITY_HEADERS,
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}

_ITEM = re.compile(r"(?:\d+[.)]|[-•]) +(.*)")
_LINK = re.compile(r"https?://\S+")
_DIAL = re.compile(r"[+*#\d]+")
_PINNED = 3
_AUDIENCES = ("child", "parent")


class Passage(NamedTuple):
    """A paragraph (kind "p") or a list ("ol", "ul") of a reply's text."""

    kind: str
    lines: tuple[str, ...]


class Visitor(NamedTuple):
    """For whom the page is."""

    language: str
    country: str | None
    audience: Audience | None


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What the form without scripts sends; empty is absent."""

    text: Annotated[str, Meta(max_length=4000)] = ""
    choice: Annotated[str, Meta(max_length=200)] = ""
    conversation: Annotated[str, Meta(max_length=4096)] = ""
    language: str = ""
    country: str = ""
    audience: str = ""


class Asked(NamedTuple):
    """The last turn of a conversation without scripts."""

    said: str
    blocks: tuple[Block, ...]
    failed: str = ""
    """Why there is no answer but only help."""
    unsent: str = ""
    """What was written and could not be answered."""


def passages(text: str) -> tuple[Passage, ...]:
    """Split a reply's text into paragraphs and lists."""
    found: list[Passage] = []
    for paragraph in text.split("\n\n"):
        for line in filter(None, paragraph.split("\n")):
            item = _ITEM.match(line)
            kind = "p" if item is None else "ol" if line[0].isdigit() else "ul"
            content = item[1] if item else line
            if found and kind != "p" and found[-1].kind == kind:
                found[-1] = Passage(kind, (*found[-1].lines, content))
            else:
                found.append(Passage(kind, (content,)))
    return tuple(found)


def pinned(blocks: tuple[Block, ...]) -> tuple[Contact, ...]:
    """Pick the contacts that stay in sight: the emergency number first, then who can be called."""
    cards = [card for block in blocks if isinstance(block, ContactsBlock) for card in block.contacts]
    cards.sort(key=lambda card: (card.kind != "emergency", not (card.phones or card.chat_url)))
    return tuple(cards[:_PINNED])


def negotiate(engine: Engine, wished: str | None, accepted: str) -> str:
    """Choose the page's language: the one wished for, else the best of Accept-Language."""
    live = engine.library.live
    if wished and wished in live:
        return wished
    for tag in [wished or "", *_by_weight(accepted)]:
        found = engine.negotiate(tag)
        if tag and found.partition("-")[0] == tag.lower().replace("_", "-").partition("-")[0]:
            return found
    return engine.negotiate(None)


def _by_weight(accepted: str) -> list[str]:
    weighted = []
    for part in accepted.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), tag))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighted, key=lambda one: one[0]) if weight < 0]


def safe_url(url: str | None) -> str | None:
    """Let only web addresses become links."""
    return url if url and _LINK.fullmatch(url) else None


def safe_dial(dial: str) -> str | None:
    """Let only what a telephone can dial become a link."""
    return dial if _DIAL.fullmatch(dial) else None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(passages=passages, safe_url=safe_url, safe_dial=safe_dial)
    return environment


def render(
    engine: Engine,
    visitor: Visitor,
    token: str,
    *,
    asked: Asked | None = None,
    help_cards: tuple[Contact, ...] = (),
) -> str:
    """Write the page: the start, or with *asked* the last turn of a conversation without scripts."""
    language = visitor.language
    return (
        _environment()
        .get_template("page.html")
        .render(
            words=start.translated(engine, language),
            visitor=visitor,
            direction=engine.library.languages[language].direction,
            conversation=token,
            introduction=engine.renderer.introduction(language),
            languages=start.languages(engine),
            countries=engine.renderer.countries(language),
            topics=start.topics(engine, language),
            exit_url=EXIT_URL,
            asked=asked,
            help_cards=help_cards,
        )
    )


async def show(request: web.Request) -> web.Response:
    """Show the start: the widget where scripts run, else the form."""
    visitor = _visitor(request, request.query)
    return _html(request, visitor, request.app[VISITS].begin(visitor.country))


async def submit(request: web.Request) -> web.Response:
    """Answer a form that was sent without scripts; a failure still shows who can help."""
    try:
        sent = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        form = msgspec.convert(sent, Form)
    except web.HTTPRequestEntityTooLarge:
        return _failed(request, Form(), HTTPProblem(413, "Too large", ""))
    except (ValueError, LookupError):  # also a field too long, and a body that is no form
        return _failed(request, Form(), HTTPProblem(422, "A field is wrong", ""))
    try:
        return await _answered(request, form)
    except HTTPProblem as problem:
        return _failed(request, form, problem)


async def _answered(request: web.Request, form: Form) -> web.Response:
    visitor = _visitor(request, msgspec.structs.asdict(form))
    conversation, visits = request.app[CONVERSATION], request.app[VISITS]
    renderer = conversation.engine.renderer
    text = form.text.replace("\0", "").strip()
    session = visits.open(form.conversation)
    steps = [form.choice] if text or form.choice else changes(session, visitor)
    if not steps:
        return _html(request, visitor, visits.begin(visitor.country))
    request.app[RATE].check(request)
    turn, token = await _talk(request, visitor, text, steps[0], form.conversation)
    for step in steps[1:]:
        turn, token = await _talk(request, visitor, text, step, token)
    reply = turn.reply
    visitor = Visitor(reply.language, reply.country, reply.audience)
    asked = Asked(text or _title(renderer, steps[-1], visitor.language), reply.reply)
    cards = pinned(reply.reply)
    if not turn.session.urgent:
        cards = ()
    elif not cards:
        cards = pinned(conversation.engine.help_block(reply.country, reply.language))
    return _html(request, visitor, token, asked=asked, help_cards=cards)


async def _talk(
    request: web.Request, visitor: Visitor, text: str, choice: str, token: str
) -> tuple[Turn, str]:
    inbound = Inbound(
        text=text,
        choice=choice or None,
        language=visitor.language,
        country=visitor.country,
        audience=visitor.audience,
    )
    turn, token = await request.app[CONVERSATION].talk(inbound, token)
    _count(request, turn)
    return turn, token


def changes(session: Session, visitor: Visitor) -> list[str]:
    """Say which choices the two menus of the form stand for; none before anything was asked."""
    if session.turns < 2:
        return []
    found = []
    if visitor.country and visitor.country != session.country:
        found.append(f"country:{visitor.country}")
    if visitor.language != session.language:
        found.append(f"language:{visitor.language}")
    return found


def _title(renderer: Renderer, choice: str, language: str) -> str:
    try:
        return renderer.choice_title(choice, language)
    except (LookupError, AttributeError):
        return ""


def _visitor(request: web.Request, given: Mapping[str, Any]) -> Visitor:
    engine = request.app[CONVERSATION].engine
    country = str(given.get("country", "")).upper()
    return Visitor(
        negotiate(engine, given.get("language"), request.headers.get("Accept-Language", "")),
        country if engine.library.directory.known(country) else None,
        msgspec.convert(audience, Audience) if (audience := given.get("audience")) in _AUDIENCES else None,
    )


def _count(request: web.Request, turn: Turn) -> None:
    reply = turn.reply
    severity = reply.intent.severity if reply.intent else "none"
    request.app[METRICS].message(
        "page", reply.outcome, severity, reply.language, turn.stage, failed=turn.failed
    )


def _failed(request: web.Request, form: Form, problem: HTTPProblem) -> web.Response:
    engine = request.app[CONVERSATION].engine
    visitor = _visitor(request, msgspec.structs.asdict(form))
    words = start.translated(engine, visitor.language)
    asked = Asked(
        "",
        engine.help_block(visitor.country, visitor.language),
        failed=words["too_many" if problem.status == 429 else "failed"],
        unsent=form.text,
    )
    response = _html(
        request, visitor, form.conversation or request.app[VISITS].begin(visitor.country), asked=asked
    )
    response.set_status(problem.status)
    response.headers.update(problem.headers)
    return response


def _html(
    request: web.Request,
    visitor: Visitor,
    token: str,
    *,
    asked: Asked | None = None,
    help_cards: tuple[Contact, ...] = (),
) -> web.Response:
    text = render(request.app[CONVERSATION].engine, visitor, token, asked=asked, help_cards=help_cards)
    response = web.Response(text=text, content_type="text/html", headers=HEADERS)
    response.enable_compression()
    return response
