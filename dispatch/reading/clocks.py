"""Reads of clocks and escalations. Scoped; nothing here writes or locks."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from dispatch.matter.cards.clocks import EscalationCard, escalation_card
from dispatch.matter.clocks.models import Escalation
from dispatch.matter.clocks.seeing import audience_of
from realtime.feed.contract import Scope
from realtime.feed.objects import ShownObject
from realtime.feed.queries import latest_facts


@dataclass(frozen=True, slots=True)
class EscalationView:
    """A step of the ladder that was told, as an issue's detail shows it."""

    id: UUID
    card: EscalationCard


def escalation_objects(scope: Scope, centre_id: UUID) -> Iterator[ShownObject]:
    """The breaches that wait for an answer, as their latest facts show them. One statement."""
    rows = _waiting(centre_id).order_by().values_list("pk", "version")
    return (shown for shown in latest_facts(centre_id, rows) if scope.sees(shown.audience))


def escalation_rows(scope: Scope, centre_id: UUID, *, among: tuple[UUID, UUID] | None = None) -> Iterator[ShownObject]:
    """The same, built from the rows alone: what `reconcile` and the tests hold against the feed. One statement.

    among  the first and the last id of the issues whose breaches are read; None: all
    """
    rows = _waiting(centre_id).select_related("issue", "clock")
    for row in rows.filter(issue_id__gte=among[0], issue_id__lte=among[1]) if among else rows:
        audience = audience_of(row.issue, row)
        if scope.sees(audience):
            card = escalation_card(row.issue, row.clock, row)
            yield ShownObject.of_card("escalation", row.pk, row.version, card, audience)


def escalations_of(issue_id: UUID, scope: Scope) -> list[EscalationView]:
    """What the ladder told of an issue, in order, as far as a scope may know it. One statement."""
    rows = Escalation.objects.filter(issue_id=issue_id).select_related("issue", "clock").order_by("told_at", "percent")
    return [
        EscalationView(row.pk, escalation_card(row.issue, row.clock, row))
        for row in rows
        if scope.sees(audience_of(row.issue, row))
    ]


def _waiting(centre_id: UUID) -> QuerySet[Escalation]:
    return Escalation.objects.filter(issue__centre_id=centre_id, ended_at=None)
