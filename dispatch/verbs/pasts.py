"""The only writer of a centre's past: numbers are reserved once, and each issue of it is counted with its own commit.

No fact tells how far it is: nobody waits for it, and it ends by itself.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from command.units.models import Centre
from dispatch.matter.issues.models import Past
from dispatch.verbs.numbers import reserve

_FILLED_IN = """
UPDATE issues_past SET filled_in = filled_in + %s, reached = greatest(reached, %s),
    completed_at = CASE WHEN filled_in + %s = issues THEN clock_timestamp() END
WHERE centre_id = %s
"""


@transaction.atomic(durable=True)
def begin(centre_id: UUID, *, numbers: int, issues: int, as_of: datetime, until: datetime) -> Past:
    """The past of a centre: the one that was begun, or a new one with its numbers reserved.

    numbers  how many are reserved, for the past and for what is entered with it
    issues   how many of these belong to the past
    as_of    UTC; the instant from which the times of all of them are counted back
    until    UTC; all that belongs to the past happened before
    """
    Centre.objects.select_for_update(no_key=True).get(pk=centre_id)
    known = Past.objects.filter(pk=centre_id).first()
    if known is not None:
        return known
    first = reserve(centre_id, numbers)
    return Past.objects.create(centre_id=centre_id, first_number=first, issues=issues, as_of=as_of, until=until)


def count_in(centre_id: UUID, issues: int, *, reached: datetime) -> None:
    """So many more of its issues are in, the latest of them reported at `reached` (UTC). Within their transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_FILLED_IN, [issues, reached, issues, centre_id])
