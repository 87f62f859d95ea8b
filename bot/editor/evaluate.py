"""Evaluation: each test question is asked as a fresh conversation, and what came back is counted."""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from bot.content import Library
from bot.conversation import Conversation
from bot.editor.dialogs import OUT_OF_SCOPE, Question
from bot.messages import ChoicesBlock, ContactsBlock, Inbound, Reply, Session

ASKED_BACK, NOT_UNDERSTOOD = "(asked back)", "(not understood)"

_WEAKEST, _CONFUSIONS = 10, 15


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One question and what came back."""

    question: Question
    outcome: str
    intent: str | None
    pressing: bool
    """Whether the answer was given as an emergency or as urgent."""
    contacts: bool
    offered: frozenset[str]
    """Alternatives and buttons."""
    language: str
    audience: str | None
    failed: bool

    @property
    def in_scope(self) -> bool:
        """Whether the question is one for this service."""
        return self.question.intent != OUT_OF_SCOPE

    @property
    def right(self) -> bool:
        """Whether the answer is what was wanted."""
        if not self.in_scope and self.outcome == "not_understood":
            return True
        return self.intent is not None and self.intent in self.question.wanted

    @property
    def right_voice(self) -> bool:
        """Whether the reply spoke to the right person; nobody said is a child's reply."""
        return (self.audience or "child") == self.question.audience

    @property
    def got(self) -> str:
        """What the table of confusions shows."""
        return self.intent or (ASKED_BACK if self.outcome == "clarify" else NOT_UNDERSTOOD)


class Share(msgspec.Struct, frozen=True):
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """From 0 to 1; 1 of nothing, as nothing was wrong."""
        return self.hits / self.of if self.of else 1.0


class Confusion(msgspec.Struct, frozen=True):
    """Questions of one intent that were taken for another."""

    wanted: str
    got: str
    count: int
    example: str


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """What a language's questions came to."""

    questions: int
    right: Share
    """In-scope questions answered with the intent or one as good."""
    offered: Share
    """The same, or the right one stood among alternatives or buttons."""
    danger: Share
    """Pressing questions whose reply was pressing, or showed contacts."""
    recognised: Share
    """Pressing questions whose reply was pressing."""
    false_alarms: Share
    """Calm in-scope questions that were answered as pressing."""
    turned_away: Share
    """Out-of-scope questions that were not answered."""
    foreign_alarms: Share
    """Out-of-scope questions that were answered as pressing."""
    language: Share
    audience: Share
    failed: int
    """Answers that had to be replaced by the static help."""
    weakest: tuple[tuple[str, Share], ...]
    confusions: tuple[Confusion, ...]


async def ask(conversation: Conversation, question: Question, library: Library) -> Result:
    """Ask *question* as somebody of whom nothing is known."""
    turn = await conversation.handle(Inbound(text=question.text), Session())
    reply = turn.reply
    intent = reply.intent.id if reply.intent and reply.outcome == "answered" else None
    return Result(
        question=question,
        outcome=reply.outcome,
        intent=intent,
        pressing=reply.intent is not None and reply.intent.severity.pressing,
        contacts=any(isinstance(block, ContactsBlock) for block in reply.reply),
        offered=_offered(reply) & library.intents.keys(),
        language=reply.language,
        audience=reply.audience,
        failed=turn.failed,
    )


def _offered(reply: Reply) -> frozenset[str]:
    buttons = [block for block in reply.reply if isinstance(block, ChoicesBlock)]
    chosen = {one.choice.removeprefix("intent:") for block in buttons for one in block.choices}
    return frozenset(chosen | {one.id for one in reply.alternatives})


async def ask_all(
    conversation: Conversation,
    questions: Sequence[Question],
    library: Library,
    done: Callable[[], None] = lambda: None,
) -> list[Result]:
    """Ask *questions* one after the other, calling *done* after each."""
    results = []
    for question in questions:
        results.append(await ask(conversation, question, library))
        done()
    return results


def score(language: str, results: Sequence[Result], library: Library) -> Scores:
    """Count what the *results* of the questions of *language* came to."""
    ours = [one for one in results if one.in_scope]
    foreign = [one for one in results if not one.in_scope]
    pressing = [one for one in ours if one.question.intent in library.pressing]
    calm = [one for one in ours if not one.question.wanted & library.pressing]
    told = [one for one in results if one.question.audience in ("child", "parent")]
    return Scores(
        questions=len(results),
        right=_share(ours, lambda one: one.right),
        offered=_share(ours, lambda one: one.right or bool(one.offered & one.question.wanted)),
        danger=_share(pressing, lambda one: one.pressing or one.contacts),
        recognised=_share(pressing, lambda one: one.pressing),
        false_alarms=_share(calm, lambda one: one.pressing),
        turned_away=_share(foreign, lambda one: one.right),
        foreign_alarms=_share(foreign, lambda one: one.pressing),
        language=_share(results, lambda one: one.language == language),
        audience=_share(told, lambda one: one.right_voice),
        failed=sum(one.failed for one in results),
        weakest=_weakest(results),
        confusions=_confusions(results),
    )


def _share(results: Sequence[Result], holds: Callable[[Result], bool]) -> Share:
    return Share(sum(map(holds, results)), len(results))


def _weakest(results: Sequence[Result]) -> tuple[tuple[str, Share], ...]:
    by_intent: dict[str, list[Result]] = {}
    for one in results:
        by_intent.setdefault(one.question.intent, []).append(one)
    shares = [(name, _share(some, lambda one: one.right)) for name, some in by_intent.items()]
    wrong = [(name, share) for name, share in shares if share.hits < share.of]
    return tuple(sorted(wrong, key=lambda pair: (pair[1].value, -pair[1].of))[:_WEAKEST])


def _confusions(results: Sequence[Result]) -> tuple[Confusion, ...]:
    wrong = [one for one in results if not one.right]
    counts = Counter((one.question.intent, one.got) for one in wrong)
    examples = {(one.question.intent, one.got): one.question.text for one in reversed(wrong)}
    return tuple(
        Confusion(wanted, got, count, examples[wanted, got])
        for (wanted, got), count in counts.most_common(_CONFUSIONS)
    )
