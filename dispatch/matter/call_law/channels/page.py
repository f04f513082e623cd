"""The open page: it rings for every call that names one of its posts, as soon as it hears of it."""

from dispatch.matter.calls.facts import AttemptMade
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.cards.calls import attempt_card, audience_of
from dispatch.matter.facts import TIMER, Shown
from dispatch.matter.issues.models import Issue
from realtime.feed.contract import Change


def send(attempt: Attempt, call: Call, issue: Issue) -> Change:
    """The fact that is addressed to the post: its devices say when it was delivered and when displayed.

    Sent and recorded are one commit: neither is there without the other.
    """
    shown = Shown(attempt.pk, 1, attempt_card(attempt, call))
    return Change(AttemptMade(shown, TIMER), None, audience_of(call, issue), f"post:{attempt.post_id}")
