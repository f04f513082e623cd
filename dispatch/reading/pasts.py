"""How far a centre's past has come that is filled in behind its present."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.matter.issues.models import Past


@dataclass(frozen=True, slots=True)
class PastView:
    """A past that is not complete: what began before `until` (UTC) lacks issues, `filled_in` of `issues` are in."""

    until: datetime
    issues: int
    filled_in: int


def past_being_filled_in(centre_id: UUID) -> PastView | None:
    """The past of a centre while it is being filled in; None without one, and once it is complete. One statement."""
    row = Past.objects.filter(pk=centre_id, completed_at=None).first()
    return PastView(row.until, row.issues, row.filled_in) if row else None
