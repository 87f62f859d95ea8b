"""What the widget and the page say besides the replies: few words, and plain ones."""

from bot.i18n import N_

STRINGS = {
    "title": N_("Help with being safe online"),
    "launch": N_("Ask for help"),
    "close": N_("Close"),
    "exit": N_("Leave quickly"),
    "exit_hint": N_(
        "“Leave quickly”, or pressing Shift three times, takes you to another page at once. "
        "It does not erase your browser history."
    ),
    "privacy": N_("Nothing you write is kept. When you leave, the conversation is gone."),
    "write": N_("Write in your own words"),
    "send": N_("Send"),
    "country": N_("Country"),
    "choose_country": N_("Choose your country"),
    "language": N_("Language"),
    "change": N_("Change"),
    "topics": N_("What is it about?"),
    "you": N_("You"),
    "robot": N_("Automated guide"),
    "log": N_("Conversation"),
    "wait": N_("One moment …"),
    "call": N_("Call {number}"),
    "sms": N_("Send a text message to {number}"),
    "chat": N_("Chat with them"),
    "report": N_("Report online"),
    "site": N_("Open their website"),
    "new_tab": N_("opens in a new tab"),
    "free": N_("Free"),
    "nameless": N_("You don't have to give your name"),
    "speaks": N_("Speaks: {languages}"),
    "pinned": N_("People who can help now"),
    "failed": N_("That did not work. Your words are still here."),
    "too_many": N_("That was a lot at once. Wait a moment, then try again."),
    "retry": N_("Try again"),
    "helpful": N_("Did this help?"),
    "yes": N_("Yes, it helped"),
    "no": N_("No, it did not help"),
    "counted": N_("Thank you. Only the thumb was counted."),
    "no_scripts": N_("Without scripts, “Leave quickly” works only as a button."),
    "again": N_("Start again"),
    "about": N_("For children, young people and parents. Ask what you like, as you would say it."),
}
"""Name to English; translated where it is shown."""

PAGE_ONLY = frozenset({"change", "no_scripts", "again", "about"})
"""Words that the widget has no use for."""
