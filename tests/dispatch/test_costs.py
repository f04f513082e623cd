"""What an action costs in statements, and that boards read by their indexes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import State
from dispatch.matter.orders.models import Order
from dispatch.reading import issues as queries
from dispatch.reading.orders import orders_in_scope
from realtime.feed.errors import Invalid
from tests.dispatch import issue_verbs as issue_actions
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import NOISE, Desk
from tests.dispatch.plans import left_only
from tests.dispatch.stories import STORIES

# Messages of an action to PostgreSQL, SAVEPOINTs of the test aside, the actor's own two and the story's look-ups too.
MOST = {
    "report": 8,
    "accept": 4,
    "decline": 6,
    "file": 5,
    "dispatch": 8,
    "acknowledge_lead": 6,
    "acknowledge_assist": 6,
    "start": 6,
    "feed_back_lead": 7,
    "message": 11,
    "progress": 9,
    "verify": 6,
    "rework": 8,
    "close": 6,
    "reveal": 5,
    "report_from_paper": 11,
    "accept_from_paper": 8,
    "dispatch_from_paper": 12,
    "acknowledge_from_paper": 9,
    "feed_back_from_paper": 11,
}


def statements(act: Callable[[], object]) -> list[str]:
    """What was sent to the database, savepoints aside."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("name", MOST)
def test_an_action_costs_no_more_statements_than_it_says(desk: Desk, name: str) -> None:
    story = STORIES[name]
    issue_id = story.prepare(desk)
    sent = statements(lambda: story.run(desk, issue_id))
    assert len(sent) <= MOST[name], "\n".join(sent)


@pytest.mark.parametrize("verb", ["void", "verify", "rework"])
def test_what_is_done_to_many_orders_costs_as_much_as_to_two(desk: Desk, verb: str) -> None:
    lead, few, many = "chengguan", ("power",), ("power", "housing", "police", "human_resources")
    assert len(_done_to_all(desk, verb, lead, few)) == len(_done_to_all(desk, verb, lead, many))


def _done_to_all(desk: Desk, verb: str, lead: str, assists: tuple[str, ...]) -> list[str]:
    """The statements of a verb that changes each of an issue's orders."""
    issue_id = desk.dispatched(assists=assists)
    names = {"power": "power", "housing": "housing", "police": "police", "human_resources": "renshe"}
    if verb != "void":
        for unit, person in {"law_enforcement": lead, **{unit: names[unit] for unit in assists}}.items():
            orders.acknowledge(desk.order_of(issue_id, unit), cmd=desk.command(person))
            desk.feeds_back(desk.order_of(issue_id, unit), by=person)
    cmd, expected = desk.command("lead"), desk.version(issue_id)
    keys = list(Order.objects.filter(issue_id=issue_id).values_list("pk", flat=True))
    match verb:
        case "void":
            return statements(lambda: issue_actions.void(issue_id, "误录", expected=expected, cmd=cmd))
        case "verify":
            return statements(lambda: issue_actions.verify(issue_id, expected=expected, cmd=cmd))
    return statements(lambda: issue_actions.rework(issue_id, keys, "没修好", expected=expected, cmd=cmd))


@pytest.mark.parametrize("issues", [1, 6])
def test_boards_cost_the_same_however_many_they_show(desk: Desk, issues: int) -> None:
    for _ in range(issues):
        desk.dispatched(position=desk.inside())
    actor = desk.actor("duty1")
    assert len(statements(lambda: list(queries.snapshot_objects(actor.scope, actor.centre_id)))) == 1
    assert len(statements(lambda: list(queries.row_objects(actor.scope, actor.centre_id)))) <= 6
    assert len(statements(lambda: queries.issues_page(queries.Asked(), actor=actor))) == 3
    assert len(statements(lambda: orders_in_scope(actor=actor, open_only=True))) <= 7


def test_the_open_board_can_be_read_from_its_own_index_in_order(desk: Desk) -> None:
    """Which index a planner takes for one row is chance; that this one alone serves filter and order is not."""
    desk.reported()
    rows = Issue.objects.filter(centre_id=desk.built.id, state__in=queries._OPEN_STATES).order_by("-number")
    left_only("issue_open", Issue)
    with connection.cursor() as cursor:
        for method in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{method} = off")
    plan = json.loads(rows.explain(format="json"))
    assert "issue_open" in json.dumps(plan)
    assert '"Sort"' not in json.dumps(plan)


def test_each_filter_of_a_search_narrows_and_orders_come_in_pages(desk: Desk) -> None:
    lit = desk.dispatched(position=desk.inside())
    noisy = desk.reported(NOISE, position=desk.inside(other=True))
    actor = desk.actor("duty1")
    issue = Issue.objects.select_related("cell__parent").get(pk=lit)
    assert issue.cell is not None and issue.cell.parent is not None
    at = Issue.objects.get(pk=noisy).reported_at
    for asked, found in (
        (queries.Asked(cell=issue.cell.path), [lit]),
        (queries.Asked(cell=issue.cell.parent.path), [lit]),
        (queries.Asked(cell=actor.root), [noisy, lit]),
        (queries.Asked(item=NOISE), [noisy]),
        (queries.Asked(category="urban_public_service"), [lit]),
        (queries.Asked(unit=desk.unit("law_enforcement")), [lit]),
        (queries.Asked(since=at), [noisy]),
        (queries.Asked(until=at), [lit]),
        (queries.Asked(channel="hotline_12345"), [noisy, lit]),
        (queries.Asked(channel="police_110"), []),
        (queries.Asked(family="no_such_family"), []),
        (queries.Asked(states=(State.REPORTED,)), [noisy]),
    ):
        assert [row.id for row in queries.issues_page(asked, actor=actor).issues] == found, asked
    desk.dispatched()
    first = orders_in_scope(actor=actor, open_only=False, limit=1)
    second = orders_in_scope(actor=actor, open_only=False, limit=1, cursor=first.cursor)
    assert (len(first.orders), len(second.orders), second.cursor) == (1, 1, None)
    assert first.orders[0].id != second.orders[0].id
    with pytest.raises(Invalid):
        orders_in_scope(actor=actor, open_only=False, cursor="yesterday")


@pytest.mark.parametrize(
    ("index", "asked"),
    [
        ("issue_by_place", queries.Asked(cell="330199/001")),
        ("issue_by_item", queries.Asked(item=NOISE)),
        ("issue_by_channel", queries.Asked(channel="hotline_12345")),
        ("issue_by_time", queries.Asked(since=datetime(2026, 1, 1, tzinfo=UTC))),
    ],
)
def test_a_search_can_be_read_from_its_own_index(desk: Desk, index: str, asked: queries.Asked) -> None:
    rows = Issue.objects.filter(queries._narrowed(asked, desk.built.id), centre_id=desk.built.id)
    left_only(index, Issue)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in json.dumps(json.loads(rows.explain(format="json")))


def test_a_search_names_few_cells_by_their_ids(desk: Desk) -> None:
    """Through the join a number among a million issues read them all: 1.3 s."""
    issue_id = desk.reported(position=desk.inside())
    actor = desk.actor("duty1")
    cell = Issue.objects.select_related("cell").get(pk=issue_id).cell
    assert cell is not None
    for words in ("000001", cell.name):
        asked = queries.Asked(words=words)
        sent = statements(lambda asked=asked: queries.issues_page(asked, actor=actor))  # type: ignore[misc]
        assert len(sent) <= 6  # the catalogue is a read of its own, and so are the senders' numbers
        [page] = [sql for sql in sent if '"number" DESC' in sql]
        assert "LIKE" not in page.split("WHERE")[1].replace(f"LIKE '{actor.root}/%'", "")
        assert [row.id for row in queries.issues_page(asked, actor=actor).issues] == [issue_id]
