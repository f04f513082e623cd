"""Role × resource: every endpoint of the API's document, asked by every role for what is not theirs: nothing but 404.

The list below is the matrix: an endpoint that is missing from it fails the first test until somebody has placed it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from django.test import Client
from shapely import box

from assessment.handovers import actions as handovers
from assessment.handovers.models import Handover
from command.access import Role
from command.catalogue.models import CatalogueItem
from command.channels.models import Channel
from command.people import accounts, screens
from command.people import actions as people
from command.people.models import ApiClient, Delegation, Person, Post
from demo.seed.centre import ACCOUNTS, PASSWORD, Account, Plan, build_centre
from dispatch.matter.calls.models import Call
from dispatch.matter.orders.models import Order
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.positions import GivenPosition
from dispatch.matter.returns.states import ReturnGround
from gis.grid.generation import Counts
from gis.grid.models import Cell
from realtime.feed import clock
from realtime.feed.contract import Audience
from realtime.feed.queries import all_facts
from server.api import api
from tests.dispatch.desk import DOMESTIC_VIOLENCE, STREET_LIGHT, Desk
from tests.dispatch.order_verbs import message, request_return

TWO: Final = Counts(townships=2, communities=2, grids=4, micro_grids=8)

# Who each endpoint is for, and what stands in its address. An object's endpoint is called with others' objects; `-` are
# those that name none: what they list is looked through for others' ids. `public` has no account; `self` is one's own.
MATRIX: Final = """
GET    /issues/{issue_id}                    issue
GET    /issues/{issue_id}/duplicates         issue
PUT    /issues/{issue_id}/presence           issue
PUT    /issues/{issue_id}/look               issue    {"seq": 1}
POST   /issues/{issue_id}/message            issue    {"text": "请核实"}
POST   /issues/{issue_id}/messages/read      issue    {"messages": ["MESSAGE"]}
POST   /messages/{message_id}/strike         message  {"ground": "mistaken"}
POST   /issues/{issue_id}/accept             issue
POST   /issues/{issue_id}/add_assist         issue    {"units": ["UNIT"]}
POST   /issues/{issue_id}/amend              issue    {"reason": "更正", "level": "major"}
POST   /issues/{issue_id}/close              issue    {"outcome": "resolved", "followed_up": true}
POST   /issues/{issue_id}/decline            issue    {"ground": "not_in_jurisdiction", "text": "不属本区"}
POST   /issues/{issue_id}/dispatch           issue    {"unit": "UNIT"}
POST   /issues/{issue_id}/file               issue
POST   /issues/{issue_id}/merge              issue    {"into": "ANOTHER"}
POST   /issues/{issue_id}/pass_up            issue
POST   /issues/{issue_id}/reconsider         issue    {"reason": "复核"}
POST   /issues/{issue_id}/redispatch         issue    {"unit": "UNIT"}
POST   /issues/{issue_id}/refer_emergency    issue    {"to": "110", "at": "2026-11-02T01:00:00Z", "answer": "已出警"}
POST   /issues/{issue_id}/reopen             issue    {"reason": "重开"}
POST   /issues/{issue_id}/resume             issue    {"reason": "恢复"}
POST   /issues/{issue_id}/reveal             issue    {"reason": "核实"}
POST   /issues/{issue_id}/rework             issue    {"orders": ["ORDER"], "reason": "返工"}
POST   /issues/{issue_id}/settle_on_spot     issue    {"text": "已化解", "consent": true}
POST   /issues/{issue_id}/suspend            issue    {"until": "2026-12-02T01:00:00Z", "reason": "挂账"}
POST   /issues/{issue_id}/unmerge            issue    {"reason": "撤并"}
POST   /issues/{issue_id}/verify             issue
POST   /issues/{issue_id}/void               issue    {"reason": "作废"}
POST   /issues/{issue_id}/withdraw           issue    {"reason": "撤回"}
POST   /orders/{order_id}/acknowledge        order
POST   /orders/{order_id}/feed_back          order    {"result": "handled", "text": "已办"}
POST   /orders/{order_id}/forward            order    {"taker": "UNIT"}
POST   /orders/{order_id}/message            order    {"text": "请核实"}
POST   /orders/{order_id}/progress           order    {"text": "已到现场"}
POST   /orders/{order_id}/recall             order    {"reason": "撤回"}
POST   /orders/{order_id}/request_return     order    {"ground": "not_our_duty", "text": "不属职责"}
POST   /orders/{order_id}/start              order
POST   /orders/{order_id}/take_back          order
POST   /returns/{request_id}/compel          request  {"reason": "强制"}
POST   /returns/{request_id}/grant           request
GET    /reports/{report_id}/receipt          report
POST   /reports/{report_id}/replies          report   {"channel": "telephone", "text": "已告知"}
GET    /issues/{issue_id}/calls              issue
POST   /calls/{call_id}/answer               call
POST   /calls/{call_id}/telephone            call     {"post": "POST", "outcome": "talked"}
GET    /calls/telephone-list                 -
GET    /calls/unanswered                     own
GET    /calls/failing-ways                   -
GET    /photos/{photo_id}                    photo
GET    /files/{file_id}                      photo
GET    /objects/{kind}/{object_id}           object
GET    /situation-reports/{report_id}        situation
GET    /situation-reports/{report_id}/file.{kind}  situation
DELETE /devices/{device_id}                  device
POST   /admin/people/{person_id}/rename      person   {"username": "other", "name": "某人"}
POST   /admin/people/{person_id}/reset_password  person
POST   /admin/people/{person_id}/restore     person
POST   /admin/people/{person_id}/suspend     person   {}
POST   /admin/posts                          -        {"person": "PERSON", "role": "leader", "unit": "UNIT"}
POST   /admin/posts/{post_id}/end            post     {}
POST   /admin/delegations                    -        {"post": "POST", "until": "2026-12-02T01:00:00Z"}
POST   /admin/delegations/{delegation_id}/end  delegation
POST   /admin/units/{unit_id}/rename         unit     {"name": "某", "short": "某"}
POST   /admin/units/{unit_id}/retire         unit
GET    /admin/units/{unit_id}/contacts       unit
POST   /admin/units/{unit_id}/contacts       unit     {"contacts": []}
POST   /admin/channels/{channel_id}/amend    channel  {"name_zh": "某", "reporter_known": true}
POST   /admin/channels/{channel_id}/retire   channel
POST   /admin/channels/{channel_id}/reinstate  channel
POST   /admin/catalogue/{item_id}/amend      item     TERMS
POST   /admin/catalogue/{item_id}/retire     item
POST   /admin/catalogue/{item_id}/reinstate  item
POST   /admin/api-clients/{client_id}/revoke  client
GET    /admin/api-clients                    -
POST   /admin/api-clients                    own
GET    /admin/catalogue                      -
POST   /admin/catalogue                      own
GET    /units/{unit_id}/roster               unit
POST   /units/{unit_id}/roster               unit     {"own_days": ["2026-12-24"]}
GET    /units/{unit_id}/on-duty              unit
GET    /units/{unit_id}/receivers            unit
GET    /duty/gaps                            -
GET    /duty/not-begun                       -
GET    /duty/own                             own
POST   /duty/begin                           own
POST   /duty/end                             own
GET    /duty/shift                           -
GET    /duty/units                           -
GET    /duty/standing                        -
GET    /duty/log                             -
GET    /duty/handovers                       -
POST   /duty/handovers                       own
POST   /duty/handovers/alone                 own
GET    /duty/handovers/{handover_id}         handover
GET    /duty/handovers/{handover_id}/log     handover
POST   /duty/handovers/{handover_id}/take    handover
POST   /duty/handovers/{handover_id}/withdraw  handover
GET    /admin/channels                       -
POST   /admin/channels                       own
GET    /admin/outside-ways                   -
POST   /admin/outside-ways/{kind}            own
POST   /admin/outside-ways/{kind}/test       own
GET    /admin/delegations                    -
POST   /admin/imports/check                  own
POST   /admin/imports/take                   own
GET    /admin/imports/template               own
POST   /admin/imports/rosters/check          own
POST   /admin/imports/rosters/take           own
GET    /admin/imports/rosters/template       own
GET    /admin/rosters/export                 own
POST   /admin/imports/units/check            own
POST   /admin/imports/units/take             own
GET    /admin/imports/units/template         own
GET    /admin/people                         -
POST   /admin/people                         own
GET    /admin/places                         -
GET    /admin/settings                       -
POST   /admin/settings/{name}                own
GET    /admin/settings/{name}/history        own
GET    /admin/units                          -
POST   /admin/units                          own
GET    /basemap                              own
GET    /cells                                -
GET    /cells/middles                        -
GET    /tiles/{tier}/{z}/{x}/{y}.mvt         own
GET    /devices                              -
POST   /devices                              public
POST   /devices/approve                      own
GET    /devices/me                           self
GET    /flow/today                           -
GET    /issues                               -
GET    /issues/unanswered                    -
GET    /issues/unseen                        -
GET    /orders                               -
GET    /public-doors                         own
GET    /reference                            -
GET    /room                                 -
POST   /photos                               own
POST   /files                                own
POST   /reports                              own
POST   /reports/batch                        own
GET    /reports/mine                         -
GET    /reports/unplaced                     -
POST   /suggest                              own
GET    /situation                            own
GET    /situation/{figure}/rows              own
POST   /situation-reports                    own
GET    /situation-reports                    -
GET    /session                              self
POST   /session                              self
DELETE /session                              self
POST   /session/use                          self
GET    /session/push                         self
PUT    /session/push                         self
DELETE /session/push                         self
GET    /session/draft-key                    self
POST   /session/password                     self
GET    /snapshot                             -
POST   /ticket                               self
POST   /public/add                           public
GET    /public/draft-key                     public
GET    /public/grids/{code}                  public
POST   /public/lookup                        public
POST   /public/photos                        public
POST   /public/rate                          public
POST   /public/reconsider                    public
POST   /public/reports                       public
POST   /public/withdraw                      public
POST   /calls/receipts                       public
"""
TERMS: Final = {
    "lead_department": "township",
    "level": "general",
    "urgent": False,
    "sensitive": False,
}
# Leaders outside the duty desk, by their units: each sees what the unit sees that is not sensitive, and no more.
HEADS: Final = {"gas_head": "gas", "town_head": "township", "community_head": "community"}
PEOPLE: Final = ("duty1", "lead", "power", "town", "community", "grid1", "leader", *HEADS, "admin")
# Of the own centre's other township and other unit, these see nothing; the desk's leader sees what is not sensitive.
OUTSIDERS: Final = ("power", "town", "community", "grid1", *HEADS, "admin")
OF_THE_WORK: Final = frozenset({"issue", "order", "request", "report", "photo", "object", "call", "message"})


@dataclass(frozen=True, slots=True)
class Row:
    """One endpoint of the matrix."""

    method: str
    path: str
    kind: str
    body: Any


def rows() -> Iterator[Row]:
    """The matrix, read."""
    for line in MATRIX.strip().splitlines():
        method, path, kind, *rest = line.split(maxsplit=3)
        said = rest[0].strip() if rest else "{}"
        yield Row(method, path, kind, TERMS if said == "TERMS" else json.loads(said))


def test_every_endpoint_of_the_document_is_placed() -> None:
    document = api.get_openapi_schema(path_prefix="/")
    there = {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}
    placed = {(row.method, row.path) for row in rows()}
    assert there - placed == set(), "place these in the matrix above"
    assert placed - there - {("POST", "/public/withdraw")} == set(), "these are no more"


def desk_of(code: str, west: float, prefix: str) -> Desk:
    """A centre of two townships."""
    heads = tuple(Account(name, "负责人", Role.LEADER, unit) for name, unit in HEADS.items())
    extent = box(west, 30.6, west + 0.1, 30.7)
    plan = Plan(code, f"{code}综治中心", extent, TWO, accounts=ACCOUNTS + heads, prefix=prefix)
    built = build_centre(plan)
    accounts = {name.removeprefix(prefix): person for name, person in built.people.items()}
    return Desk(type(built)(built.id, built.root, built.units, accounts))


def objects_of(desk: Desk, item: str) -> Mapping[str, str]:
    """One of each thing that has an address, in the township that none of the accounts is of."""
    centre = desk.built.id
    last = Cell.objects.filter(centre_id=centre, tier="micro_grid").order_by("path").reverse()[0]
    point = last.polygon.point_on_surface
    position = GivenPosition(point.x, point.y, "CGCS2000", 1.0)
    issue = desk.dispatched(item, position=position)
    order = Order.objects.get(issue_id=issue)
    person = desk.built.people["chengguan"]
    people.make_api_client(centre, f"系统{uuid4()}", ["iot_alert"])
    wall = screens.offer_device(str(uuid4()), source="10.0.0.1")
    screens.approve_device(wall.code, "大厅", cmd=desk.command("lead"))
    officer = Post.objects.get(person_id=desk.built.people["duty1"])
    if not Delegation.objects.filter(post=officer).exists():
        accounts.delegate(officer.pk, clock.at(None) + timedelta(days=1), cmd=desk.command("lead"))
    asked = request_return(
        order.pk, ReturnGround.NOT_OUR_DUTY, None, "不属职责", expected=order.version, cmd=desk.command("chengguan")
    )
    if not Handover.objects.filter(centre_id=centre).exists():
        handovers.give("夜里已巡查", cmd=desk.command("duty1"))
    first = {"centre_id": centre}
    return {
        "issue": str(issue),
        "order": str(order.pk),
        "request": json.loads(asked.body)["object"]["id"],
        "call": str(Call.objects.get(order_id=order.pk, kind="new_order").pk),
        "message": json.loads(message(order.pk, "请核实", cmd=desk.command("duty1")).body)["object"]["id"],
        "report": str(Report.objects.filter(issue_id=issue)[0].pk),
        "photo": str(uuid4()),
        "situation": str(uuid4()),
        "handover": str(Handover.objects.get(centre_id=centre).pk),
        "device": str(wall.id),
        "object": str(issue),
        "person": str(person),
        "post": str(Post.objects.filter(person_id=person)[0].pk),
        "delegation": str(Delegation.objects.get(post=officer).pk),
        "unit": str(desk.unit("law_enforcement")),
        "channel": str(Channel.objects.filter(**first)[0].pk),
        "item": str(CatalogueItem.objects.filter(**first)[0].pk),
        "client": str(ApiClient.objects.filter(**first)[0].pk),
    }


def browsers(desk: Desk, prefix: str) -> dict[str, tuple[Client, dict[str, str]]]:
    """Everybody who can ask: people with sessions, a wall's device, another system, nobody."""
    found: dict[str, tuple[Client, dict[str, str]]] = {"nobody": (Client(), {})}
    for name in PEOPLE:
        client = Client()
        body = {"username": prefix + name, "password": PASSWORD}
        assert client.post("/api/v1/session", body, "application/json").status_code == 200
        found[name] = (client, {})
    wall = screens.offer_device(str(uuid4()), source="10.0.0.1")
    screens.approve_device(wall.code, "大厅", cmd=desk.command("lead"))
    found["wall"] = (Client(), {"X-Device": f"{wall.id}:{wall.secret}"})
    key = people.make_api_client(desk.built.id, "别的系统", ["iot_alert"])
    found["system"] = (Client(), {"Authorization": f"Bearer {key}"})
    return found


def ask(client: Client, headers: Mapping[str, str], row: Row, foreign: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and content of one call with others' ids in address and body."""
    path = row.path
    for step in [part for part in path.split("/") if "{" in part]:
        filled = step.replace("{kind}", "issue" if row.kind == "object" else "html")
        name = filled[filled.find("{") : filled.find("}") + 1] if "{" in filled else ""
        path = path.replace(step, filled.replace(name, foreign.get(row.kind, "x")) if name else filled)
    text = json.dumps(row.body)
    for word in ("UNIT", "ISSUE", "ORDER", "PERSON", "POST", "MESSAGE"):
        text = text.replace(f'"{word}"', json.dumps(foreign[word.lower()]))
    text = text.replace("ANOTHER", str(uuid4()))
    sent = dict(headers) if row.method == "GET" else {**headers, "Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
    body = {} if row.method == "GET" else {"data": text, "content_type": "application/json"}
    answer = client.generic(row.method, f"/api/v1{path}", **body, headers=sent)
    return answer.status_code, answer.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.mechanism("M19")
def test_nothing_of_others_is_there() -> None:
    here, there = desk_of("330199", 120.3, ""), desk_of("330198", 121.3, "o_")
    own, sensitive = objects_of(here, STREET_LIGHT), objects_of(here, DOMESTIC_VIOLENCE)
    foreign = objects_of(there, STREET_LIGHT)
    asking = browsers(here, "")
    faults: list[str] = []

    def expect(who: str, row: Row, objects: Mapping[str, str], allowed: set[int], what: str) -> None:
        client, headers = asking[who]
        status, content = ask(client, headers, row, objects)
        if status not in allowed:
            faults.append(f"{who} {row.method} {row.path} ({what}): {status} {content[:160]!r}")

    for row in rows():
        if row.kind in ("public", "self", "own"):
            continue
        if row.kind == "-":
            _look_through(row, asking, foreign, faults)
            continue
        for who in asking:
            if who == "nobody":
                expect(who, row, foreign, {401}, "nobody")
            elif who in ("wall", "system"):
                expect(who, row, foreign, {401, 404}, "another centre's")
            else:
                expect(who, row, foreign, {404}, "another centre's")
        if row.kind in OF_THE_WORK:
            for who in OUTSIDERS:
                expect(who, row, own, {404}, "another unit's and township's")
                expect(who, row, sensitive, {404}, "sensitive")
            expect("leader", row, sensitive, {404}, "sensitive")
            looks = row.path.endswith(("/presence", "/look"))  # who may see may look, and be seen looking
            if row.method != "GET" and row.kind not in ("request", "photo", "call") and not looks:
                expect("leader", row, own, {403, 404}, "seen, but not theirs to do")
    assert faults == [], f"{len(faults)} of the matrix:\n" + "\n".join(faults)
    assert Person.objects.filter(username="other").count() == 0


def _look_through(
    row: Row, asking: Mapping[str, tuple[Client, dict[str, str]]], foreign: Mapping[str, str], faults: list[str]
) -> None:
    """A list holds no id of another centre, and what is made names nothing of it; nobody is shown the door."""
    for who, (client, headers) in asking.items():
        status, content = ask(client, headers, row, foreign)
        refused = {401} if who == "nobody" else {401, 403, 404}
        fine = {200} if row.method == "GET" else set()
        if status not in (refused if who == "nobody" else refused | fine):
            faults.append(f"{who} {row.method} {row.path}: {status} {content[:160]!r}")
        faults += [f"{who} {row.path} shows {kind}" for kind, key in foreign.items() if key.encode() in content]


@pytest.mark.django_db(transaction=True)
@pytest.mark.mechanism("M19")
def test_no_socket_holds_anything_of_others() -> None:
    """What a role's pairs match is what its socket and its snapshot get: the hub knows nothing else."""
    here, there = desk_of("330199", 120.3, ""), desk_of("330198", 121.3, "o_")
    own, sensitive = objects_of(here, STREET_LIGHT), objects_of(here, DOMESTIC_VIOLENCE)
    objects_of(there, STREET_LIGHT)
    for name in PEOPLE:
        scope = here.actor(name).scope
        assert not any(scope.sees(audience) for audience, _ in _audiences(there.built.id)), name
        seen = {object_id for audience, object_id in _audiences(here.built.id) if scope.sees(audience)}
        if name in OUTSIDERS:
            assert not seen & {UUID(own[kind]) for kind in ("issue", "order", "report")}, name
        if name in (*OUTSIDERS, "leader"):
            assert not seen & {UUID(sensitive[kind]) for kind in ("issue", "order", "report")}, name


def _audiences(centre_id: UUID) -> list[tuple[Audience, UUID]]:
    return [(Audience.of_wire(json.loads(row.audience)["after"]), row.object_id) for row in all_facts(centre_id)]
