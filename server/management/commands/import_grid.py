"""`./relay import grid FILE --map MAP`: boundaries of a real centre from GeoJSON, Shapefile or GeoPackage."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from command.organisations import queries as organisations
from command.organisations.queries import CentreInfo
from gis.boundaries.actions import posts_text
from gis.boundaries.faults import ImportRefused
from gis.boundaries.report import CRS_SAID_BY, GCJ02_NOTE, counts_by_kind, faults_csv, report_page, tiers_text
from gis.boundaries.run import ImportInto, Outcome, Wishes, run_import
from server.surroundings import CentreSurroundings

MAX_LINES: Final = 30  # faults on the terminal; the report has them all


class Command(BaseCommand):
    """Exit 0: no fault, or taken over as wished. Exit 1: faults, listed. Nothing is written without --apply."""

    help = "导入网格边界（GeoJSON、Shapefile、GeoPackage）。默认只试运行，不写入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options; docs/imports.md explains them with examples."""
        parser.add_argument("file", type=Path, help="边界文件：.geojson、.shp、.zip 或 .gpkg")
        parser.add_argument("--map", type=Path, required=True, help="对照文件（TOML）：哪个属性是编码、名称、上级")
        parser.add_argument("--centre", help="中心的编码；只有一个中心时可省略")
        parser.add_argument("--apply", action="store_true", help="写入；不加则只试运行")
        parser.add_argument("--skip-bad", action="store_true", help="有错的行不导入，其余照常写入")
        parser.add_argument("--accept-gaps", action="store_true", help="缺口属实（飞地、水面），照常写入")
        parser.add_argument("--move-issues", action="store_true", help="将终止的网格里的未结事项逐件移到现在的网格")
        parser.add_argument("--repair", action="store_true", help="修补自相交的边界环")
        parser.add_argument("--valid-from", type=_moment, help="生效日期或时间，如 2026-10-01；默认现在")
        parser.add_argument("--report", type=Path, help="把报告（import.html、faults.csv）写到这个目录")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the import and says what it found, in words and, if wished, as a report."""
        centre = _centre(options["centre"])
        wishes = Wishes(
            repair=options["repair"],
            apply=options["apply"],
            skip_bad=options["skip_bad"],
            accept_gaps=options["accept_gaps"],
            move_issues=options["move_issues"],
            valid_from=options["valid_from"],
        )
        into = ImportInto(centre.id, centre.path, centre.name.removesuffix("综治中心"))
        try:
            outcome = run_import(options["file"], options["map"], into, wishes, surroundings=CentreSurroundings())
        except ImportRefused as refused:
            raise CommandError(str(refused)) from None
        self._tell(outcome)
        if options["report"]:
            try:
                _write_report(options["report"], outcome)
            except OSError as error:
                raise CommandError(f"报告写不到 {options['report']}：{error.strerror}。请换一个目录。") from None
            self.stdout.write(f"报告：{(options['report'] / 'import.html').absolute()}")
        if outcome.refused:
            raise CommandError(str(outcome.refused))
        if outcome.took_over:
            self.stdout.write("与现有网格一致，没有改动。" if outcome.plan.does_nothing else "已写入。")
        if not wishes.apply:
            self.stdout.write("这是试运行，什么也没有写入。加 --apply 写入。")
            if outcome.faults:
                raise SystemExit(1)

    def _tell(self, outcome: Outcome) -> None:
        source, plan = outcome.source, outcome.plan
        self.stdout.write(f"{source.name}：{source.driver}，图层 {source.layer}，{len(source.rows)} 个要素")
        self.stdout.write(f"坐标系：{source.crs.code or source.crs.name}（{CRS_SAID_BY[source.crs.named_by]}）")
        for fault in outcome.faults[:MAX_LINES]:
            self.stdout.write(f"  {fault.line()}")
        if len(outcome.faults) > MAX_LINES:
            self.stdout.write(f"  ……共 {len(outcome.faults)} 条，用 --report 查看全部")
        bad = outcome.survey.bad_features
        self.stdout.write(f"{len(source.rows)} 个要素中，{len(source.rows) - bad} 个可导入，{bad} 个有错")
        for title, count in counts_by_kind(outcome.faults):
            self.stdout.write(f"错误：{title} {count}")
        self.stdout.write(
            f"新增：{tiers_text(plan.begun)}；变更：{tiers_text(change.row for change in plan.changed)}；"
            f"终止：{tiers_text(plan.ended)}；未变：{tiers_text(plan.unchanged)}"
        )
        repaired = [row.repaired for row in outcome.survey.rows if row.repaired is not None]
        if repaired:
            self.stdout.write(f"已修补 {len(repaired)} 个边界环，共改动 {sum(repaired):,.1f} 平方米")
        if outcome.orphans:
            self.stdout.write(f"将终止的网格里有 {outcome.orphans} 件未结事项；加 --move-issues 才会写入并移动它们。")
        if outcome.posts and not outcome.refused:
            self.stdout.write(f"将终止的网格还有岗位负责：{posts_text(outcome.posts)}；须先结束这些岗位才会写入。")
        if outcome.units and not outcome.refused:
            self.stdout.write(f"将终止的网格还有单位管辖：{'、'.join(outcome.units)}；须先撤销这些单位才会写入。")
        if outcome.moved:
            self.stdout.write(f"已把 {outcome.moved} 件未结事项移到现在的网格。")
        self.stdout.write(f"提示：{GCJ02_NOTE}")


def _centre(code: str | None) -> CentreInfo:
    centres = organisations.centres()
    if code is None and len(centres) == 1:
        return centres[0]
    known = "、".join(f"{centre.code} {centre.name}" for centre in centres) or "还没有中心"
    found = [centre for centre in centres if centre.code == code]
    if not found:
        raise CommandError(f"请用 --centre 指明中心（{known}）。")
    return found[0]


def _moment(text: str) -> datetime:
    """A date (its first moment) or a time; without an offset it is local time of the centre."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def _write_report(folder: Path, outcome: Outcome) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page = report_page(outcome.source, outcome.survey, outcome.plan, outcome.faults, took_over=outcome.took_over)
    (folder / "import.html").write_text(page, encoding="utf-8")
    (folder / "faults.csv").write_text(faults_csv(outcome.faults), encoding="utf-8")
