"""Today's figures: what they count, that their rows are what was counted, and who may see what of them.

Rules: docs/rules.md, "Figures" and "Sensitive"; docs/figures.md.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from assessment.dictionary import BY_CODE, STATES, Group
from assessment.figures import today as days
from assessment.figures.today import Today
from command.people.machines import DeviceActor
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import OPEN
from dispatch.matter.orders.models import Order
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from realtime.feed import clock
from realtime.feed.clock import shifted
from realtime.feed.errors import Forbidden, NotFound
from tests.assessment.situation.world import World
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import GAS_LEAK, MINUTE


def of(world: World, username: str = "leader") -> Today:
    """The day as somebody reads it, counted anew."""
    days._DAYS._kept.clear()
    return days.today(actor=world.desk.actor(username))


def test_every_figure_of_today_has_its_rows_and_its_name(world: World) -> None:
    day = of(world)
    named = {code for code, figure in BY_CODE.items() if figure.group in (Group.TODAY, Group.RELAY)}
    assert set(day.rows) == named - {"relay_p50", "relay_p90"}
    for relay in day.relays:
        assert len(day.rows[relay.kind]) == len(relay.due)
        assert sum(row.on_time is True for row in day.rows[relay.kind]) == relay.on_time
        assert sum(row.running for row in day.rows[relay.kind]) == relay.late_now


def test_parts_add_up(world: World) -> None:
    day = of(world)
    count = {code: len(rows) for code, rows in day.rows.items()}
    assert count["today_reported"] + count["today_other_in"] == count["today_entered"] == day.flow.entered.total()
    assert count["today_closed"] + count["today_other_out"] == count["today_left"] == day.flow.left.total()
    assert sum(day.now[state] for state in STATES) == day.now["open"]


def test_what_is_open_is_what_the_rows_say_and_sensitive_beside_it_makes_it_whole(world: World) -> None:
    day = of(world)
    held = Issue.objects.filter(state__in=sorted(OPEN))
    assert day.now["open"] == held.filter(sensitive=False).count()
    assert {state: day.now[state] for state in STATES if day.now[state]} == Counter(
        held.filter(sensitive=False).values_list("state", flat=True)
    )
    assert day.sensitive is not None
    assert day.now["open"] + sum(count for _, _, count in day.sensitive) == held.count()


def test_a_wall_is_told_the_same_counts_and_no_rows(world: World) -> None:
    wall = DeviceActor(world.centre_id, world.centre_id, world.root)
    told = days.todays_counts(actor=wall)
    assert told.counted == days.today(actor=world.desk.actor("leader")).counted
    assert told.now == of(world).now
    with pytest.raises(Forbidden):
        days.today(actor=wall)


def test_a_township_counts_its_own(world: World) -> None:
    whole = of(world)
    parts = [days.today(actor=world.desk.actor("leader"), place=place) for place in (world.here, world.there)]
    nowhere = Issue.objects.filter(state__in=sorted(OPEN), sensitive=False, cell=None).count()
    assert sum(part.now["open"] for part in parts) + nowhere == whole.now["open"]
    with pytest.raises(NotFound):
        days.today(actor=world.desk.actor("town"), place=world.there)


def test_voided_issues_and_what_turned_out_to_be_sensitive_leave_every_figure_of_the_day(world: World) -> None:
    before = of(world)
    issue_id = world.desk.accepted(position=world.inside(world.here))
    between = of(world)
    assert len(between.rows["today_reported"]) == len(before.rows["today_reported"]) + 1
    assert len(between.rows["today_accepted"]) == len(before.rows["today_accepted"]) + 1
    lead = world.desk.command("lead")
    issues.void(issue_id, "录错了", expected=world.desk.version(issue_id), cmd=lead)
    after = of(world)
    assert {code: len(rows) for code, rows in after.rows.items()} == {
        code: len(rows) for code, rows in before.rows.items()
    }


def test_a_breach_that_nobody_answers_is_in_todays_rate_from_its_second_on(world: World) -> None:
    def up() -> tuple[int, int, int]:
        relay = next(one for one in of(world).relays if one.kind == "relay_up")
        return len(relay.due), relay.on_time, relay.late_now

    due, on_time, late = up()
    assert (
        late
        == Clock.objects.filter(
            kind="relay_up", stopped_at=None, due_at__lte=datetime.now(UTC), issue__sensitive=False
        ).count()
    )
    assert late > 0
    with shifted(-59 * MINUTE):
        world.desk.reported(position=world.inside(world.here))
    assert up() == (due, on_time, late)  # not yet due: not yet counted
    with shifted(-75 * MINUTE):
        world.desk.reported(position=world.inside(world.here))
    assert up() == (due + 1, on_time, late + 1)  # also before the timer has noticed
    fire_due()
    assert up() == (due + 1, on_time, late + 1)


def test_a_struck_acknowledgment_counts_no_longer_and_the_next_one_does(world: World) -> None:
    moment = clock.at(None).astimezone(of(world).start.tzinfo)
    later = max(timedelta(0), moment.replace(hour=2, minute=0) - moment)  # all of it happens on one day

    def down() -> tuple[int, int, int]:
        with shifted(later):
            relay = next(one for one in of(world).relays if one.kind == "relay_down_issue")
            return len(relay.due), relay.on_time, relay.late_now

    desk, (due, on_time, late) = world.desk, down()
    with shifted(later - 75 * MINUTE):
        issue_id = desk.dispatched(position=world.inside(world.here))
        lead = desk.lead(issue_id)
    with shifted(later - 70 * MINUTE):
        orders.acknowledge(lead, cmd=desk.command("chengguan"))
        cmd, expected = desk.command("chengguan"), Order.objects.get(pk=lead).version
        orders.request_return(lead, ReturnGround.NOT_OUR_DUTY, None, "灯杆是住建的", expected=expected, cmd=cmd)
    assert down() == (due + 1, on_time + 1, late)
    request = ReturnRequest.objects.get(order_id=lead)
    with shifted(later):
        orders.grant(request.pk, None, expected=request.version, cmd=desk.command("lead"))
    assert down() == (due + 1, on_time, late + 1)
    with shifted(later):
        cmd, expected = desk.command("duty1"), desk.version(issue_id)
        issues.redispatch(issue_id, desk.unit("housing"), reason="按职责", expected=expected, cmd=cmd)
        orders.acknowledge(desk.order_of(issue_id, "housing"), cmd=desk.command("housing"))
    assert down() == (due + 1, on_time, late)


def test_what_is_urgent_and_late_is_in_both_figures(world: World) -> None:
    before = of(world).now
    with shifted(-75 * MINUTE):
        world.desk.reported(GAS_LEAK, position=world.inside(world.here))
    fire_due()
    after = of(world).now
    assert (after["urgent"], after["red"]) == (before["urgent"] + 1, before["red"] + 1)


def test_a_figure_of_the_day_begins_at_midnight(world: World) -> None:
    start = of(world).start
    assert (start.hour, start.minute) == (0, 0)
    for code, rows in of(world).rows.items():
        if code.startswith("today_"):
            assert all(row.at >= start.timestamp() for row in rows)
    tomorrow = clock.at(None).astimezone(start.tzinfo).replace(hour=0, minute=5) + timedelta(days=1)
    with shifted(tomorrow - clock.at(None)):
        later = of(world)
        assert all(len(rows) == 0 for code, rows in later.rows.items() if code in ("today_reported", "today_accepted"))
        assert later.now["open"] == of(world).now["open"]
