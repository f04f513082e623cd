"""How a change of a call is told: its next version, its card, who may see it. The row is the caller's to save."""

from collections.abc import Callable

from dispatch.matter.calls.models import Call
from dispatch.matter.cards.calls import audience_of, call_card
from dispatch.matter.facts import ObjectFact, Shown
from dispatch.matter.issues.models import Issue
from realtime.feed.contract import Audience, Change


def change_of(call: Call, issue: Issue, make: Callable[[Shown], ObjectFact], *, before: Audience | None) -> Change:
    """The fact of a call that was changed; it takes its next version.

    before  who could see it until now; None: it was just made
    """
    call.version += 1
    shown = Shown(call.pk, call.version, call_card(call, issue))
    return Change(make(shown), before, audience_of(call, issue))
