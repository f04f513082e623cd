"""The only writers of the catalogue after the founding: key, lock, authorise, check, version, save, record."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from command.access import Right
from command.catalogue.contract import Level
from command.catalogue.facts import CatalogueItemCard, CatalogueItemChanged
from command.catalogue.models import CatalogueItem
from command.kept import change_of
from command.units.departments import TOWNSHIP
from command.units.models import Centre, Unit
from command.versions import must_match
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Terms:
    """What the centre decides about an item; code, category and names are not among them."""

    lead_department: str
    co_departments: tuple[str, ...]
    level: Level
    keywords: tuple[str, ...]
    urgent: bool
    on_scene_within_min: int | None
    sensitive: bool


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be added, its form checked."""

    code: str
    category: str
    category_zh: str
    item_zh: str
    kind: str
    terms: Terms


@transaction.atomic(durable=True)
def add(new: NewItem, *, cmd: Command) -> Answer:
    """Adds an item. Raises Forbidden, Conflict for a code that was ever given, Invalid as `amend`."""
    once(cmd)
    cmd.actor.must(Right.ADMIN_CATALOGUE)
    centre = Centre.objects.select_for_update(no_key=True).only("id", "code").get(pk=cmd.actor.centre_id)
    if CatalogueItem.objects.filter(centre=centre, code=new.code).exists():
        raise Conflict(
            "catalogue.code_taken",
            "这个代码已用过。",
            field="code",
            remedy="代码不重复使用，请换一个；或启用原有的事项。",
        )
    row = CatalogueItem(
        id=uuid4(),
        centre=centre,
        code=new.code,
        category=new.category,
        category_zh=new.category_zh,
        item_zh=new.item_zh,
        kind=new.kind,
    )
    _set(row, new.terms)
    return _saved(row, "added", cmd)


@transaction.atomic(durable=True)
def amend(item_id: UUID, terms: Terms, *, expected: int | None, cmd: Command) -> Answer:
    """Decides otherwise about an item, for issues that come from now on.

    Raises NotFound, Forbidden, Invalid for a unit that the centre does not have, or an urgent item without a time to
    be on the scene; StaleVersion.
    """
    once(cmd)
    row = _lock(item_id, cmd)
    cmd.actor.must(Right.ADMIN_CATALOGUE)
    must_match(expected, row.version)
    _set(row, terms)
    return _saved(row, "amended", cmd)


@transaction.atomic(durable=True)
def retire(item_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Takes an item out of use: older issues keep it. Raises NotFound, Forbidden, Conflict, StaleVersion."""
    once(cmd)
    row = _lock(item_id, cmd)
    cmd.actor.must(Right.ADMIN_CATALOGUE)
    if row.retired_at is not None:
        raise Conflict("catalogue.retired", "该事项已停用。")
    must_match(expected, row.version)
    if not CatalogueItem.objects.filter(centre=row.centre, retired_at=None).exclude(pk=row.pk).exists():
        raise Conflict(
            "catalogue.last", "这是目录中最后一个在用的事项，不能停用。", remedy="请先添加或启用另一个事项。"
        )
    row.retired_at = clock.at(None)
    return _saved(row, "retired", cmd)


@transaction.atomic(durable=True)
def reinstate(item_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Takes a retired item into use again. Raises NotFound, Forbidden, Conflict, StaleVersion."""
    once(cmd)
    row = _lock(item_id, cmd)
    cmd.actor.must(Right.ADMIN_CATALOGUE)
    if row.retired_at is None:
        raise Conflict("catalogue.in_use", "该事项正在使用。")
    must_match(expected, row.version)
    row.retired_at = None
    return _saved(row, "reinstated", cmd)


def _lock(item_id: UUID, cmd: Command) -> CatalogueItem:
    Centre.objects.select_for_update(no_key=True).only("id").get(pk=cmd.actor.centre_id)
    rows = CatalogueItem.objects.select_for_update(no_key=True, of=("self",)).select_related("centre")
    row = rows.filter(pk=item_id, centre_id=cmd.actor.centre_id).first()
    if row is None:
        raise NotFound("catalogue.not_found", "目录中没有这个事项。")
    return row


def _set(row: CatalogueItem, terms: Terms) -> None:
    known = set(Unit.objects.filter(centre_id=row.centre_id, retired_at=None).values_list("code", flat=True))
    unknown = [code for code in (terms.lead_department, *terms.co_departments) if code not in known | {TOWNSHIP}]
    if unknown:
        raise Invalid(
            "catalogue.department_unknown",
            f"没有在用的单位「{'、'.join(unknown)}」。",
            field="lead_department",
            rule="事项·类别",
            remedy="请从单位列表中选择。",
        )
    if terms.urgent and terms.on_scene_within_min is None:
        raise Invalid(
            "catalogue.urgent_without_minutes",
            "紧急事项须规定到场时间。",
            field="on_scene_within_min",
            rule="事项",
            remedy="请填写分钟数。",
        )
    row.lead_department, row.co_departments = terms.lead_department, list(terms.co_departments)
    row.level, row.keywords = terms.level, list(terms.keywords)
    row.urgent, row.on_scene_within_min, row.sensitive = terms.urgent, terms.on_scene_within_min, terms.sensitive


def _saved(row: CatalogueItem, change: str, cmd: Command) -> Answer:
    row.version += 1
    row.save()
    card: CatalogueItemCard = {
        "code": row.code,
        "level": str(row.level),
        "open": False,
        "retired": row.retired_at is not None,
        "sensitive": row.sensitive,
        "urgent": row.urgent,
    }
    fact = CatalogueItemChanged(object_id=row.pk, version=row.version, change=change, by=cmd.actor.principal, card=card)
    return record(cmd, change_of(fact, row.centre.code), at=clock.at(None))
