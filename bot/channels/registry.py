"""The table of the doors to messaging platforms: a new channel is its own file and a line here."""

from aiohttp import web

from bot.channels import messenger, rasa, telegram, whatsapp
from bot.channels.platform import RELAY, Channel
from bot.channels.texts import answerer
from bot.clock import Clock
from bot.delivery import Relay
from bot.http import CONVERSATION, METRICS
from bot.settings import Settings
from bot.stores import Store, open_store

CHANNELS: tuple[Channel, ...] = (telegram.CHANNEL, whatsapp.CHANNEL, messenger.CHANNEL, rasa.CHANNEL)


def attach(app: web.Application, settings: Settings, clock: Clock, store: Store | None = None) -> None:
    """Open the doors that *settings* configure; without its secrets a channel has no route."""
    doors = [channel for channel in CHANNELS if channel.is_open(settings)]
    if not doors:
        return
    kept = store or open_store(settings.store, clock)
    conversation = app[CONVERSATION]
    answer = answerer(conversation, clock, app[METRICS], settings.session_hours)
    app[RELAY] = Relay(
        answer,
        kept,
        settings.secret.reveal(),
        app[METRICS],
        fallback=lambda one, session: conversation.engine.fallback(one.inbound, session),
        session_hours=settings.session_hours,
    )
    for channel in doors:
        channel.attach(app, settings)

    async def close(_: web.Application) -> None:
        await kept.close()

    app.on_cleanup.append(close)
