"""How another city's requests become reports, read from `maps/<name>.toml`. Pure: no Django, no database, no clock."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from command.catalogue import contract as catalogue
from command.channels import contract as channels
from command.units import departments
from gis.coordinates.systems import System
from gis.grid.generation import Counts

MAPS: Final = Path(__file__).parent / "maps"


class BadMap(ValueError):
    """A map that names what does not exist; lists every fault."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of the file holds what. `text` is several: the first, then what the others add."""

    number: str
    opened: str
    type: str
    department: str
    source: str
    text: tuple[str, ...]
    address: str
    lon: str
    lat: str

    def all(self) -> frozenset[str]:
        """Every column that must be in the file."""
        single = (self.number, self.opened, self.type, self.department, self.source, self.address, self.lon, self.lat)
        return frozenset((*single, *self.text))


@dataclass(frozen=True, slots=True)
class CentrePlan:
    """The centre that is made for the replay. `margin_deg`: how far its extent reaches beyond the positions' hull."""

    code: str
    name: str
    prefix: str
    counts: Counts
    margin_deg: float


@dataclass(frozen=True, slots=True)
class Map:
    """A whole map. `placeholders` are points (lon, lat) that the source uses for "no position"."""

    name: str
    centre: CentrePlan
    columns: Columns
    time_format: str
    zone: ZoneInfo
    system: System
    accuracy_m: float
    placeholders: frozenset[tuple[float, float]]
    channels: Mapping[str, str]
    default_channel: str
    units: Mapping[str, str]
    items_by_department: Mapping[str, str]
    items: Mapping[str, str]

    def item_of(self, kind: str, department: str) -> tuple[str | None, bool]:
        """The catalogue item of a request, and whether its type is listed by name; None: neither rule knows it."""
        if kind in self.items:
            return self.items[kind], True
        return self.items_by_department.get(department), False

    def channel_of(self, source: str) -> str:
        """The channel of a source."""
        return self.channels.get(source, self.default_channel)

    def all_channels(self) -> frozenset[str]:
        """Every channel that this map files through."""
        return frozenset((*self.channels.values(), self.default_channel))

    def answering_units(self) -> frozenset[str]:
        """The units that need somebody who answers: those of the city's departments, and the leads of all items."""
        leads = {catalogue.listed()[item].lead_department for item in self.items.values()}
        return frozenset(self.units.values()) | (leads - {departments.TOWNSHIP})


def load(name: str, folder: Path = MAPS) -> Map:
    """The map of that name. Raises FileNotFoundError (names what there is), BadMap."""
    path = folder / f"{name}.toml"
    if not path.is_file():
        there = ", ".join(sorted(found.stem for found in folder.glob("*.toml")))
        raise FileNotFoundError(f"no map {name}; there are: {there}")
    try:
        found = _read(tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise BadMap(f"{path.name}: {error!r}") from error
    faults = [*_unknown(found)]
    if faults:
        raise BadMap(f"{path.name}: " + "; ".join(faults))
    return found


def _read(raw: Mapping[str, Any]) -> Map:
    centre, columns, position = raw["centre"], dict(raw["columns"]), raw["position"]
    columns["text"] = tuple(columns["text"])
    return Map(
        name=raw["name"],
        centre=CentrePlan(
            centre["code"],
            centre["name"],
            centre["prefix"],
            Counts(centre["townships"], centre["communities"], centre["grids"], centre["micro_grids"]),
            centre["margin_deg"],
        ),
        columns=Columns(**columns),
        time_format=raw["time"]["format"],
        zone=ZoneInfo(raw["time"]["zone"]),
        system=System(position["system"]),
        accuracy_m=position["accuracy_m"],
        placeholders=frozenset((lon, lat) for lon, lat in position["placeholders"]),
        channels=raw["channels"],
        default_channel=raw["default"]["channel"],
        units=raw["units"],
        items_by_department=raw["items_by_department"],
        items=raw["items"],
    )


def _unknown(found: Map) -> Iterable[str]:
    """What the map names and the centre does not know."""
    codes = {row.code for row in departments.load()}
    items = {**found.items_by_department, **found.items}
    yield from (f"no item {code} ({kind})" for kind, code in items.items() if code not in catalogue.listed())
    yield from (f"no channel {code}" for code in sorted(found.all_channels()) if code not in channels.listed())
    yield from (f"no unit {code} ({name})" for name, code in found.units.items() if code not in codes)
    yield from (f"no unit for {name}" for name in found.items_by_department if name not in found.units)
