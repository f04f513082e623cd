"""A search finds an issue by the number that its sender gave it: whole, by its end, through a merge, within rights."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from dispatch.matter.reports.models import Report
from tests.dispatch import issue_verbs as issues
from tests.dispatch.browser import Browser, signed_in
from tests.dispatch.desk import DOMESTIC_VIOLENCE, STREET_LIGHT, Desk
from tests.dispatch.plans import left_only

NUMBER = "GD-20261130-000417"


def found(browser: Browser, words: str, **more: Any) -> set[str]:
    """The ids of the issues that a search gives."""
    answer = browser.get("/issues", q=words, **more)
    assert answer.status_code == 200, answer.content
    return {line["id"] for line in answer.json()["issues"]}


@pytest.mark.parametrize(
    "words",
    [
        NUMBER,
        NUMBER.lower(),
        "GD20261130000417",
        " 20261130 - 000417 ",
        "000417",
        "0417",
        "ＧＤ－２０２６１１３０－０００４１７",
    ],
)
def test_the_senders_number_finds_the_issue_whole_and_by_its_end(desk: Desk, words: str) -> None:
    issue_id = desk.reported(source_number=NUMBER)
    desk.reported(source_number="GD-20261130-000418")
    assert found(signed_in("duty1"), words) == {str(issue_id)}


@pytest.mark.parametrize("words", ["20261130", "417", "GD", "%0417", "41700"])
def test_what_is_no_end_of_it_finds_nothing(desk: Desk, words: str) -> None:
    desk.reported(source_number=NUMBER)
    assert found(signed_in("duty1"), words) == set()


def test_a_short_number_is_found_whole(desk: Desk) -> None:
    issue_id = desk.reported(source_number="8-17")
    assert found(signed_in("duty1"), "817") == {str(issue_id)}
    assert found(signed_in("duty1"), "17") == set()


def test_the_number_of_what_was_merged_away_finds_both(desk: Desk) -> None:
    source, target = desk.reported(source_number=NUMBER), desk.accepted()
    issues.merge(source, target, None, expected=desk.version(source), cmd=desk.command("duty1"))
    assert found(signed_in("duty1"), NUMBER) == {str(source), str(target)}
    assert found(signed_in("duty1"), "0417", state="accepted") == {str(target)}


def test_a_number_is_found_within_rights_only(desk: Desk, other_desk: Desk) -> None:
    secret = desk.dispatched(DOMESTIC_VIOLENCE, lead="police", source_number=NUMBER)
    plain = desk.dispatched(STREET_LIGHT, source_number="GD-20261130-990417")
    assert found(signed_in("duty1"), "0417") == {str(secret), str(plain)}
    assert found(signed_in("police"), "0417") == {str(secret)}
    assert found(signed_in("chengguan"), "0417") == {str(plain)}
    assert found(signed_in("leader"), NUMBER) == set()
    assert found(signed_in("o_duty1"), "0417") == set()


def test_a_number_is_looked_up_by_its_index(desk: Desk) -> None:
    desk.reported(source_number=NUMBER)
    left_only("report_by_senders_number", Report)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT issue_id FROM intake_report WHERE centre_id = %s AND source_number IS NOT NULL"
            " AND senders_number_backwards(source_number) LIKE '7140%%'",
            [desk.built.id],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "report_by_senders_number" in plan, plan


def test_many_with_one_end_are_all_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.reading.senders_numbers._FEW", 2)
    wanted: set[UUID] = {desk.reported(source_number=f"{head}-0417") for head in "ABCD"}
    assert found(signed_in("duty1"), "0417") == {str(one) for one in wanted}
