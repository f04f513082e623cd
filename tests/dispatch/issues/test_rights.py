"""Who decides on what came in: the duty desk, and a township's desk on what it holds, where the centre says so."""

from uuid import UUID

import pytest

from command.settings import actions as settings
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Ground
from dispatch.reading.detail import issue_detail
from realtime.feed.errors import Forbidden
from tests.dispatch import issue_verbs as issues
from tests.dispatch.desk import GAS_LEAK, NOISE, Desk


def declines(desk: Desk, issue_id: UUID, by: str) -> None:
    """Not a matter of this district."""
    ground, cmd = Ground.NOT_IN_JURISDICTION, desk.command(by)
    issues.decline(issue_id, ground, "不属本区", expected=desk.version(issue_id), cmd=cmd)


def delegates(desk: Desk) -> None:
    """The centre lets its townships decide on what they hold."""
    settings.change("township_accepts", True, expected=0, cmd=desk.command("admin"))


def test_a_township_declines_what_it_holds_where_the_centre_says_so(desk: Desk) -> None:
    issue_id = desk.reported(NOISE, by="town", position=desk.inside())
    with pytest.raises(Forbidden):
        declines(desk, issue_id, "town")
    delegates(desk)
    assert {"accept", "decline"} <= set(issue_detail(issue_id, actor=desk.actor("town")).open_verbs)
    declines(desk, issue_id, "town")
    assert Issue.objects.get(pk=issue_id).state == "declined"


def test_a_township_declines_neither_what_another_holds_nor_what_is_urgent(desk: Desk) -> None:
    delegates(desk)
    at_the_desk = desk.reported(NOISE, position=desk.inside())
    urgent = desk.reported(GAS_LEAK, by="town", position=desk.inside())
    for issue_id in (at_the_desk, urgent):
        with pytest.raises(Forbidden):
            declines(desk, issue_id, "town")
        assert Issue.objects.get(pk=issue_id).state == "reported"
    declines(desk, urgent, "lead")


def test_a_township_that_accepted_may_still_decline_until_it_is_filed(desk: Desk) -> None:
    delegates(desk)
    issue_id = desk.reported(NOISE, by="town", position=desk.inside())
    issues.accept(issue_id, cmd=desk.command("town"))
    declines(desk, issue_id, "town")
    assert Issue.objects.get(pk=issue_id).state == "declined"
