"""Units that are about to be sent something: held as they are, and who of them somebody answers for."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from command.organisations.queries import UnitInfo
from command.people.obligations import HOLD
from command.people.queries import LIAISONS
from realtime.feed.statements import ask

_STANDING: Final = """
SELECT id, centre_id, code, name, short, kind, cell_path FROM organisations_unit
WHERE centre_id = %s AND id = ANY(%s) AND retired_at IS NULL
"""
_ANSWERING: Final = """
SELECT o.unit_id, o.id FROM people_post o JOIN people_person p ON p.id = o.person_id
JOIN organisations_unit u ON u.id = o.unit_id, relay_at(NULL) AS now(at)
WHERE u.centre_id = %s AND o.unit_id = ANY(%s) AND o.role = ANY(%s) AND p.is_active
AND o.active_from <= now.at AND (o.active_until IS NULL OR o.active_until > now.at)
"""


@dataclass(frozen=True, slots=True)
class Held:
    """Units in use, by id, and the posts of those who answer for them now: a unit that nobody answers for has none."""

    units: Mapping[UUID, UnitInfo]
    liaisons: Mapping[UUID, frozenset[UUID]]


def hold_answering(centre_id: UUID, unit_ids: Collection[UUID]) -> Held:
    """Until the end of the transaction these units stay in use and keep who answers for them. One round trip.

    As `hold_units`; what is read, is read once they are held.
    """
    keys = list(unit_ids)
    statements = (HOLD, [keys]), (_STANDING, [centre_id, keys]), (_ANSWERING, [centre_id, keys, list(LIAISONS)])
    _, standing, answering = ask(statements)
    liaisons: dict[UUID, set[UUID]] = defaultdict(set)
    for unit_id, post_id in answering:
        liaisons[unit_id].add(post_id)
    return Held(
        {row[0]: UnitInfo(*row) for row in standing}, {unit: frozenset(posts) for unit, posts in liaisons.items()}
    )
