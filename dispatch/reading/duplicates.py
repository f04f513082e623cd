"""Which issues an issue may be a duplicate of: at most 200 by place, then compared in the process. For the desk only.

Texts are opened in memory, compared, and forgotten: nothing is indexed in plain, nothing of them is answered.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from command.catalogue.contract import Item
from command.catalogue.queries import items
from dispatch.matter.aggregate.locks import issue_not_found, load, with_places
from dispatch.matter.audiences import of_report
from dispatch.matter.cards.issues import IssueCard
from dispatch.matter.issues.keys import seal_of_row
from dispatch.matter.issues.models import Issue, IssueKey, number_text
from dispatch.matter.issues.states import OPEN, State
from dispatch.matter.reports.models import Report
from dispatch.reading.likeness import Compared, Likeness, ranked
from realtime.feed.contract import Actor

MOST_COMPARED: Final = 200
MOST_SHOWN: Final = 20
RADIUS_M: Final = 500.0  # of Boston's pairs 97 % lie within
WIDEST_M: Final = 2_000.0
ENDED_WITHIN: Final = timedelta(days=30)  # 近期办结: a matter may come again just after its end
_OPEN: Final = sorted(OPEN)
_ENDED: Final = ("closed", "declined")

# Places first by the points' index; then what is known by its cell only, among the open ones, which are few.
_NEAR: Final = """
WITH here AS (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490) AS point)
SELECT r.id FROM here, intake_report r JOIN issues_issue i ON i.id = r.issue_id
WHERE r.position && ST_Expand(point, %(wide)s / (110500 * greatest(cos(radians(%(lat)s)), 0.01)), %(wide)s / 110500)
  AND r.centre_id = %(centre)s AND i.id <> %(issue)s AND NOT i.sensitive
  AND (i.state = ANY(%(open)s) OR (i.state = ANY(%(ended)s) AND i.last_at > %(since)s))
ORDER BY r.position <-> point, r.id LIMIT %(most)s
"""
_BY_CELL: Final = """
SELECT r.id FROM issues_issue i JOIN intake_report r ON r.issue_id = i.id
WHERE i.centre_id = %(centre)s AND i.state = ANY(%(open)s) AND i.id <> %(issue)s AND NOT i.sensitive
  AND (%(pointless)s OR r.position IS NULL)
  AND (i.place = %(place)s OR i.place LIKE %(under)s OR i.place = ANY(%(above)s))
ORDER BY i.number DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an issue is offered: in words, and as a number where there is one."""

    code: str  # place, cell, item, category, department, time, text, ended
    zh: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An issue that may be the same happening, with its likest report's reasons."""

    id: UUID
    version: int
    card: IssueCard
    score: float
    reasons: tuple[Reason, ...]


def candidates(issue_id: UUID, *, actor: Actor) -> list[Candidate]:
    """What an issue may be a duplicate of, the likest first, at most 20; older and newer ones alike.

    A sensitive issue has no candidates and is no candidate. Raises NotFound outside the scope, Forbidden to all
    but the desk. Ten statements at most.
    """
    issue = with_places().filter(pk=issue_id, centre_id=actor.centre_id).first()
    about = of_report(issue, issue.orders.all(), issue.reports.defer("sealed")) if issue else None
    if issue is None or about is None or not actor.scope.sees(about):
        raise issue_not_found()
    actor.must("issues.merge", about=about)
    own = list(Report.objects.select_related("cell").defer("cell__polygon").filter(issue=issue).order_by("received_at"))
    if issue.sensitive or not own:
        return []
    others = _others(issue, own[0])
    known = items(issue.centre_id)
    words = _words([own[0], *others])
    found = ranked(_compared(own[0], issue, known, words), [_compared(row, row.issue, known, words) for row in others])
    best: dict[UUID, Likeness] = {}  # of each issue its likest report
    issue_of = {row.pk: row.issue_id for row in others}
    for likeness in found:
        best.setdefault(issue_of[UUID(str(likeness.id))], likeness)
    shown = dict(list(best.items())[:MOST_SHOWN])
    rows = load(list(with_places().filter(pk__in=shown)))
    told = [
        Candidate(
            aggregate.issue.pk,
            aggregate.issue.version,
            aggregate.card_of(aggregate.issue),
            shown[aggregate.issue.pk].score,
            _reasons(shown[aggregate.issue.pk], aggregate.issue, known),
        )
        for aggregate in rows
    ]
    return sorted(told, key=lambda one: (-one.score, str(one.id)))


def _others(issue: Issue, own: Report) -> list[Report]:
    """At most 200 reports near the issue's first one, of other issues that are open or ended lately."""
    asked: dict[str, Any] = {
        "centre": issue.centre_id,
        "issue": issue.pk,
        "open": _OPEN,
        "ended": list(_ENDED),
        "since": issue.last_at - ENDED_WITHIN,
        "most": MOST_COMPARED,
    }
    keys: list[UUID] = []
    with connection.cursor() as cursor:
        if own.position is not None:
            wide = min(WIDEST_M, RADIUS_M + (own.accuracy_m or 0.0))
            cursor.execute(_NEAR, asked | {"lon": own.position.x, "lat": own.position.y, "wide": wide})
            keys += [row[0] for row in cursor.fetchall()]
        if "/" in issue.place and len(keys) < MOST_COMPARED:
            steps = issue.place.split("/")
            above = ["/".join(steps[:count]) for count in range(3, len(steps))]  # a community at the widest
            cursor.execute(
                _BY_CELL,
                asked
                | {
                    "place": issue.place,
                    "under": issue.place + "/%",
                    "above": above,
                    "pointless": own.position is None,
                    "most": MOST_COMPARED - len(keys),
                },
            )
            keys += [row[0] for row in cursor.fetchall()]
    rows = Report.objects.select_related("issue", "cell").defer("cell__polygon").filter(pk__in=keys)
    return list(rows.order_by("pk"))


def _words(rows: Sequence[Report]) -> Mapping[UUID, str]:
    """Text and address of reports in clear, by id; of an erased issue nothing. One statement."""
    seals = {
        key.issue_id: seal_of_row(key) for key in IssueKey.objects.filter(issue_id__in={row.issue_id for row in rows})
    }
    found: dict[UUID, str] = {}
    for row in rows:
        seal = seals.get(row.issue_id)
        if seal is not None:
            said = json.loads(seal.open(bytes(row.sealed), f"report:{row.pk}"))
            found[row.pk] = f"{said['text']} {said['address'] or ''}"
    return found


def _compared(row: Report, issue: Issue, known: Mapping[str, Item], words: Mapping[UUID, str]) -> Compared:
    item = known[issue.item]
    return Compared(
        row.pk,
        row.received_at,
        item.code,
        item.category_zh,
        item.lead_department,
        (row.position.x, row.position.y) if row.position else None,
        row.accuracy_m or 0.0,
        row.cell.path if row.cell else None,
        words.get(row.pk, ""),
    )


def _reasons(likeness: Likeness, issue: Issue, known: Mapping[str, Item]) -> tuple[Reason, ...]:
    """In words, the weightiest first."""
    item = known[issue.item]
    found: list[Reason] = []
    if likeness.metres is not None:
        found.append(Reason("place", f"相距 {likeness.metres:.0f} 米", round(likeness.metres, 1)))
    elif likeness.shared_path is not None:
        found.append(Reason("cell", "在同一网格单元内", None))
    kinds = {
        "item": f"同为「{item.item_zh}」",
        "category": f"同属「{item.category_zh}」",
        "department": "由同一部门主办",
    }
    if likeness.kind in kinds:
        found.append(Reason(likeness.kind, kinds[likeness.kind], None))
    found.append(Reason("time", f"{_span(abs(likeness.minutes))}{_side(likeness.minutes)}", round(likeness.minutes, 1)))
    if likeness.words > 0:
        found.append(Reason("text", f"文字相近 {likeness.words:.0%}", likeness.words))
    if issue.state not in OPEN:
        found.append(Reason("ended", f"{State(issue.state).zh}，编号 {number_text(issue.number)}", None))
    return tuple(found)


def _span(minutes: float) -> str:
    if minutes < 60:
        return f"相隔 {minutes:.0f} 分钟"
    return f"相隔 {minutes / 60:.0f} 小时" if minutes < 2_880 else f"相隔 {minutes / 1_440:.0f} 天"


def _side(minutes: float) -> str:
    return "，在后" if minutes > 0 else "，在前"
