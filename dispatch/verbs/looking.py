"""Looking clears the mark. No command with a fact: it concerns nobody but who looks. And the duty that forgets."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from command.organisations.queries import centres
from command.settings.queries import settings_of
from dispatch.matter.aggregate.visible import must_see
from dispatch.matter.unseen.models import Look, UnseenChange
from realtime.feed import clock
from realtime.feed.contract import Actor

MOST_A_PASS: Final = 10_000

_LOOK: Final = """
INSERT INTO unseen_look (principal, issue_id, seq)
SELECT %(principal)s, %(issue)s,
    greatest(1, least(%(seq)s, (SELECT seq FROM feed_centre_head WHERE centre_id = %(centre)s)))
WHERE EXISTS (SELECT FROM unseen_unseenchange WHERE issue_id = %(issue)s AND seq <= %(seq)s)
ON CONFLICT (principal, issue_id) DO UPDATE SET seq = excluded.seq WHERE unseen_look.seq < excluded.seq
"""


def look(issue_id: UUID, seq: int, *, actor: Actor) -> None:
    """The actor has seen the issue as it was at `seq`: its marks up to there are gone, on all of the actor's screens.

    Idempotent, and a later position is never taken back. A position beyond the feed's end counts as the end.
    Raises NotFound outside the scope. Two statements.
    """
    must_see(issue_id, actor=actor)
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"principal": actor.principal, "issue": issue_id, "seq": seq, "centre": actor.centre_id})


def forget_old() -> int:
    """Removes marks older than their centre keeps them, and looks that clear nothing any more. How many.

    At most 10,000 of each centre a pass; the rows of what ends are removed with its last fact, by the database.
    """
    gone = 0
    for centre in centres():
        before = clock.at(None) - timedelta(days=settings_of(centre.id).unseen_kept_days)
        old = UnseenChange.objects.filter(centre_id=centre.id, at__lt=before).order_by("at")
        gone += UnseenChange.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:MOST_A_PASS])).delete()[0]
    marked = UnseenChange.objects.filter(issue=OuterRef("issue"))
    idle = Look.objects.filter(~Exists(marked)).values_list("pk", flat=True)
    return gone + Look.objects.filter(pk__in=list(idle[:MOST_A_PASS])).delete()[0]
