"""Clocks that began before they had instants get them by the migration: the same that are given now."""

import importlib
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Redrawing
from realtime.feed.clock import shifted
from tests.dispatch import order_verbs as orders
from tests.dispatch.clocks.rows import changed
from tests.dispatch.clocks.test_following import DAY, level, suspended
from tests.dispatch.desk import MINUTE, Desk, make_desk

BEFORE = ("clocks", "0007_forward_of_one_order")
AFTER = ("clocks", "0011_cards_are_told_again")


def migrate(*targets: tuple[str, str]) -> None:
    """To a state of the clocks' own migrations; without any, to the newest of all: others depend on the clocks'."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


def instants() -> list[tuple[Any, ...]]:
    """What the migration has to give each clock."""
    rows = Clock.objects.order_by("pk")
    return list(rows.values_list("pk", "card_id", "amber_share", "amber_at", "due_at", "paused_at"))


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """Clocks that run, rest, have stopped, are breached, were amended and were paused."""
    desk = make_desk()
    desk.reported()
    desk.closed()
    issue_id = desk.dispatched(assists=("power",))
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    with shifted(50 * MINUTE):
        changed(desk, issue_id, level("major"))
    with shifted(3 * DAY):
        fire_due()
        changed(desk, issue_id, suspended(3))
    with shifted(6 * DAY + MINUTE):
        fire_due()
    with shifted(7 * DAY):
        changed(desk, desk.dispatched(), suspended(9))
    return desk


def test_the_migration_gives_what_the_code_gives(desk: Desk) -> None:
    was = instants()
    assert {row[2] for row in was} == {80}
    assert any(row[3] is None for row in was)
    migrate(BEFORE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM information_schema.columns WHERE column_name = 'amber_at'")
            assert cursor.fetchone()[0] == 0
    finally:
        migrate(AFTER)
        migrate()
    assert instants() == was
    assert list(Redrawing.objects.values_list("pk", flat=True)) == [desk.built.id]


def test_a_second_upgrade_begins_the_telling_anew(desk: Desk) -> None:
    asked = importlib.import_module("dispatch.matter.clocks.migrations.0011_cards_are_told_again").SQL
    Redrawing.objects.create(centre_id=desk.built.id, after=desk.reported())
    with connection.cursor() as cursor:
        cursor.execute(asked)
    assert Redrawing.objects.get().after is None
