"""Who may see an escalation: the centre's desk and leaders, and whom it tells. Source: docs/protocol.md, "Audience"."""

from dispatch.clocks.models import Escalation
from dispatch.issues.models import Issue
from realtime.feed.contract import Audience, AudienceClass


def audience_of(issue: Issue, escalation: Escalation, *, sensitive: bool | None = None) -> Audience:
    """For its facts. `sensitive`: as the issue was before a change of it.

    What is sensitive is the desk's and the unit's: a post outside both, such as a leader's, is not told.
    """
    root = issue.place.split("/", 1)[0]
    hidden = issue.sensitive if sensitive is None else sensitive
    tokens = [f"place:{root}", f"unit:{escalation.unit_id}"]
    if escalation.post_id is not None and not hidden:
        tokens.append(f"post:{escalation.post_id}")
    return Audience.of(tokens, AudienceClass.SENSITIVE if hidden else AudienceClass.DESK)


def addressee_of(issue: Issue, escalation: Escalation) -> str:
    """The token whose own devices give receipts: the post that is told, where it may know."""
    if escalation.post_id is not None and not issue.sensitive:
        return f"post:{escalation.post_id}"
    return f"unit:{escalation.unit_id}"
