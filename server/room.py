"""How full the disks are that the product writes to. A full one stops every command: it is told long before."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema

from command.people.authentication import BY_PERSON, actor_of
from command.requests import PROBLEMS, ProblemOut
from command.settings.queries import settings_of

router = Router(tags=["room"], auth=BY_PERSON)
_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Disk:
    """What lies on it; how full it is, in whole percent; how much is free."""

    holds: str
    used_percent: int
    free_mib: int


class DiskOut(Schema):
    """A disk; `warn`: fuller than the centre's setting allows without a word."""

    holds: str
    used_percent: int
    free_mib: int
    warn: bool


class RoomOut(Schema):
    """The disks of this machine. One that another machine has, as a database of somebody else's, is not among them."""

    disks: list[DiskOut]


def disks() -> Iterator[Disk]:
    """The disks of database, uploads and logs, as far as they are this machine's."""
    run: Path = settings.ENV.run_dir
    for holds, folder in (("database", run / "pg"), ("uploads", settings.DATA_DIR), ("logs", run / "log")):
        try:
            usage = shutil.disk_usage(folder)
        except OSError:
            continue
        full = usage.used + usage.free  # without what is kept for root
        yield Disk(holds, round(100 * usage.used / full) if full else 100, usage.free // _MIB)


@router.get("/room", response={200: RoomOut, PROBLEMS: ProblemOut})
def read_room(request: HttpRequest) -> RoomOut:
    """How full they are, for a screen that warns."""
    limit = settings_of(actor_of(request).centre_id).disk_warn_percent
    return RoomOut(
        disks=[
            DiskOut(
                holds=disk.holds,
                used_percent=disk.used_percent,
                free_mib=disk.free_mib,
                warn=disk.used_percent >= limit,
            )
            for disk in disks()
        ]
    )
