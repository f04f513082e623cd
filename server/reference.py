"""What screens need to name things: catalogue, units, channels, listed grounds and outcomes."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from command.catalogue.contract import Level
from command.catalogue.queries import items
from command.channels.queries import channels
from command.organisations.queries import units
from command.people.authentication import BY_ANYBODY, actor_of
from command.people.queries import units_with_liaison
from dispatch.matter.issues.outcomes import Ground, Outcome
from dispatch.matter.issues.places import CellCard, cell_card
from dispatch.matter.orders.models import Result
from gis.grid.models import Cell

router = Router(tags=["reference"], auth=BY_ANYBODY)


class ItemOut(Schema):
    """One item of the catalogue; `retired`: only older issues have it."""

    code: str
    category: str
    category_zh: str
    item_zh: str
    kind: str
    lead_department: str
    level: Level
    urgent: bool
    sensitive: bool
    keywords: list[str]
    co_departments: list[str]
    on_scene_within_min: int | None
    retired: bool


class UnitOut(Schema):
    """A unit; `has_liaison`: an order can be sent to it now; `place`: the path of the cell that it answers for."""

    id: UUID
    code: str
    name: str
    short: str
    kind: str
    place: str | None
    has_liaison: bool


class ChannelOut(Schema):
    """A channel and its source family; `retired`: only older reports came by it; `added`: by the centre itself."""

    code: str
    name_zh: str
    source_family: str
    retired: bool
    added: bool


class NamedOut(Schema):
    """A listed word."""

    code: str
    name_zh: str


class ReferenceOut(Schema):
    """All of it."""

    catalogue: list[ItemOut]
    units: list[UnitOut]
    channels: list[ChannelOut]
    cells: CellCard | None
    decline_grounds: list[NamedOut]
    outcomes: list[NamedOut]
    results: list[NamedOut]


@router.get("/reference", response=ReferenceOut)
def read_reference(request: HttpRequest) -> ReferenceOut:
    """The caller's centre: its units and root cell, and the words that all centres share."""
    centre_id = actor_of(request).centre_id
    answering = units_with_liaison(centre_id)
    root = Cell.objects.defer("polygon").filter(centre_id=centre_id, parent=None, valid_until=None).first()
    return ReferenceOut(
        catalogue=[ItemOut.model_validate(item, from_attributes=True) for item in items(centre_id).values()],
        units=[
            UnitOut(
                id=unit.id,
                code=unit.code,
                name=unit.name,
                short=unit.short,
                kind=unit.kind,
                place=unit.cell_path,
                has_liaison=unit.id in answering,
            )
            for unit in units(centre_id)
        ],
        channels=[ChannelOut.model_validate(channel, from_attributes=True) for channel in channels(centre_id).values()],
        cells=cell_card(root),
        decline_grounds=[NamedOut(code=ground, name_zh=ground.zh) for ground in Ground],
        outcomes=[NamedOut(code=outcome, name_zh=outcome.zh) for outcome in Outcome],
        results=[NamedOut(code=result, name_zh=result.zh) for result in Result],
    )
