"""Copies of lived issues are as lawful as their originals, and everything that was put aside for them is back."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from bench.multiply import NOT_COPIED, hanging_tables, multiply, tell
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order
from dispatch.matter.reports.models import Report
from gis.grid.models import Cell
from realtime.feed.verification import verify
from tests.dispatch.desk import Desk, make_desk

ALL = "SELECT id FROM issues_issue"
PAST = "SELECT i.id, i.last_at AS at, false AS open, i.place, 'public' AS class FROM issues_issue i WHERE i.version = 1"
SHAPE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2, 3
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> Iterator[psycopg.Connection]:
    where = connection.get_connection_params()
    with psycopg.connect(
        dbname=where["dbname"], user=where["user"], host=where["host"], port=where["port"], autocommit=True
    ) as found:
        yield found


def lived(desk: Desk) -> None:
    desk.closed(position=desk.inside())
    desk.reported(position=desk.inside())


def test_copies_hold_every_constraint_and_lie_where_they_say(owner: psycopg.Connection) -> None:
    desk = make_desk()
    lived(desk)
    shape = owner.execute(SHAPE).fetchall()
    rows = {table.name: count(owner, table.name) for table in hanging_tables(owner) if table.name not in NOT_COPIED}
    assert multiply(owner, desk.built.id, ALL, copies=3, days=30) == 6
    assert owner.execute(SHAPE).fetchall() == shape
    assert {name: count(owner, name) for name in rows} == {name: 4 * number for name, number in rows.items()}
    assert Issue.objects.values("number").distinct().count() == 8
    for issue in Issue.objects.select_related("cell__parent"):
        assert issue.cell is not None
        assert issue.cell.parent is not None
        assert issue.place == issue.cell.parent.path
        [report] = Report.objects.filter(issue=issue)
        assert report.cell_id == issue.cell_id
        assert report.position is not None
        assert Cell.objects.get(pk=report.cell_id).polygon.contains(report.position)
        clocks = Clock.objects.filter(issue=issue)
        assert {clock.report_id for clock in clocks} <= {report.pk, None}
        orders = {*Order.objects.filter(issue=issue).values_list("pk", flat=True), None}
        assert {clock.order_id for clock in clocks} <= orders
    desk.closed(position=desk.inside())  # life goes on beside the copies: numbers and keys don't meet


def test_copies_are_told_by_a_valid_chain(owner: psycopg.Connection) -> None:
    desk = make_desk()
    lived(desk)
    multiply(owner, desk.built.id, ALL, copies=2, days=1, aside=False)
    tell(owner, desk.built.id, "issue", "issue.closed", PAST, aside=False)
    desk.reported(position=desk.inside())
    _, findings = verify(desk.built.id)
    assert findings == []


def count(owner: psycopg.Connection, name: str) -> int:
    row = owner.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()
    assert row is not None
    return int(row[0])
