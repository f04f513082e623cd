"""The only writers of handovers: one of the desk gives, another takes over; who gave withdraws what nobody took."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from assessment.handovers.facts import HandoverCard, HandoverChanged
from assessment.handovers.models import Handover
from assessment.handovers.queries import NOTES, desk_post, last_taken, no_such_handover, sheet_now, since_of
from assessment.handovers.states import WAITING, State
from command.access import PersonActor, Role
from command.duty.attendance import ended
from command.kept import change_of
from command.organisations.queries import desk_id
from command.people.locks import person_acting
from command.units.models import Unit
from command.versions import must_match
from dispatch.matter.aggregate.notes import checked
from realtime.feed import clock
from realtime.feed.actions import once, record, wire_time
from realtime.feed.contract import Answer, Change, Command
from realtime.feed.errors import Conflict

RULE = "值班·交接班"


@transaction.atomic(durable=True)
def give(notes: str | None, *, cmd: Command) -> Answer:
    """交班: signs what stands now, for whoever begins. The giver's shift ends when somebody has taken over.

    notes  for the next shift
    Raises NotFound for who is not of the desk, Conflict while another handover waits, Invalid for notes that are empty,
    too long or hold what can't be kept.
    """
    once(cmd)
    actor = person_acting(cmd)
    held = desk_post(actor)
    _lock(actor)
    _must_be_none(actor)
    row = _made(actor, notes)
    row.state, row.giver_id = State.GIVEN, held
    row.save(force_insert=True)
    return record(cmd, _told(row, "given", actor), at=row.at)


@transaction.atomic(durable=True)
def take_alone(notes: str | None, *, cmd: Command) -> Answer:
    """接班 where nobody gives: the sheet of this instant, with the taker's name alone. Raises as `give`."""
    once(cmd)
    actor = person_acting(cmd)
    held = desk_post(actor)
    _lock(actor)
    _must_be_none(actor)
    row = _made(actor, notes)
    row.state, row.taker_id, row.taken_at = State.TAKEN, held, row.at
    row.save(force_insert=True)
    return record(cmd, _told(row, "taken_alone", actor), at=row.at)


@transaction.atomic(durable=True)
def take(handover_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """接班: takes over what was given, as the sheet has it. The giver's shift ends with it.

    Raises NotFound, Conflict for one that was taken or withdrawn, or that the taker gave, VersionRequired,
    StaleVersion.
    """
    once(cmd)
    actor = person_acting(cmd)
    held = desk_post(actor)
    row = _waiting(handover_id, actor)
    if row.giver is not None and row.giver.person_id == actor.person_id:
        raise Conflict(
            "handover.own",
            "这是您自己交的班，须由另一人接班。",
            rule=RULE,
            remedy="没有人接班时，请先撤回，再继续值守。",
        )
    must_match(expected, row.version)
    row.state, row.taker_id, row.taken_at = State.TAKEN, held, clock.at(row.at)
    row.version += 1
    row.save(update_fields=["state", "taker", "taken_at", "version"])
    over = ended(row.giver_id, actor, row.taken_at) if row.giver_id else None
    return record(cmd, *[one for one in (_told(row, "taken", actor), over) if one], at=row.taken_at)


@transaction.atomic(durable=True)
def withdraw(handover_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """撤回: who gave, or a duty lead, takes back what nobody has taken over: the shift goes on.

    Raises NotFound, Conflict for one that was taken or withdrawn, or is another officer's, VersionRequired,
    StaleVersion.
    """
    once(cmd)
    actor = person_acting(cmd)
    desk_post(actor)
    row = _waiting(handover_id, actor)
    own = row.giver is not None and row.giver.person_id == actor.person_id
    leads = any(post.role == Role.DUTY_LEAD or post.deputises for post in actor.posts)
    if not own and not leads:
        raise Conflict("handover.not_own", "只有交班人本人或值班长可以撤回。", rule=RULE)
    must_match(expected, row.version)
    row.state, row.withdrawn_at = State.WITHDRAWN, clock.at(row.at)
    row.version += 1
    row.save(update_fields=["state", "withdrawn_at", "version"])
    return record(cmd, _told(row, "withdrawn", actor), at=row.withdrawn_at)


def _lock(actor: PersonActor) -> None:
    """One after the other at a desk."""
    Unit.objects.select_for_update(no_key=True, of=("self",)).only("id").get(pk=desk_id(actor.centre_id))


def _must_be_none(actor: PersonActor) -> None:
    if Handover.objects.filter(centre_id=actor.centre_id, state=WAITING).exists():
        raise Conflict(
            "handover.waits",
            "已有一份交班记录等待接班。",
            rule=RULE,
            remedy="请先接班；交错了的，由交班人或值班长撤回后重新交班。",
        )


def _made(actor: PersonActor, notes: str | None) -> Handover:
    """A handover with the sheet of this instant, not yet signed."""
    words = checked(notes, "notes") if notes is not None else None
    last = last_taken(actor.centre_id)
    at: datetime = clock.at(last.at if last else None)
    row = Handover(id=uuid4(), centre_id=actor.centre_id, version=1, since=since_of(last, at), at=at)
    row.sheet = sheet_now(actor, at)
    row.sealed_notes = NOTES.seal(words, row.pk) if words else None
    return row


def _waiting(handover_id: UUID, actor: PersonActor) -> Handover:
    rows = Handover.objects.select_for_update(no_key=True, of=("self",)).select_related("giver")
    row = rows.filter(pk=handover_id, centre_id=actor.centre_id).first()
    if row is None:
        raise no_such_handover()
    if row.state != WAITING:
        raise Conflict(
            "handover.over",
            f"这份交班记录{State(row.state).zh}，不再等待接班。",
            rule=RULE,
            remedy="请刷新后查看最新的交接班记录。",
            extra={"state": str(row.state)},
        )
    return row


def _told(row: Handover, change: str, actor: PersonActor) -> Change:
    card: HandoverCard = {
        "at": wire_time(row.at),
        "giver": str(row.giver_id) if row.giver_id else None,
        "open": False,
        "since": wire_time(row.since),
        "state": str(row.state),
        "taker": str(row.taker_id) if row.taker_id else None,
    }
    fact = HandoverChanged(object_id=row.pk, version=row.version, change=change, by=actor.principal, card=card)
    return change_of(fact, actor.root)
