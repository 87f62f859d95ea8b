"""Evaluation: what counts as right, and how it is added up."""

from bot.content import Library
from bot.conversation import Conversation
from bot.editor.dialogs import Question
from bot.editor.evaluate import Result, Share, ask_all, score


def result(question: Question, **changes: object) -> Result:
    plain = {
        "outcome": "answered", "intent": None, "pressing": False, "contacts": False,
        "offered": frozenset(), "language": "en", "audience": None, "failed": False,
    }  # fmt: skip
    return Result(question=question, **{**plain, **changes})


PASSWORDS = Question(text="x", intent="passwords", also=("account_hacked",))
SEXTORTION = Question(text="x", intent="sextortion", audience="child")
FOREIGN = Question(text="x", intent="out_of_scope")


def test_an_intent_as_good_is_right() -> None:
    assert result(PASSWORDS, intent="account_hacked").right
    assert not result(PASSWORDS, intent="scam").right


def test_what_is_not_for_us_is_right_when_it_is_not_answered() -> None:
    assert result(FOREIGN, outcome="not_understood").right
    assert not result(FOREIGN, outcome="clarify").right


def test_nobody_told_is_a_child() -> None:
    assert result(SEXTORTION, audience=None).right_voice
    assert not result(SEXTORTION, audience="parent").right_voice


def test_scores_add_up(library: Library) -> None:
    results = [
        result(PASSWORDS, intent="passwords"),
        result(PASSWORDS, intent="threats", pressing=True),
        result(PASSWORDS, outcome="clarify", offered=frozenset({"passwords"})),
        result(SEXTORTION, outcome="clarify", contacts=True),
        result(FOREIGN, outcome="not_understood", language="it"),
    ]

    scores = score("en", results, library)

    assert 5 == scores.questions
    assert Share(1, 4) == scores.right
    assert Share(2, 4) == scores.offered
    assert Share(1, 1) == scores.danger
    assert Share(0, 1) == scores.recognised
    assert Share(1, 3) == scores.false_alarms
    assert Share(1, 1) == scores.turned_away
    assert Share(4, 5) == scores.language
    assert ("passwords", "threats", 1) in [(c.wanted, c.got, c.count) for c in scores.confusions]


async def test_every_question_is_a_conversation_of_its_own(
    conversation: Conversation, library: Library
) -> None:
    questions = [
        Question(text="i want to die", intent="suicide_self_harm"),
        Question(text="hi", intent="greeting"),
    ]

    danger, calm = await ask_all(conversation, questions, library)

    assert danger.right
    assert danger.pressing
    assert danger.contacts
    assert not calm.pressing
