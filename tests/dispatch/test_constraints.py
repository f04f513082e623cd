"""What the database itself refuses, whoever writes: each constraint by its name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from dispatch.matter.clocks.models import Clock, Due
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order
from dispatch.matter.photos.models import Photo
from dispatch.matter.replies.models import Addition, Channel, Rating, Reply
from dispatch.matter.reports.models import Report
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from dispatch.verbs import replies
from dispatch.verbs.replies import NewReply
from gis.grid.models import Cell
from realtime.feed.models import StoredFact
from tests.dispatch import order_verbs as returns
from tests.dispatch.desk import MINUTE, Desk

Change = Callable[[UUID], Any]


def _issue(**columns: Any) -> Change:
    return lambda issue_id: Issue.objects.filter(pk=issue_id).update(**columns)


def _order(**columns: Any) -> Change:
    return lambda issue_id: Order.objects.filter(issue_id=issue_id).update(**columns)


def _report(**columns: Any) -> Change:
    return lambda issue_id: Report.objects.filter(issue_id=issue_id).update(**columns)


def _clock(**columns: Any) -> Change:
    return lambda issue_id: Clock.objects.filter(issue_id=issue_id, kind="relay_down_issue").update(**columns)


def _second_order(role: str, unit: str) -> Change:
    def make(issue_id: UUID) -> None:
        order = Order.objects.get(issue_id=issue_id)
        order.pk, order.role = uuid4(), role
        if unit != "same":
            order.unit_id = Issue.objects.get(pk=issue_id).centre.units.get(code=unit).pk
        order.save(force_insert=True)

    return make


CASES: dict[str, Change] = {
    "issue_number_is_positive": _issue(number=0),
    "issue_state_is_known": _issue(state="lost"),
    "issue_has_category_and_level": _issue(item=""),
    "issue_has_a_channel": _issue(channel=""),
    "issue_taken_in_has_time": _issue(accepted_at=None),
    "issue_sent_has_times": _issue(sent_at=None),
    "issue_closed_has_time_and_outcome": _issue(state="closed"),
    "issue_declined_has_ground": _issue(ground="not_a_matter"),
    "issue_version_is_positive": _issue(version=0),
    "order_state_is_known": _order(state="lost"),
    "order_role_is_known": _order(role="helper"),
    "order_acknowledged_has_time_and_person": _order(state="acknowledged"),
    "order_completed_has_time": _order(completed_at=F("sent_at")),
    "issue_has_one_open_lead_order": _second_order("lead", "power"),
    "one_open_order_per_issue_and_unit": _second_order("assist", "same"),
    "report_without_position_says_so": _report(placing="unplaced"),
    "report_placed_has_a_cell": _report(placing="placed"),
    "report_placing_is_known": _report(placing="guessed"),
    "source_number_is_not_empty": _report(source_number=""),
    "clock_is_due_after_it_started": _clock(due_at=F("started_at")),
    "clock_is_breached_from_its_due_time": _clock(breached_at=F("started_at")),
    "relay_lasts_sixty_minutes": _clock(due_at=F("due_at") + MINUTE, allowance=61 * MINUTE),
    "clock_is_due_by_its_allowance": _clock(due_at=F("due_at") + MINUTE, kind="handling_issue", round=2),
    "amber_share_is_a_percentage": _clock(amber_share=0),
    "turns_amber_at_its_share": _clock(amber_at=F("amber_at") + timedelta(microseconds=1)),
    "card_id_is_given_once_per_issue": _clock(card_id=1),
    "paused_clock_has_no_due_time": _clock(paused_at=F("started_at"), kind="handling_issue", round=2),
    "only_handling_is_paused": _clock(paused_at=F("started_at"), due_at=None),
    "what_runs_is_counted": _clock(uncounted=True),
    "issue_has_one_handling_per_round": _clock(kind="handling_issue"),
    "issue_runs_one_clock_of_a_kind": _clock(kind="handling_issue", round=2),
    "step_tells_somebody_known": lambda issue_id: Due.objects.filter(issue_id=issue_id).update(tells="a_friend"),
    "clock_stops_after_it_started": _clock(stopped_at=F("started_at") - timedelta(seconds=1)),
    "clock_stopped_late_is_breached": _clock(stopped_at=F("due_at")),
    "clock_stopped_in_time_is_not_breached": _clock(stopped_at=F("started_at"), breached_at=F("due_at")),
    "clock_judges_what_its_kind_says": _clock(kind="relay_up"),
    "nothing_fires_before_it_is_due": lambda issue_id: Due.objects.filter(issue_id=issue_id).update(
        fired_at=F("due_at") - MINUTE
    ),
    "step_is_a_percentage": lambda issue_id: Due.objects.filter(issue_id=issue_id).update(percent=101),
}


REMOVED = (
    "issues_note",
    "orders_feedback",
    "issues_issue",
    "intake_report",
    "orders_order",
    "clocks_clock",
    "returns_returnrequest",
)


# Of a row that breaks two, PostgreSQL names the first by the alphabet.
SAYS_THE_SAME = {
    "order_state_is_known": ["order_acknowledged_has_time_and_person"],
    "report_placed_has_a_cell": ["report_without_position_says_so"],
}


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(desk: Desk, name: str) -> None:
    issue_id = desk.dispatched()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        CASES[name](issue_id)
    said_by = {name, *SAYS_THE_SAME.get(name, ())}
    assert any(each in str(refused.value) for each in said_by), str(refused.value)


@pytest.mark.mechanism("M03")
def test_no_order_without_an_issue(desk: Desk) -> None:
    issue_id = desk.dispatched()
    with pytest.raises(IntegrityError, match="issue_id"), transaction.atomic():
        Order.objects.filter(issue_id=issue_id).update(issue_id=None)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("UPDATE orders_order SET issue_id = %s", [uuid4()])


@pytest.mark.mechanism("M03")
def test_a_number_is_given_once(desk: Desk) -> None:
    one, other = desk.reported(), desk.reported()
    with pytest.raises(IntegrityError, match="issue_number_is_given_once_per_centre"), transaction.atomic():
        Issue.objects.filter(pk=other).update(number=Issue.objects.get(pk=one).number)


@pytest.mark.mechanism("M77")
def test_what_happened_is_never_edited_or_removed(desk: Desk) -> None:
    desk.reported()
    facts = StoredFact.objects.filter(centre_id=desk.built.id)
    for act in (lambda: facts.update(name="nothing"), lambda: facts.filter(seq=1).delete()):
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            act()


def test_no_second_lead_while_an_answered_one_waits_for_the_desk(desk: Desk) -> None:
    issue_id = desk.fed_back()
    with pytest.raises(IntegrityError, match="issue_has_one_open_lead_order"), transaction.atomic():
        _second_lead(issue_id)


def _second_lead(issue_id: UUID) -> None:
    order = Order.objects.get(issue_id=issue_id)
    order.pk, order.state, order.acknowledged_at, order.acknowledged_by = uuid4(), "sent", None, None
    order.unit_id = Issue.objects.get(pk=issue_id).centre.units.get(code="power").pk
    order.save(force_insert=True)


def test_a_return_request_is_about_an_order_of_its_issue_and_a_unit_of_its_centre(desk: Desk, other_desk: Desk) -> None:
    order = Order.objects.get(issue_id=desk.dispatched())
    ground, cmd = ReturnGround.NOT_OUR_DUTY, desk.command("chengguan")
    returns.request_return(order.pk, ground, None, "不是本单位的", expected=order.version, cmd=cmd)
    rows = ReturnRequest.objects.filter(order=order)
    for column, key, name in (
        ("issue_id", desk.reported(), "request_is_of_one_issue"),
        ("proposed_id", other_desk.unit("power"), "request_is_of_one_centre"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**{column: key})


MIXED = {
    "issue_is_of_one_centre": "UPDATE issues_issue SET responsible_id = %(unit)s",
    "order_is_of_one_centre": "UPDATE orders_order SET unit_id = %(unit)s",
    "report_is_of_one_centre": "UPDATE intake_report SET centre_id = %(centre)s",
    "clock_is_of_one_issue": "UPDATE clocks_clock SET issue_id = %(issue)s WHERE report_id IS NOT NULL",
    "due_is_of_one_issue": "UPDATE clocks_due SET issue_id = %(issue)s",
}


@pytest.mark.parametrize("name", MIXED)
def test_nothing_is_mixed_from_two_centres_or_issues(desk: Desk, other_desk: Desk, name: str) -> None:
    desk.dispatched()
    foreign = {
        "unit": other_desk.unit("power"),
        "centre": other_desk.built.id,
        "issue": other_desk.reported(by="o_duty1"),
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MIXED[name], foreign)


def test_what_passes_with_a_reporter_is_of_a_report_of_its_issue(desk: Desk) -> None:
    issue_id, another = desk.closed(), desk.reported()
    report = Report.objects.get(issue_id=issue_id)
    replies.reply(report.pk, NewReply(Channel.VISIT, "已修复"), cmd=desk.command("duty1"))
    at = Issue.objects.get(pk=issue_id).last_at
    Addition.objects.create(issue_id=issue_id, report=report, kind="addition", at=at, sealed=b"x")
    Rating.objects.create(issue_id=issue_id, report=report, score=5, at=at)
    for model in (Reply, Addition, Rating):
        with pytest.raises(IntegrityError, match="reply_is_of_one_issue"), transaction.atomic():
            model.objects.update(issue_id=another)
    mixed = Addition(issue_id=another, report=report, kind="addition", at=at, sealed=b"x")
    with pytest.raises(IntegrityError, match="reply_is_of_one_issue"), transaction.atomic():
        mixed.save(force_insert=True)


def test_a_photo_shows_a_report_or_an_order_of_its_issue(desk: Desk, other_desk: Desk) -> None:
    issue_id, another = desk.dispatched(), desk.dispatched()
    issue, foreign = Issue.objects.get(pk=issue_id), Issue.objects.get(pk=other_desk.reported(by="o_duty1"))
    report, order = Report.objects.get(issue_id=issue_id), Order.objects.get(issue_id=another)
    photo = Photo(
        centre_id=issue.centre_id, issue=issue, report=report, by="x", key="x", sent_hash=b"x", at=issue.last_at,
        attached_at=issue.last_at, width=1, height=1, size=1, sealed_key=b"x",
    )  # fmt: skip
    photo.save(force_insert=True)
    for change in ({"issue_id": another}, {"report": None, "order": order}, {"centre_id": foreign.centre_id}):
        with pytest.raises(IntegrityError, match="photo_is_of_one_issue"), transaction.atomic():
            Photo.objects.update(**change)


def test_a_cell_of_another_centre_is_no_place_of_an_issue(desk: Desk, other_desk: Desk) -> None:
    issue_id = desk.reported()
    cell = Cell.objects.filter(centre_id=other_desk.built.id).first()
    for rows, name in (
        (Issue.objects.filter(pk=issue_id), "issue"),
        (Report.objects.filter(issue_id=issue_id), "report"),
    ):
        with pytest.raises(IntegrityError, match=f"{name}_is_of_one_centre"), transaction.atomic():
            rows.update(cell=cell)


def test_what_was_fired_stays_fired(desk: Desk) -> None:
    issue_id = desk.dispatched()
    Due.objects.filter(issue_id=issue_id).update(fired_at=F("due_at"))
    fired = Due.objects.filter(issue_id=issue_id)
    for act in (lambda: fired.update(fired_at=None), lambda: fired.update(due_at=F("due_at") - MINUTE), fired.delete):
        with pytest.raises(IntegrityError, match="what_was_fired_stays_fired"), transaction.atomic():
            act()


@pytest.mark.parametrize("table", REMOVED)
def test_the_application_removes_nothing_of_an_aggregate(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('relay_app', %s, 'DELETE')", [table])
        assert cursor.fetchone() == (False,)


def test_the_application_edits_no_answer_and_forges_none(db: None) -> None:
    with connection.cursor() as cursor:
        for table in ("issues_note", "orders_feedback", "feed_command_key"):
            cursor.execute("SELECT has_table_privilege('relay_app', %s, 'UPDATE')", [table])
            assert cursor.fetchone() == (False,)
        cursor.execute("SELECT has_column_privilege('relay_app', 'feed_command_key', 'answer', 'INSERT')")
        assert cursor.fetchone() == (False,)
