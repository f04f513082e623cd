"""The administrator's writers of units and their contacts: key, lock, authorise, check, version, save, record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from command.access import Right
from command.kept import change_of
from command.organisations.facts import UnitCard, UnitChanged
from command.people.models import Post
from command.people.obligations import open_of
from command.people.queries import held_now
from command.units.departments import TIER_OF_KIND, Kind, Rank, Stationing
from command.units.models import Centre, Unit, UnitContact
from command.versions import must_match
from gis.grid.models import Cell
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Command, Json
from realtime.feed.errors import Conflict, Invalid, NotFound

MOST_CONTACTS: Final = 20
_NOTHING: Final[Mapping[str, Json]] = {}


@dataclass(frozen=True, slots=True)
class AddedUnit:
    """A unit to be added, its form checked. `cell_id`: the place that it answers for; None: the whole centre."""

    code: str
    name: str
    short: str
    kind: Kind
    stationing: Stationing
    cell_id: UUID | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One contact of an ordered list."""

    post_id: UUID
    rank: Rank


@transaction.atomic(durable=True)
def add(new: AddedUnit, *, cmd: Command) -> Answer:
    """Adds a unit. Raises Forbidden, NotFound for a foreign cell, Invalid, Conflict for a code that was ever given."""
    once(cmd)
    # Locked: either an import that ends the cell sees its unit, or this sees that the cell has ended.
    cells = Cell.objects.select_for_update(no_key=True).filter(centre_id=cmd.actor.centre_id, valid_until=None)
    cell = cells.defer("polygon").filter(pk=new.cell_id).first() if new.cell_id else None
    if new.cell_id and cell is None:
        raise NotFound("unit.not_found", "没有这个单位或网格。")
    cmd.actor.must(Right.ADMIN_UNITS)
    centre = Centre.objects.select_for_update(no_key=True).only("id", "code").get(pk=cmd.actor.centre_id)
    if new.kind is Kind.DESK:
        raise Invalid("unit.second_desk", "每个中心只有一个值班席。", field="kind", remedy="请选择其他类别。")
    tier = TIER_OF_KIND.get(new.kind)
    if tier and (cell is None or cell.tier != tier):
        raise Invalid(
            "unit.place_missing", "这类单位必须指定所辖的镇街或村社。", field="cell", remedy="请选择相应层级的辖区。"
        )
    if Unit.objects.filter(centre=centre, code=new.code).exists():
        raise Conflict("unit.code_taken", "这个代码已用过。", field="code", remedy="代码不重复使用，请换一个。")
    unit = Unit(
        id=uuid4(),
        centre=centre,
        code=new.code,
        name=new.name,
        short=new.short,
        kind=new.kind,
        stationing=new.stationing,
        cell_path=cell.path if cell else None,
    )
    return _saved(unit, "added", cmd)


@transaction.atomic(durable=True)
def rename(unit_id: UUID, name: str, short: str, *, expected: int | None, cmd: Command) -> Answer:
    """Renames a unit; its code stays. Raises NotFound, Forbidden, StaleVersion."""
    once(cmd)
    unit = _lock(unit_id, cmd)
    cmd.actor.must(Right.ADMIN_UNITS)
    must_match(expected, unit.version)
    unit.name, unit.short = name, short
    return _saved(unit, "renamed", cmd)


@transaction.atomic(durable=True)
def retire(unit_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Takes a unit out of use: nothing is sent to it any more, what it did stays its own.

    Raises NotFound, Forbidden, Conflict when it is retired, is the duty desk, has open orders or issues, or posts;
    StaleVersion.
    """
    once(cmd)
    unit = _lock(unit_id, cmd)
    cmd.actor.must(Right.ADMIN_UNITS)
    if unit.retired_at is not None:
        raise Conflict("unit.retired", "该单位已撤销。")
    must_match(expected, unit.version)
    if unit.kind == Kind.DESK:
        raise Conflict("unit.is_the_desk", "值班席不能撤销。")
    if waiting := open_of(unit.pk):
        raise Conflict(
            "unit.has_open_orders",
            f"「{unit.short}」还有 {waiting} 件未办结，不能撤销。",
            remedy="请先由值班席撤回或改派这些派遣单。",
            extra={"open_orders": waiting},
        )
    if posts := Post.objects.filter(unit=unit, active_until=None).count():
        raise Conflict(
            "unit.has_posts",
            f"「{unit.short}」还有 {posts} 个在任岗位，不能撤销。",
            remedy="请先结束这些岗位。",
            extra={"posts": posts},
        )
    unit.retired_at = clock.at(None)
    return _saved(unit, "retired", cmd)


@transaction.atomic(durable=True)
def order_contacts(unit_id: UUID, listed: Sequence[Listed], *, expected: int | None, cmd: Command) -> Answer:
    """Says whom of a unit to call, in which order; an empty list: its liaisons, then its leaders.

    Raises NotFound (unit, or a post that is not held in this centre now), Forbidden, Invalid for a post named twice or
    more than 20, StaleVersion.
    """
    once(cmd)
    unit = _lock(unit_id, cmd)
    posts = {entry.post_id for entry in listed}
    held = Post.objects.filter(held_now(), pk__in=posts, unit__centre_id=unit.centre_id)
    if set(held.values_list("pk", flat=True)) != posts:
        raise NotFound("post.not_found", "没有这个岗位。")
    cmd.actor.must(Right.ADMIN_UNITS)
    if len(posts) != len(listed) or len(listed) > MOST_CONTACTS:
        raise Invalid(
            "unit.contacts_invalid",
            f"联系人不能重复，最多 {MOST_CONTACTS} 人。",
            field="contacts",
            remedy="请核对名单。",
        )
    must_match(expected, unit.version)
    UnitContact.objects.filter(unit=unit).delete()
    UnitContact.objects.bulk_create(
        UnitContact(unit=unit, post_id=entry.post_id, rank=entry.rank, place=place)
        for place, entry in enumerate(listed, start=1)
    )
    ordered: list[Json] = [{"post": str(entry.post_id), "rank": str(entry.rank)} for entry in listed]
    return _saved(unit, "contacts_ordered", cmd, {"contacts": ordered})


def _lock(unit_id: UUID, cmd: Command) -> Unit:
    rows = Unit.objects.select_for_update(no_key=True, of=("self",)).select_related("centre")
    unit = rows.filter(pk=unit_id, centre_id=cmd.actor.centre_id).first()
    if unit is None:
        raise NotFound("unit.not_found", "没有这个单位。")
    return unit


def unit_card(unit: Unit) -> UnitCard:
    """The unit's card."""
    return {"code": unit.code, "kind": str(unit.kind), "open": False, "retired": unit.retired_at is not None}


def _saved(unit: Unit, change: str, cmd: Command, said: Mapping[str, Json] = _NOTHING) -> Answer:
    unit.version += 1
    unit.save()
    fact = UnitChanged(
        object_id=unit.pk, version=unit.version, change=change, by=cmd.actor.principal, card=unit_card(unit), said=said
    )
    return record(cmd, change_of(fact, unit.centre.code), at=clock.at(None))
