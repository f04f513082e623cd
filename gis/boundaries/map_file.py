"""The map file (TOML) says what of a boundary file is which. Its form is shown in docs/imports.md."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gis.boundaries.faults import ImportRefused
from gis.grid.tiers import Tier, is_coarser

NonEmpty = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A table of the map file: an unknown key is a mistake, not a comment."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceTable(Strict):
    """How the file is to be opened."""

    layer: NonEmpty | None = None  # the first layer when absent
    encoding: NonEmpty | None = None  # of its text, when the file doesn't say (a .dbf without .cpg)
    crs: NonEmpty | None = None  # only for a file that names none, e.g. "EPSG:4549"


class TierByProperty(Strict):
    """The tier stands in a property: its values and what they mean."""

    property: NonEmpty
    values: dict[str, Tier]


class CellsTable(Strict):
    """Which property is what. Without `parent` the centre's district is the parent of every cell."""

    tier: Tier | TierByProperty
    code: NonEmpty
    name: NonEmpty
    parent: NonEmpty | None = None


class ParentsTable(Strict):
    """Parents that the file only names: made as the union of their children, under the centre's district."""

    tier: Tier
    name: NonEmpty


class TolerancesTable(Strict):
    """What is taken for rounding, in square metres."""

    overlap_m2: float = Field(default=1.0, ge=0)
    gap_m2: float = Field(default=1.0, ge=0)
    outside_m2: float = Field(default=1.0, ge=0)


class MapFile(Strict):
    """A map file as a whole.

    codes     what the code (and parent) property says → the code to keep, for files without codes
    covers    "parents": cells that the file leaves out end only below parents that it names; "centre": everywhere
    district  "kept": the centre's district stays as it is; "union": it is what the file's cells make together
    """

    source: SourceTable = SourceTable()
    cells: CellsTable
    parents: ParentsTable | None = None
    codes: dict[str, str] = {}
    tolerances: TolerancesTable = TolerancesTable()
    covers: Literal["parents", "centre"] = "parents"
    district: Literal["kept", "union"] = "kept"

    @model_validator(mode="after")
    def _tables_fit(self) -> "MapFile":
        if self.district == "union" and self.covers != "centre":
            raise ValueError('district = "union" 需要 covers = "centre"：只有整个中心的文件才能定出区县边界')
        if self.parents is None:
            return self
        if self.cells.parent is None:
            raise ValueError("[parents] 需要 [cells] 中的 parent")
        if not isinstance(self.cells.tier, Tier):
            raise ValueError("[parents] 只能与单一层级的 cells.tier 同用")
        if not is_coarser(self.parents.tier, self.cells.tier) or self.parents.tier is Tier.DISTRICT:
            raise ValueError("[parents] 的 tier 须高于 cells.tier，且低于 district")
        return self


def read_map_file(path: Path) -> MapFile:
    """The map file at `path`. Raises ImportRefused that names each wrong key."""
    try:
        return MapFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ImportRefused(f"找不到对照文件 {path}。", "检查 --map 后的路径。") from None
    except OSError as error:
        raise ImportRefused(f"无法读取对照文件 {path.name}：{error.strerror}。", "检查路径和读取权限。") from None
    except UnicodeDecodeError:
        raise ImportRefused(f"对照文件 {path.name} 不是 UTF-8 文本。", "另存为 UTF-8 后重试。") from None
    except tomllib.TOMLDecodeError as error:
        raise ImportRefused(
            f"对照文件 {path.name} 不是有效的 TOML:{error}。", "按 docs/imports.md 的样例改正。"
        ) from None
    except ValidationError as error:
        keys = "；".join(f"{'.'.join(str(step) for step in e['loc']) or '整体'}：{e['msg']}" for e in error.errors())
        raise ImportRefused(f"对照文件 {path.name} 有误：{keys}。", "按 docs/imports.md 的样例改正。") from None
