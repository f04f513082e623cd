"""Who may see an escalation: the centre's desk and leaders, and whom it tells. Source: docs/protocol.md, "Audience"."""

from dispatch.clocks.models import Escalation
from dispatch.issues.models import Issue
from realtime.feed.contract import Audience, AudienceClass


def audience_of(issue: Issue, escalation: Escalation, *, sensitive: bool | None = None) -> Audience:
    """For its facts. `sensitive`: as the issue was before a change of it."""
    root = issue.place.split("/", 1)[0]
    tokens = [f"place:{root}", f"unit:{escalation.unit_id}"]
    if escalation.post_id is not None:
        tokens.append(f"post:{escalation.post_id}")
    hidden = issue.sensitive if sensitive is None else sensitive
    return Audience.of(tokens, AudienceClass.SENSITIVE if hidden else AudienceClass.DESK)
