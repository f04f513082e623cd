"""What others have changed since somebody looked: scoped to what they may see of it now. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from command.settings.queries import settings_of
from dispatch.matter.aggregate.locks import with_places
from dispatch.matter.aggregate.visible import visible
from dispatch.matter.cards.issues import IssueCard
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import OPEN
from dispatch.matter.unseen.models import Look, UnseenChange
from dispatch.reading.issues import views
from realtime.feed import clock
from realtime.feed.contract import Actor, Audience, AudienceClass
from realtime.feed.queries import head


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One fact that marks an issue. `danger`: numbers to call that its words sound like."""

    seq: int
    at: datetime
    name: str
    danger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """An issue with what others changed. Version and card only where it is on no board any more."""

    id: UUID
    changes: tuple[ChangeView, ...]
    version: int | None
    card: IssueCard | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """All marked issues of one person, as of a position in the feed."""

    seq: int
    issues: tuple[Marked, ...]


def unseen(*, actor: Actor) -> Unseen:
    """What others changed about issues of the actor's scope since the actor looked, within the centre's days.

    Open issues, and ended ones of what came after their end. Raises Forbidden. Eight statements at most, by the indexes
    of open issues and of their changes: none reads what ended long ago.
    """
    end = head(actor.centre_id)  # first: what is told behind it is heard by the socket
    days = settings_of(actor.centre_id).unseen_kept_days
    seen = Look.objects.filter(principal=actor.principal, issue=OuterRef("issue"), seq__gte=OuterRef("seq"))
    mine = Issue.objects.filter(visible(actor.scope), pk=OuterRef("issue"), centre_id=actor.centre_id)
    rows = UnseenChange.objects.filter(
        ~Exists(seen), Exists(mine), centre_id=actor.centre_id, at__gte=clock.at(None) - timedelta(days=days)
    ).exclude(by=actor.principal)
    found: dict[UUID, list[ChangeView]] = {}
    gone: set[UUID] = set()
    known: dict[tuple[str, ...], bool] = {}  # thousands of changes have few audiences
    columns = ("issue_id", "issue__state", "seq", "at", "name", "danger", "audience_class", "tokens")
    for issue_id, state, seq, at, name, danger, audience_class, tokens in rows.order_by("seq").values_list(*columns):
        key = (audience_class, *tokens)
        if key not in known:
            known[key] = actor.scope.sees(Audience(tuple(tokens), AudienceClass.of_wire(audience_class)))
        if known[key]:
            found.setdefault(issue_id, []).append(ChangeView(seq, at, name, tuple(danger)))
            if state not in OPEN:
                gone.add(issue_id)
    ended = with_places().filter(pk__in=gone)
    cards = {view.id: view for view in views(list(ended))}
    return Unseen(
        end.seq,
        tuple(
            Marked(key, tuple(changes), view.version if view else None, view.card if view else None)
            for key, changes, view in ((key, changes, cards.get(key)) for key, changes in found.items())
        ),
    )
