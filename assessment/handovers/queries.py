"""Reads of handovers: for the desk, which alone has them. Frozen values out; nothing here writes or locks."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final, cast
from uuid import UUID

from django.db.models import Q, QuerySet

from assessment.handovers.log import ShiftLog, log_of
from assessment.handovers.models import LONGEST, Handover
from assessment.handovers.sheet import Sheet, sheet_of
from assessment.handovers.states import WAITING, State
from command.access import PersonActor
from command.duty.attendance import post_of_the_desk
from command.people.models import Post
from command.sealing import SealedText
from dispatch.matter.texts.masking import mask_text
from dispatch.reading.calls import call_objects
from dispatch.reading.issues import snapshot_objects
from dispatch.reading.pages import position
from realtime.feed import clock
from realtime.feed.errors import NotFound

LISTED: Final = 30
NOTES: Final = SealedText(b"relay60.handover")  # for the next shift, at rest
_WHOLE: Final = ("giver__person", "taker__person")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: the post and its holder's name."""

    post: UUID
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A handover as a list has it. `giver` None: nobody gave, it was taken over alone."""

    id: UUID
    version: int
    state: State
    since: datetime
    at: datetime
    giver: Signer | None
    taker: Signer | None
    taken_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class WholeHandover:
    """With the sheet, and the notes: as they were typed for the screen, masked for paper."""

    handover: HandoverView
    sheet: Sheet
    notes: str | None
    notes_masked: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a handover would say now, since when the shift runs, and what waits to be taken over.

    post  by which the actor would sign
    """

    post: UUID
    since: datetime
    at: datetime
    sheet: Sheet
    waiting: HandoverView | None
    before: HandoverView | None


def standing(*, actor: PersonActor) -> Standing:
    """The sheet as it is now. Raises NotFound for who is not of the desk. Seven statements."""
    held = desk_post(actor)
    at = clock.at(None)
    waiting = _of(actor).filter(state=WAITING).select_related(*_WHOLE).first()
    before = last_taken(actor.centre_id)
    return Standing(
        held,
        since_of(before, at),
        at,
        sheet_now(actor, at),
        view(waiting) if waiting else None,
        view(before) if before else None,
    )


def handovers(*, actor: PersonActor, before: str | None = None) -> list[HandoverView]:
    """The desk's handovers, the newest first, 30 a page.

    before  at and id of the last one of the page before, with `~` between
    Raises NotFound for who is not of the desk, Invalid. One statement.
    """
    desk_post(actor)
    rows = _of(actor).select_related(*_WHOLE).order_by("-at", "-pk").defer("sheet", "sealed_notes")
    if before is not None:
        at, last = position(before)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=last))
    return [view(row) for row in rows[:LISTED]]


def handover(handover_id: UUID, *, actor: PersonActor) -> WholeHandover:
    """One handover, whole. Raises NotFound for who is not of the desk. One statement."""
    row = _row(handover_id, actor)
    notes = NOTES.opened(bytes(row.sealed_notes), row.pk) if row.sealed_notes is not None else None
    return WholeHandover(view(row), cast(Sheet, row.sheet), notes, mask_text(notes) if notes else None)


def log_of_shift(handover_id: UUID, *, actor: PersonActor) -> ShiftLog:
    """What happened in the shift that a handover ended. Raises NotFound. Three statements."""
    row = _row(handover_id, actor)
    return log_of(actor, row.since, row.at)


def log_so_far(*, actor: PersonActor) -> ShiftLog:
    """What happened since the last handover. Raises NotFound for who is not of the desk. Four statements."""
    desk_post(actor)
    at = clock.at(None)
    return log_of(actor, since_of(last_taken(actor.centre_id), at), at)


def desk_post(actor: PersonActor) -> UUID:
    """The post by which somebody of the desk signs. Raises NotFound for everybody else: there is no such thing."""
    held = post_of_the_desk(actor)
    if held is None:
        raise no_such_handover()
    return held.id


def no_such_handover() -> NotFound:
    """What is not there, and for everybody who is not of the desk nothing is."""
    return NotFound("handover.not_found", "没有这份交接班记录，或您不是值班席的人。")


def last_taken(centre_id: UUID) -> Handover | None:
    """The desk's last handover that was taken over, with who signed it. One statement."""
    rows = Handover.objects.filter(centre_id=centre_id, state=State.TAKEN)
    return rows.select_related(*_WHOLE).order_by("-at").first()


def since_of(last: Handover | None, at: datetime) -> datetime:
    """Since when a shift runs that ends at `at`: the handover before it, at most 24 hours back."""
    return max(last.at, at - LONGEST) if last else at - LONGEST


def sheet_now(actor: PersonActor, at: datetime) -> Sheet:
    """What stands now, as far as the actor sees issues. Raises Forbidden. Two statements."""
    scope = actor.scope_for("issues.read")
    centre = actor.centre_id
    return sheet_of(chain(snapshot_objects(scope, centre), call_objects(scope, centre)), at)


def view(row: Handover) -> HandoverView:
    """The value of a row whose posts and persons are loaded."""
    return HandoverView(
        row.pk,
        row.version,
        State(row.state),
        row.since,
        row.at,
        _signer(row.giver),
        _signer(row.taker),
        row.taken_at,
        row.withdrawn_at,
    )


def _of(actor: PersonActor) -> QuerySet[Handover]:
    return Handover.objects.filter(centre_id=actor.centre_id)


def _row(handover_id: UUID, actor: PersonActor) -> Handover:
    desk_post(actor)
    row = _of(actor).select_related(*_WHOLE).filter(pk=handover_id).first()
    if row is None:
        raise no_such_handover()
    return row


def _signer(post: Post | None) -> Signer | None:
    return Signer(post.pk, str(post.role), post.person.name) if post else None
