"""What routers take and show of a backfill (补录)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from ninja import Schema

from dispatch.matter.backfills.contract import OnPaper, Outage
from dispatch.verbs.requests import Body, Instant


class BackfillIn(Body):
    """When it happened on paper, and why it is entered only now: for the duty lead."""

    happened_at: Instant
    ground: Outage


class StepIn(Body):
    """A step that may have happened on paper; without `backfill` it happens as it is entered."""

    backfill: BackfillIn | None = None

    @property
    def on_paper(self) -> OnPaper | None:
        """As actions take it; None for what happens now."""
        return OnPaper(self.backfill.happened_at, self.backfill.ground) if self.backfill else None


NOW: Final = StepIn()  # of a request without a body


class BackfillOut(Schema):
    """A step that happened on paper, of the issue (`order` null) or of an order, and when it was entered."""

    order: UUID | None
    verb: str
    happened_at: datetime
    entered_at: datetime
    ground: str
