"""The day's figures over HTTP, and the rows of each: parse, call, answer."""

from datetime import UTC, datetime

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from assessment.figures import today as days
from assessment.figures.today import FigureRow, Today
from command.people.authentication import BY_PERSON, BY_PERSON_OR_DEVICE, actor_of
from command.people.machines import DeviceActor
from command.requests import PROBLEMS, ProblemOut
from realtime.feed.errors import NotFound

router = Router(tags=["figures"])


class RelayOut(Schema):
    """Relays of one kind today: `on_time` of `due`; `late_now` of these run on; minutes of those that ended."""

    kind: str
    due: int
    on_time: int
    late_now: int
    finished: int
    p50: float | None
    p90: float | None


class SensitiveOut(Schema):
    """How many open sensitive issues lie in an area: a count, no more."""

    path: str
    name: str
    open: int


class PastOut(Schema):
    """A past that is being filled in: periods that begin before `until` lack issues; `filled_in` of `issues` are in."""

    until: datetime
    issues: int
    filled_in: int


class SituationOut(Schema):
    """The local day so far, counted up to `seq`. What each figure counts: docs/figures.md.

    figures    those of today by their code
    now        those of this moment, without sensitive issues
    hours      of some of today's, for each hour
    sensitive  per township; null of a place too small to be told
    past       null once it is complete; none of these figures is of it
    """

    epoch: int
    seq: int
    at: datetime
    start: datetime
    figures: dict[str, int]
    now: dict[str, int]
    hours: dict[str, list[int]]
    entered: dict[str, int]
    left: dict[str, int]
    relays: list[RelayOut]
    sensitive: list[SensitiveOut] | None
    past: PastOut | None


class FigureRowOut(Schema):
    """One of what a figure counts. `on_time`, `running` and `minutes` are a relay's."""

    issue: str
    number: str
    item: str
    state: str
    cell: str | None
    holder: str
    at: datetime
    how: str
    on_time: bool | None
    running: bool
    minutes: float | None


class FigureRowsOut(Schema):
    """All that a figure counts, at the position that it was counted at."""

    figure: str
    epoch: int
    seq: int
    at: datetime
    rows: list[FigureRowOut]


class Where(Schema):
    """Of which place; without: of all that the caller may see."""

    place: str | None = Field(default=None, max_length=200, pattern=r"^[0-9A-Za-z_-]+(/[0-9A-Za-z_-]+)*$")


@router.get("/situation", auth=BY_PERSON_OR_DEVICE, response={200: SituationOut, PROBLEMS: ProblemOut})
def read_situation(request: HttpRequest, where: Query[Where]) -> SituationOut:
    """Today's figures, those of this moment, and counts of sensitive issues, from the feed's facts up to `seq`."""
    actor = actor_of(request)
    if isinstance(actor, DeviceActor):
        return _situation(days.todays_counts(actor=actor))
    return _situation(days.today(actor=actor, place=where.place))


@router.get("/situation/{figure}/rows", auth=BY_PERSON, response={200: FigureRowsOut, PROBLEMS: ProblemOut})
def read_rows(request: HttpRequest, figure: str, where: Query[Where]) -> FigureRowsOut:
    """What a figure of today counts, one by one, as `GET /situation` counted it."""
    today = days.today(actor=actor_of(request), place=where.place)
    rows = today.rows.get(figure)
    if rows is None:
        raise NotFound("figure.not_found", "没有这个指标，或它的明细不由服务器提供。", field="figure")
    return FigureRowsOut(
        figure=figure, epoch=today.counted.epoch, seq=today.counted.seq, at=today.at, rows=[_row(row) for row in rows]
    )


def _situation(today: Today) -> SituationOut:
    return SituationOut(
        epoch=today.counted.epoch,
        seq=today.counted.seq,
        at=today.at,
        start=today.start,
        figures={code: len(rows) for code, rows in today.rows.items() if code.startswith("today_")},
        now=dict(today.now),
        hours={code: list(hours) for code, hours in today.hours.items()},
        entered=dict(today.flow.entered),
        left=dict(today.flow.left),
        relays=[
            RelayOut(
                kind=row.kind,
                due=len(row.due),
                on_time=row.on_time,
                late_now=row.late_now,
                finished=row.finished,
                p50=row.p50,
                p90=row.p90,
            )
            for row in today.relays
        ],
        sensitive=None
        if today.sensitive is None
        else [SensitiveOut(path=path, name=name, open=count) for path, name, count in today.sensitive],
        past=PastOut(until=today.past.until, issues=today.past.issues, filled_in=today.past.filled_in)
        if today.past
        else None,
    )


def _row(row: FigureRow) -> FigureRowOut:
    shown = row.shown
    return FigureRowOut(
        issue=row.issue,
        number=shown.number,
        item=shown.item,
        state=shown.state,
        cell=shown.cell_name,
        holder=shown.holder,
        at=datetime.fromtimestamp(row.at, UTC),
        how=row.how,
        on_time=row.on_time,
        running=row.running,
        minutes=row.minutes,
    )
