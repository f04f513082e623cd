"""`./relay check-grid`: whether every centre's cells tile one another."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from command.organisations import queries as organisations
from gis.boundaries.inspection import inspect
from gis.boundaries.map_file import TolerancesTable
from gis.boundaries.queries import held_grid
from gis.boundaries.report import tiers_text


class Command(BaseCommand):
    """Exit 0: no gap, no overlap, no child outside its parent. Exit 1: each of them, one a line."""

    help = "检查各中心的网格：同级不重叠，下级不出上级，上级没有缺口。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is taken for rounding."""
        parser.add_argument("--tolerance-m2", type=float, default=1.0, help="小于这个面积（平方米）的差异算作取整")

    def handle(self, *args: Any, **options: Any) -> None:
        """Checks centre by centre."""
        size = options["tolerance_m2"]
        bad = 0
        for centre in organisations.centres():
            held = held_grid(centre.id)
            faults = inspect(held, TolerancesTable(overlap_m2=size, gap_m2=size, outside_m2=size))
            for fault in faults:
                self.stdout.write(f"{centre.code} {fault.line()}")
            self.stdout.write(f"{centre.code} {centre.name}：{tiers_text(held.cells)}；{len(faults)} 处不符")
            bad += len(faults)
        if bad:
            raise SystemExit(1)
