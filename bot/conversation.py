"""Conversation: one message in, one reply out, whatever happens on the way."""

from datetime import datetime

import msgspec
import structlog

from bot.answer import answer
from bot.clock import Clock
from bot.engine import Engine
from bot.errors import SessionError
from bot.messages import Inbound, Reply, Session
from bot.sessions import Sealer

log = structlog.get_logger()


class Turn(msgspec.Struct, frozen=True):
    """A reply and what to remember of it."""

    reply: Reply
    session: Session
    stage: int = 0
    """Which stage of the matcher decided; 0 where none was asked."""
    failed: bool = False
    """Whether the static emergency block stands in for an answer."""


class Conversation:
    """Answers messages with the engine of the moment; *clock* gives aware UTC times."""

    def __init__(self, engine: Engine, sealer: Sealer, clock: Clock) -> None:
        self.engine = engine
        self._sealer = sealer
        self._clock = clock

    async def talk(self, inbound: Inbound, token: str | None) -> tuple[Turn, str]:
        """Answer a visitor whose session travels in *token*; give the reply and the next token."""
        now = self._clock()
        turn = await self.handle(inbound, self.open(token, now))
        return turn, self._sealer.seal(turn.session, now)

    def open(self, token: str | None, now: datetime) -> Session:
        """Read a token; a forged or stale one begins a new conversation, and nobody is told off."""
        if not token:
            return Session()
        try:
            return self._sealer.open(token, now)
        except SessionError:
            return Session()

    async def handle(self, inbound: Inbound, session: Session) -> Turn:
        """Answer *inbound*; on any failure the person still gets the emergency block."""
        engine = self.engine
        now = self._clock()
        try:
            reading = await engine.reader.read(inbound, session)
            decided = answer(inbound, session, reading, engine.library)
            reply = engine.renderer.render(decided, now)
            return Turn(reply, decided.session, reading.match.stage if reading.match else 0)
        except Exception as error:  # noqa: BLE001 - nobody in danger gets only an error
            log.error("conversation.failed", error=type(error).__name__, at=_place(error))
            return Turn(engine.fallback(inbound, session), session, failed=True)


def _place(error: BaseException) -> str:
    """Name where *error* arose; its message may hold what a person wrote, so it is left out."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else ""
