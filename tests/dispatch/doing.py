"""Each verb with what its dialog would hold: a well-formed body, and the version that is."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from dispatch.matter.aggregate.withdrawals import reports_of_matter
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Closing, Ground, Outcome
from dispatch.matter.orders.models import Order, Result
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from dispatch.matter.texts.emergencies import EmergencyNumber
from dispatch.reading.detail import issue_detail
from dispatch.verbs.amending import Amendment
from dispatch.verbs.declared import ISSUE_VERBS, ORDER_VERBS, REQUEST_VERBS
from realtime.feed.contract import Actor, Command
from realtime.feed.errors import Refused
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import Desk

Attempt = tuple[str, str, UUID, Callable[[Command], None]]  # of what, verb, whose id, doing it
PEOPLE: Final = ("duty1", "lead", "town", "community", "chengguan", "power", "both")


def do_issue(desk: Desk, issue_id: UUID, verb: str, cmd: Command) -> None:
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
        "rework": lambda: issues.rework(issue_id, _lead(issue_id), "没修好", expected=expected, cmd=cmd),
        "close": lambda: issues.close(issue_id, closing, expected=expected, cmd=cmd),
        "amend": lambda: issues.amend(issue_id, Amendment(urgent=not issue.urgent), "更正", expected=expected, cmd=cmd),
        "withdraw": lambda: issues.withdraw(issue_id, "算了", report=_standing(issue), expected=expected, cmd=cmd),
        "message": lambda: issues.message(issue_id, "请核实", cmd=cmd),
        "refer_emergency": lambda: issues.refer_emergency(
            issue_id, EmergencyNumber.POLICE, issue.last_at, "已出警", cmd=cmd
        ),
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


def _standing(issue: Issue) -> UUID | None:
    """A report of the matter whose reporter still stands by it, if there is one: the dialog lists no others."""
    return reports_of_matter(issue).filter(withdrawn_at=None).values_list("pk", flat=True).first()


def _lead(issue_id: UUID) -> list[UUID]:
    """The lead that stands, as the dialog of a rework names it; where none was answered, the latest one."""
    sent = Order.objects.filter(issue_id=issue_id, role="lead").order_by("-sent_at")
    answered = sent.filter(state__in=("fed_back", "completed"))
    return list((answered if answered else sent).values_list("pk", flat=True)[:1])


def do_order(order_id: UUID, verb: str, cmd: Command) -> None:
    """As a unit's screen sends it, or the desk's."""
    order = Order.objects.get(pk=order_id)
    expected = order.version
    taker = order.issue.centre.units.get(kind="community_centre").pk
    calls: dict[str, Callable[[], Any]] = {
        "acknowledge": lambda: orders.acknowledge(order_id, cmd=cmd),
        "start": lambda: orders.start(order_id, expected=expected, cmd=cmd),
        "feed_back": lambda: orders.feed_back(order_id, Result.HANDLED, "已办", expected=expected, cmd=cmd),
        "request_return": lambda: orders.request_return(
            order_id, ReturnGround.NOT_OUR_DUTY, None, "不属职责", expected=expected, cmd=cmd
        ),
        "forward": lambda: orders.forward(order_id, taker, expected=expected, cmd=cmd),
        "take_back": lambda: orders.take_back(order_id, expected=expected, cmd=cmd),
        "message": lambda: orders.message(order_id, "请核实", cmd=cmd),
        "progress": lambda: orders.progress(order_id, "已到现场", cmd=cmd),
        "recall": lambda: orders.recall(order_id, "用不上", expected=expected, cmd=cmd),
    }
    calls[verb]()


def do_request(request_id: UUID, verb: str, cmd: Command) -> None:
    """The ruling, with its reason."""
    expected = ReturnRequest.objects.get(pk=request_id).version
    {"grant": orders.grant, "compel": orders.compel}[verb](request_id, "按职责", expected=expected, cmd=cmd)


def every_verb(desk: Desk, issue_id: UUID) -> Iterator[Attempt]:
    """Each declared verb, of the issue, of each of its orders and of each of its return requests."""
    for verb in ISSUE_VERBS:
        yield "issue", verb, issue_id, lambda cmd, verb=verb: do_issue(desk, issue_id, verb, cmd)  # type: ignore[misc]
    for order_id in Order.objects.filter(issue_id=issue_id).values_list("pk", flat=True):
        for of_order in ORDER_VERBS:
            yield (
                "order",
                of_order,
                order_id,
                lambda cmd, one=order_id, verb=of_order: do_order(one, verb, cmd),  # type: ignore[misc]
            )
    for request_id in ReturnRequest.objects.filter(issue_id=issue_id).values_list("pk", flat=True):
        for of_request in REQUEST_VERBS:
            yield (
                "request",
                of_request,
                request_id,
                lambda cmd, one=request_id, verb=of_request: do_request(one, verb, cmd),  # type: ignore[misc]
            )


def offered(issue_id: UUID, actor: Actor) -> set[tuple[str, str, UUID]]:
    """What the person's screen offers of the issue. Raises NotFound, Forbidden where it shows none."""
    seen = issue_detail(issue_id, actor=actor)
    return {
        *(("issue", str(verb), issue_id) for verb in seen.open_verbs),
        *(("order", str(verb), order.id) for order in seen.orders for verb in order.open_verbs),
        *(("request", str(verb), request.id) for request in seen.requests for verb in request.open_verbs),
    }


def undone(do: Callable[[Command], None], cmd: Command) -> Refused | None:
    """Does it, and undoes it. What it was refused with; None: it was done."""
    before = transaction.savepoint()
    try:
        do(cmd)
    except Refused as refusal:
        return refusal
    finally:
        transaction.savepoint_rollback(before)
    return None
