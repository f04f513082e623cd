"""Makes a report from what was asked: reads, counts, draws. The worker's duty; no gateway ever does it.

A second or two of one processor: in a gateway it would hold every screen's facts back that long.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from assessment.situation import actions
from assessment.situation.actions import Taken
from assessment.situation.html_page import html_page
from assessment.situation.namesakes import above, apart
from assessment.situation.pdf_page import pdf_page
from assessment.situation.periods import Period
from assessment.situation.reading import Material, read_material
from assessment.situation.report import Ground, Names, Place, Situation, Source, situation_of
from assessment.situation.states import FileKind
from assessment.situation.words import FAMILIES, NONE, word
from command.catalogue.queries import items
from command.channels.queries import channels
from command.organisations.queries import centre
from command.people.queries import done_by
from command.units.departments import Kind
from command.units.models import Unit
from dispatch.reading.pasts import past_being_filled_in
from gis.grid.queries import CellShape, shapes
from gis.grid.tiers import ORDER, Tier

logger = logging.getLogger(__name__)
READ: Final = 40  # percent of the work, as measured at a county's scale
COUNTED: Final = 55
DRAWN: Final = 70
_OF_PLACES: Final = (Kind.TOWNSHIP_CENTRE, Kind.COMMUNITY_CENTRE)


def make_next() -> int:
    """Makes the report that has waited longest. How many were made: 1 or 0. A failure is logged and tried again."""
    taken = actions.take()
    if taken is None:
        return 0
    try:
        situation, material = situation_for(taken, say=lambda percent: actions.say_progress(taken, percent))
        actions.say_progress(taken, COUNTED)
        page = html_page(situation).encode()
        actions.say_progress(taken, DRAWN)
        files = {FileKind.HTML: page, FileKind.PDF: pdf_page(situation)}
        return int(actions.keep(taken, files, counted=material.counted, counted_at=material.counted_at))
    except Exception:
        logger.exception("situation report %s could not be made at attempt %d", taken.id, taken.attempt)
        actions.give_back(taken)
        return 0


def situation_for(taken: Taken, *, say: Callable[[int], None] = lambda percent: None) -> tuple[Situation, Material]:
    """Reads and counts; `say` is told each whole tenth of the way."""
    told = 0

    def progress(share: float) -> None:
        nonlocal told
        if (percent := int(share * READ) // 10 * 10) > told:
            told = percent
            say(percent)

    past = past_being_filled_in(taken.centre_id)  # first: what it lacks then, may be in what is read
    lacking = past if past is not None and taken.start < past.until else None
    material = read_material(taken.centre_id, taken.place, taken.start, progress=progress)
    situation = situation_of(
        material.histories,
        material.relays,
        material.sensitive,
        ground=ground_of(taken.centre_id, taken.place),
        names=names_of(taken.centre_id),
        period=Period(taken.start.timestamp(), taken.end.timestamp()),
        zone=ZoneInfo(settings.TIME_ZONE),
        source=Source(material.counted.epoch, material.counted.seq, material.counted_at, material.facts, lacking),
        asked_by=done_by([taken.by], taken.centre_id)[taken.by].unit or NONE,
    )
    return situation, material


def names_of(centre_id: UUID) -> Names:
    """Items, channels and units of a centre, the retired too: issues may still name them. Three statements."""
    known = items(centre_id)
    units = Unit.objects.filter(centre_id=centre_id).order_by("code")
    called = {str(unit.pk): unit.short or unit.name for unit in units}
    places = {unit.cell_path: called[str(unit.pk)] for unit in units if unit.cell_path and unit.kind in _OF_PLACES}
    lies = {str(unit.pk): above(unit.cell_path or "", places) for unit in units}
    codes = {str(unit.pk): f"代码 {unit.code}" for unit in units}
    return Names(
        {code: item.item_zh for code, item in known.items()},
        {code: item.category_zh for code, item in known.items()},
        {code: word(FAMILIES, channel.source_family) for code, channel in channels(centre_id).items()},
        apart(called, lies, codes),
    )


def ground_of(centre_id: UUID, path: str) -> Ground:
    """The place, the areas of the tier below it and its grids. Two statements."""
    found = shapes(centre_id, path, [Tier.TOWNSHIP, Tier.COMMUNITY, Tier.GRID])
    place = next(shape for shape in found if shape.path == path)
    below = [tier for tier in ORDER if tier in {shape.tier for shape in found if shape.path != path}]
    area_tier = str(below[0]) if below else place.tier
    areas = {shape.path: shape for shape in found if shape.tier == area_tier and shape.path != path}
    holding = {shape.path: shape.name for shape in found}
    called = apart(
        {key: shape.name for key, shape in areas.items()},
        {key: above(key, holding) for key in areas},
        {key: f"代码 {key.rpartition('/')[2]}" for key in areas},
    )
    return Ground(
        centre(centre_id).name,
        _place(place),
        tuple(replace(_place(shape), name=called[key]) for key, shape in areas.items()),
        tuple(_place(shape) for shape in found if shape.tier == Tier.GRID and shape.path != path),
        area_tier,
        str(Tier.GRID) if below else place.tier,
    )


def _place(shape: CellShape) -> Place:
    return Place(shape.path, shape.name, shape.tier, shape.outline, shape.middle)
