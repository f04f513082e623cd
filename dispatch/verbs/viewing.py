"""The only writer of looks. Not a command: each look is recorded, a repeated one too, so there is no key to repeat."""

from uuid import UUID, uuid4

from django.db import transaction

from dispatch.matter.audiences import of_desk
from dispatch.matter.cards.issues import log_card
from dispatch.matter.facts import Shown
from dispatch.matter.issues.models import Issue
from dispatch.matter.viewings.facts import ViewingMade
from dispatch.matter.viewings.grounds import Ground
from dispatch.matter.viewings.models import Viewing, What
from realtime.feed import clock
from realtime.feed.actions import record
from realtime.feed.contract import Change


@transaction.atomic(durable=True)
def look(issue: Issue, what: What, of: UUID, ground: Ground, *, by: str) -> None:
    """Records that somebody looks now. Whoever calls shows it after this has returned, and never before.

    of      the photo, the document, or the report whose slip it is
    by      principal
    One statement beside the record's two. Locks nothing: nothing that was there changes.
    """
    at = clock.at(None)
    row = Viewing(id=uuid4(), issue=issue, what=what, of=of, reason=ground.reason, by=by, post_id=ground.post.id, at=at)
    row.save(force_insert=True)
    shown = Shown(row.pk, 1, log_card(issue))
    fact = ViewingMade(shown, by, str(ground.post.id), str(what), str(of), str(ground.reason))
    root = issue.place.split("/", 1)[0]
    record(None, Change(fact, None, of_desk(issue, root)), at=at, centre_id=issue.centre_id)
