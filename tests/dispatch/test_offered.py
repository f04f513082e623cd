"""What is offered is taken: over every story, whatever a person's screen offers is done at once and none is refused.

Rules: docs/rules.md, "Order of checks": state, chain and requests are judged by the same law when a verb is offered.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from command.catalogue.models import CatalogueItem
from dispatch.intake.models import Report
from dispatch.issues import actions as issues
from dispatch.issues.amending import Amendment
from dispatch.issues.detail import issue_detail
from dispatch.issues.models import Issue
from dispatch.issues.outcomes import Closing, Emergency, Ground, Outcome
from dispatch.issues.withdrawals import reports_of_matter
from dispatch.orders.models import Order, Result
from dispatch.returns.models import ReturnRequest
from dispatch.returns.states import ReturnGround
from realtime.feed.contract import Command
from realtime.feed.errors import NotFound, Refused
from tests.dispatch import order_verbs as forwarding
from tests.dispatch import order_verbs as orders
from tests.dispatch import order_verbs as returns
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK, NOISE, Desk
from tests.dispatch.stories import STORIES

PEOPLE = ("duty1", "lead", "town", "community", "chengguan", "power", "both")
Case = tuple[str, str, str, str]  # who, of what, verb, the refusal's code


def of_issue(desk: Desk, issue_id: UUID, verb: str, cmd: Command) -> None:
    """The verb with what its dialog would hold."""
    issue = Issue.objects.get(pk=issue_id)
    expected = issue.version
    day = timedelta(days=1)
    closing = Closing(Outcome.WITHDRAWN if issue.withdrawn_at else Outcome.RESOLVED, followed_up=True, reason="已核实")
    unit = desk.unit("housing")
    another = desk.reported(issue.item) if verb == "merge" else issue_id
    calls: dict[str, Callable[[], Any]] = {
        "accept": lambda: issues.accept(issue_id, cmd=cmd),
        "pass_up": lambda: issues.pass_up(issue_id, "劝过", expected=expected, cmd=cmd),
        "decline": lambda: issues.decline(issue_id, Ground.NOT_IN_JURISDICTION, "不属", expected=expected, cmd=cmd),
        "merge": lambda: issues.merge(issue_id, another, "同一处", expected=expected, cmd=cmd),
        "settle_on_spot": lambda: issues.settle_on_spot(issue_id, "和好", consent=True, expected=expected, cmd=cmd),
        "file": lambda: issues.file(issue_id, expected=expected, cmd=cmd),
        "dispatch": lambda: issues.dispatch(issue_id, unit, reason="职责", expected=expected, cmd=cmd),
        "redispatch": lambda: issues.redispatch(issue_id, unit, reason="职责", expected=expected, cmd=cmd),
        "add_assist": lambda: issues.add_assist(issue_id, [unit], expected=expected, cmd=cmd),
        "suspend": lambda: issues.suspend(issue_id, issue.last_at + day, "等雨停", expected=expected, cmd=cmd),
        "verify": lambda: issues.verify(issue_id, expected=expected, cmd=cmd),
        "rework": lambda: issues.rework(issue_id, [_lead(issue_id)], "没修好", expected=expected, cmd=cmd),
        "close": lambda: issues.close(issue_id, closing, expected=expected, cmd=cmd),
        "amend": lambda: issues.amend(issue_id, Amendment(urgent=not issue.urgent), "更正", expected=expected, cmd=cmd),
        "withdraw": lambda: issues.withdraw(issue_id, "算了", report=_standing(issue), expected=expected, cmd=cmd),
        "refer_emergency": lambda: issues.refer_emergency(issue_id, Emergency.POLICE, issue.last_at, "已出警", cmd=cmd),
    }
    plain: dict[str, Callable[..., Any]] = {
        "reconsider": issues.reconsider,
        "unmerge": issues.unmerge,
        "resume": issues.resume,
        "reopen": issues.reopen,
        "void": issues.void,
    }
    if verb in plain:
        plain[verb](issue_id, "说明", expected=expected, cmd=cmd)
    else:
        calls[verb]()


def _standing(issue: Issue) -> UUID:
    """A report of the matter whose reporter still stands by it: the dialog lists no others."""
    return reports_of_matter(issue).filter(withdrawn_at=None).values_list("pk", flat=True)[0]


def _lead(issue_id: UUID) -> UUID:
    """The lead that stands, as the dialog of a rework names it."""
    sent = Order.objects.filter(issue_id=issue_id, role="lead", state__in=("fed_back", "completed"))
    return sent.order_by("-sent_at").values_list("pk", flat=True)[0]


def of_order(order_id: UUID, verb: str, cmd: Command) -> None:
    """As a unit's screen sends it, or the desk's."""
    order = Order.objects.get(pk=order_id)
    expected = order.version
    taker = order.issue.centre.units.get(kind="community_centre").pk
    calls: dict[str, Callable[[], Any]] = {
        "acknowledge": lambda: orders.acknowledge(order_id, cmd=cmd),
        "start": lambda: orders.start(order_id, expected=expected, cmd=cmd),
        "feed_back": lambda: orders.feed_back(order_id, Result.HANDLED, "已办", expected=expected, cmd=cmd),
        "request_return": lambda: returns.request_return(
            order_id, ReturnGround.NOT_OUR_DUTY, None, "不属职责", expected=expected, cmd=cmd
        ),
        "forward": lambda: forwarding.forward(order_id, taker, expected=expected, cmd=cmd),
        "take_back": lambda: forwarding.take_back(order_id, expected=expected, cmd=cmd),
        "recall": lambda: orders.recall(order_id, "用不上", expected=expected, cmd=cmd),
    }
    calls[verb]()


def of_request(request_id: UUID, verb: str, cmd: Command) -> None:
    """The ruling, with its reason."""
    expected = ReturnRequest.objects.get(pk=request_id).version
    {"grant": returns.grant, "compel": returns.compel}[verb](request_id, "按职责", expected=expected, cmd=cmd)


def refused(desk: Desk, issue_id: UUID) -> list[Case]:
    """Does each verb that each person is offered, and undoes it. Answers those that were refused."""
    found: list[Case] = []
    for username in PEOPLE:
        try:
            seen = issue_detail(issue_id, actor=desk.actor(username))
        except (NotFound, Refused):
            continue
        offered: list[tuple[str, str, Callable[[Command], None]]] = [
            *(
                ("issue", verb, lambda cmd, verb=verb: of_issue(desk, issue_id, verb, cmd))  # type: ignore[misc]
                for verb in seen.open_verbs
            ),
            *(
                ("order", verb, lambda cmd, one=order.id, verb=verb: of_order(one, verb, cmd))  # type: ignore[misc]
                for order in seen.orders
                for verb in order.open_verbs
            ),
            *(
                ("request", verb, lambda cmd, one=request.id, verb=verb: of_request(one, verb, cmd))  # type: ignore[misc]
                for request in seen.requests
                for verb in request.open_verbs
            ),
        ]
        for kind, verb, do in offered:
            before = transaction.savepoint()
            try:
                do(desk.command(username))
            except Refused as refusal:
                found.append((username, kind, verb, refusal.code))
            finally:
                transaction.savepoint_rollback(before)
    return found


@pytest.mark.slow  # nearly always where another story has ended
@pytest.mark.parametrize("name", STORIES)
def test_what_is_offered_before_a_story_is_taken(desk: Desk, name: str) -> None:
    assert refused(desk, STORIES[name].prepare(desk)) == []


@pytest.mark.parametrize("name", STORIES)
def test_what_is_offered_after_a_story_is_taken(desk: Desk, name: str) -> None:
    story = STORIES[name]
    issue_id = story.prepare(desk)
    story.run(desk, issue_id)
    assert refused(desk, issue_id) == []


@pytest.mark.parametrize("item", [NOISE, GAS_LEAK, DOMESTIC_VIOLENCE])
@pytest.mark.parametrize("state", ["reported", "accepted", "filed", "dispatched", "fed_back", "verified", "closed"])
def test_what_is_offered_of_other_matters_is_taken(desk: Desk, item: str, state: str) -> None:
    assert refused(desk, getattr(desk, state)(item)) == []


def test_every_kind_of_matter_is_offered_the_spot_only_where_it_is_taken(desk: Desk) -> None:
    kinds = {}
    for row in CatalogueItem.objects.filter(retired_at=None).order_by("code"):
        kinds.setdefault((row.kind, row.level, row.urgent, row.sensitive), row.code)
    for code in kinds.values():
        assert refused(desk, desk.reported(code, position=desk.inside())) == [], code


def test_nothing_is_verified_while_an_assist_is_open(desk: Desk) -> None:
    issue_id = STORIES["acknowledge_lead"].prepare(desk)
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    desk.feeds_back(desk.lead(issue_id))
    assert "verify" not in issue_detail(issue_id, actor=desk.actor("duty1")).open_verbs
    assert refused(desk, issue_id) == []
    orders.recall(desk.order_of(issue_id, "power"), "用不上了", expected=1, cmd=desk.command("duty1"))
    assert "verify" in issue_detail(issue_id, actor=desk.actor("duty1")).open_verbs
    assert refused(desk, issue_id) == []


def test_of_a_merged_matter_only_what_is_taken(desk: Desk) -> None:
    target, source = desk.accepted(position=desk.inside()), desk.reported(position=desk.inside())
    issues.merge(source, target, None, expected=1, cmd=desk.command("duty1"))
    assert refused(desk, target) == []
    assert refused(desk, source) == []
    own = Report.objects.get(issue_id=target).pk
    issues.withdraw(target, "算了", report=own, expected=desk.version(target), cmd=desk.command("duty1"))
    assert refused(desk, target) == []
