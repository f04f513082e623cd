"""Custody: one holder at every instant, hops that adjoin, and a database that refuses anything else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from dispatch.matter.clock_law import fire_due
from dispatch.matter.custody.models import Hop
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Ground
from dispatch.reading.detail import issue_detail
from realtime.feed.clock import shifted
from tests.dispatch import issue_verbs as issues
from tests.dispatch.desk import MINUTE, Desk


def hops_of(issue_id: UUID) -> list[Hop]:
    """The hops of an issue in order."""
    return list(Hop.objects.filter(issue_id=issue_id).order_by("chain", "from_at", "to_at"))


def test_custody_passes_from_the_desk_to_the_unit_and_back(desk: Desk) -> None:
    issue_id = desk.reported()
    with shifted(5 * MINUTE):
        issues.accept(issue_id, cmd=desk.command("duty1"))
        issues.file(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    with shifted(10 * MINUTE):
        unit = desk.unit("law_enforcement")
        issues.dispatch(issue_id, unit, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    hops = hops_of(issue_id)
    assert [(hop.how, hop.holder_id) for hop in hops] == [("report", desk.unit("duty_desk")), ("dispatch", unit)]
    assert hops[0].to_at == hops[1].from_at
    assert hops[1].to_at is None
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.holder_id, issue.held_since) == (unit, hops[1].from_at)


@pytest.mark.mechanism("M51")
def test_the_hops_of_a_loop_add_up_to_its_whole_time(desk: Desk) -> None:
    issue = Issue.objects.get(pk=desk.closed())
    hops = hops_of(issue.pk)
    assert [hop.how for hop in hops] == ["report", "dispatch", "feed_back"]
    assert issue.holder_id is None and issue.closed_at is not None
    ends = [hop.to_at - hop.from_at for hop in hops if hop.to_at]
    assert sum(ends, timedelta(0)) == issue.closed_at - issue.reported_at


def test_an_issue_that_ends_is_held_by_nobody(desk: Desk) -> None:
    issue_id = desk.reported()
    issues.decline(issue_id, Ground.NOT_A_MATTER, "不属", expected=1, cmd=desk.command("duty1"))
    assert [hop.to_at is None for hop in hops_of(issue_id)] == [False]
    assert Issue.objects.get(pk=issue_id).holder_id is None


def _hop(issue_id: UUID, **columns: Any) -> None:
    last = hops_of(issue_id)[-1]
    values = {"issue_id": issue_id, "chain": 1, "holder_id": last.holder_id, "from_at": last.to_at or last.from_at}
    Hop.objects.create(**values | {"how": "dispatch", "by": "person:x"} | columns)


def _end(issue_id: UUID) -> None:
    last = hops_of(issue_id)[-1]
    Hop.objects.filter(pk=last.pk).update(to_at=last.from_at + MINUTE)


def _after_its_end(issue_id: UUID, **columns: Any) -> None:
    _end(issue_id)
    _hop(issue_id, **{name: made(issue_id) for name, made in columns.items()})


def _ended(issue_id: UUID) -> Any:
    return hops_of(issue_id)[-1].to_at


REFUSED: dict[str, tuple[str, Callable[[UUID], None]]] = {
    "two at once": ("hop_begins_where_the_last_ended", _hop),
    "a gap": (
        "hop_begins_where_the_last_ended",
        lambda issue_id: _after_its_end(issue_id, from_at=lambda key: _ended(key) + MINUTE),
    ),
    "an overlap with an earlier chain": (
        "hop_begins_where_the_last_ended",
        lambda issue_id: _after_its_end(issue_id, chain=lambda key: 2, from_at=lambda key: _ended(key) - MINUTE),
    ),
    "an end before the beginning": (
        "hop_ends_after_it_began",
        lambda issue_id: Hop.objects.filter(issue_id=issue_id).update(to_at=hops_of(issue_id)[0].from_at - MINUTE),
    ),
    "another holder afterwards": (
        "hop_stays_as_it_was",
        lambda issue_id: Hop.objects.filter(issue_id=issue_id).update(how="theft"),
    ),
    "removal": ("hop_stays_as_it_was", lambda issue_id: Hop.objects.filter(issue_id=issue_id).delete()),
    "no verb": ("hop_says_how_and_by_whom", lambda issue_id: _after_its_end(issue_id, how=lambda key: "")),
    "a holder without a time": (
        "issue_is_held_since_some_time",
        lambda issue_id: Issue.objects.filter(pk=issue_id).update(held_since=None),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(desk: Desk, what: str) -> None:
    issue_id = desk.reported()
    name, act = REFUSED[what]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act(issue_id)


def test_a_holder_of_another_centre_is_refused(desk: Desk, other_desk: Desk) -> None:
    issue_id = desk.reported()
    _end(issue_id)
    with pytest.raises(IntegrityError, match="hop_is_of_one_centre"), transaction.atomic():
        _hop(issue_id, holder_id=other_desk.unit("power"))


def test_the_application_removes_no_hop(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('relay_app', 'relays_hop', 'DELETE')")
        assert cursor.fetchone() == (False,)


def test_the_detail_names_holders_with_their_seconds_and_marks_a_hop_over_its_budget(desk: Desk) -> None:
    issue_id = desk.reported()
    with shifted(20 * MINUTE):
        unit = desk.unit("law_enforcement")
        for act in (issues.accept, issues.file, issues.dispatch):
            more = {} if act is issues.accept else {"expected": desk.version(issue_id)}
            named = [unit] if act is issues.dispatch else []
            act(issue_id, *named, **more, cmd=desk.command("duty1"))  # type: ignore[operator]
    with shifted(30 * MINUTE):
        detail = issue_detail(issue_id, actor=desk.actor("duty1"))
    first, second = detail.custody
    assert (first.holder, first.how, first.over_budget) == (desk.unit("duty_desk"), "report", True)
    assert (second.holder, second.how, second.over_budget, second.to_at) == (unit, "dispatch", False, None)
    assert 20 * 60 <= first.seconds <= 20 * 60 + 30
    kinds = [clock["kind"] for clock in detail.clocks]
    assert kinds.count("relay_up") == kinds.count("dispatch") == kinds.count("handling_issue") == 1


def test_the_detail_logs_every_step_of_the_ladder_to_who_may_know_it(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",))
    with shifted(31 * MINUTE):
        fire_due()
    detail = issue_detail(issue_id, actor=desk.actor("duty1"))
    assert len(detail.escalations) == 3
    assert [entry.name for entry in detail.timeline].count("escalation.raised") == 3
    assist = issue_detail(issue_id, actor=desk.actor("power"))
    assert [view.card["told"]["unit"] for view in assist.escalations] == [str(desk.unit("power"))]
    assert {clock["kind"] for clock in assist.clocks} >= {"relay_up", "relay_down_order", "handling_issue"}
    assert len(assist.clocks) < len(detail.clocks)
