"""Preview: an intent's reply as visitors see it, in a draft language too."""

from datetime import datetime

import msgspec

from bot.answer import Reading, answer
from bot.content import Library
from bot.messages import Audience, Inbound, Reply, Session
from bot.reply import Renderer


def preview(
    library: Library,
    intent: str,
    now: datetime,
    *,
    language: str = "en",
    audience: Audience | None = None,
    country: str | None = None,
) -> Reply:
    """Render the reply of *intent*; raises KeyError for an intent or a language that is not there."""
    info = msgspec.structs.replace(library.languages[language], status="live")
    shown = msgspec.structs.replace(library, languages={**library.languages, language: info})
    inbound = Inbound(choice=f"intent:{shown.intents[intent].id}", audience=audience, country=country)
    # Not the first turn: the introduction is not part of the reply.
    session = Session(turns=1)
    decided = answer(inbound, session, Reading(language=language), shown)
    return Renderer(shown).render(decided, now)
