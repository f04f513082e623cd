"""Who may see an escalation. Source: docs/protocol.md, "Audience"; docs/rules.md, "The relay".

A breached relay is on the wall until someone answers: it is public at its issue's place and names a unit, no post. What
else the ladder says is known to the centre's desk and leaders, and to whom it tells. What is sensitive stays sensitive.
"""

from dispatch.matter.clocks.allowances import BREACH_PERCENT, RELAYS, ClockKind
from dispatch.matter.clocks.models import Escalation
from dispatch.matter.issues.models import Issue
from realtime.feed.contract import Audience, AudienceClass


def is_for_all(escalation: Escalation) -> bool:
    """Whether a room may read whom it told: the breach of a relay."""
    return escalation.percent == BREACH_PERCENT and ClockKind(escalation.clock.kind) in RELAYS


def audience_of(
    issue: Issue, escalation: Escalation, *, sensitive: bool | None = None, place: str | None = None
) -> Audience:
    """For its facts. `sensitive` and `place`: as the issue was before a change of it.

    What is sensitive is the desk's and the unit's: a post outside both, such as a leader's, is not told.
    """
    place = issue.place if place is None else place
    hidden = issue.sensitive if sensitive is None else sensitive
    shown = is_for_all(escalation) and not hidden
    tokens = [f"place:{place if shown else place.split('/', 1)[0]}", f"unit:{escalation.unit_id}"]
    if escalation.post_id is not None and not hidden:
        tokens.append(f"post:{escalation.post_id}")
    if shown:
        return Audience.of(tokens, AudienceClass.PUBLIC)
    return Audience.of(tokens, AudienceClass.SENSITIVE if hidden else AudienceClass.DESK)


def addressee_of(issue: Issue, escalation: Escalation) -> str:
    """The token whose own devices give receipts: the post that is told, where everyone who hears it may know that."""
    if escalation.post_id is None or issue.sensitive or is_for_all(escalation):
        return f"unit:{escalation.unit_id}"
    return f"post:{escalation.post_id}"
