"""交接班: the sheet that the server makes, both names, what refuses to be changed, and whom it is for.

Source: docs/rules.md, "Duty".
"""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from assessment.handovers.log import TOLD
from assessment.handovers.models import Handover
from command.duty.attendance import began
from demo.seed.centre import PASSWORD
from dispatch.matter.clock_law import fire_due
from dispatch.matter.issues.models import Issue
from dispatch.verbs import calls
from realtime.feed.clock import shifted
from server.words import facts as words_of_facts
from tests.command.office import facts
from tests.dispatch.calls.called import post_of, the_call
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK, MINUTE, Desk
from tests.dispatch.order_verbs import acknowledge

API = "/api/v1"
NOTES = "二号楼 3 单元停电未复，电工 13812341234 今晚到。"


class Officer:
    """Somebody's browser, at the handovers."""

    def __init__(self, username: str) -> None:
        self.browser = Client()
        body = {"username": username, "password": PASSWORD}
        assert self.browser.post(f"{API}/session", body, "application/json").status_code == 200

    def reads(self, path: str, status: int = 200) -> Any:
        """What stands there."""
        answer = self.browser.get(f"{API}/duty/{path}")
        assert answer.status_code == status, answer.content
        return answer.json()

    def does(self, path: str, body: Any = None, *, version: int = 1, key: str | None = None) -> Any:
        """The answer of a command."""
        headers = {"Idempotency-Key": key or str(uuid4()), "If-Match": f'"{version}"'}
        return self.browser.post(f"{API}/duty/{path}", json.dumps(body or {}), "application/json", headers=headers)

    def gives(self, notes: str | None = NOTES) -> str:
        """The id of a handover given now."""
        answer = self.does("handovers", {"notes": notes} if notes else {})
        assert answer.status_code == 200, answer.content
        return str(answer.json()["object"]["id"])

    def refused(self, code: str, path: str, body: Any = None, *, version: int = 1) -> None:
        """A command that is refused so, and says why."""
        said = self.does(path, body, version=version).json()
        assert said["code"] == code, said
        assert said["detail"]


def test_the_sheet_says_what_stands_and_both_names_are_on_record(desk: Desk) -> None:
    desk.reported()
    late, sent, hidden = desk.reported(), desk.dispatched(), desk.reported(DOMESTIC_VIOLENCE)
    desk.reported(GAS_LEAK)
    with shifted(61 * MINUTE):
        fire_due()
        giver, taker = Officer("duty1"), Officer("duty2")
        assert giver.does("begin", {"heard": True}).status_code == 200
        now = giver.reads("standing")
        key = giver.gives()
        whole = taker.reads(f"handovers/{key}")
        sheet = whole["sheet"]
        assert sheet["states"]["reported"] == 3
        assert sheet["states"]["in_handling"] == 1
        assert sum(sheet["states"].values()) == 4
        assert sheet["sensitive"] == 1
        assert sheet["late"]["count"] == 5, "an hour is over for everything"
        assert sheet["late"]["sensitive"] == 1
        assert {one["issue"] for one in sheet["late"]["lines"]} >= {str(late), str(hidden)}
        assert (sheet["urgent"]["count"], sheet["urgent"]["sensitive"]) == (2, 1)
        relays = {(one["issue"], one["what"], one["state"]) for one in sheet["relays"]["lines"]}
        assert (str(late), "relay_up", "breached") in relays
        assert {(str(sent), "relay_down_issue", "breached"), (str(sent), "relay_down_order", "breached")} <= relays
        assert any(one["issue"] == str(sent) for one in sheet["calls"]["lines"])
        for section in ("late", "urgent", "calls", "relays", "requests"):
            assert now["sheet"][section]["count"] == sheet[section]["count"], section
        told = whole["handover"]
        assert (told["state"], told["giver"]["name"], told["taker"]) == ("given", "林晓舟", None)
        assert whole["notes"] == NOTES
        assert "13812341234" not in whole["notes_masked"]
        assert taker.reads("standing")["waiting"]["id"] == key

        giver.refused("handover.own", f"handovers/{key}/take")
        taker.refused("version.stale", f"handovers/{key}/take", version=2)
        repeated = str(uuid4())
        first = taker.does(f"handovers/{key}/take", key=repeated)
        assert first.status_code == 200, first.content
        assert taker.does(f"handovers/{key}/take", key=repeated).content == first.content
        taker.refused("handover.over", f"handovers/{key}/take", version=2)
        (listed,) = giver.reads("handovers")
        assert (listed["state"], listed["giver"]["name"], listed["taker"]["name"]) == ("taken", "林晓舟", "苏明远")
        assert began(post_of(desk, "duty1")) is None, "who has handed over has no shift any more"
    assert "13812341234" not in json.dumps(facts("handover.changed"), ensure_ascii=False)
    assert [one["body"]["change"] for one in facts("handover.changed")] == ["given", "taken"]
    assert [one["body"]["change"] for one in facts("attendance.changed")] == ["begun", "ended"]


def test_nobody_gives_twice_and_who_erred_withdraws(desk: Desk) -> None:
    giver, taker, lead = Officer("duty1"), Officer("duty2"), Officer("lead")
    key = giver.gives(None)
    assert taker.reads(f"handovers/{key}")["notes"] is None
    taker.refused("handover.waits", "handovers")
    taker.refused("handover.waits", "handovers/alone")
    taker.refused("handover.not_own", f"handovers/{key}/withdraw")
    assert lead.does(f"handovers/{key}/withdraw").status_code == 200
    giver.refused("handover.over", f"handovers/{key}/withdraw", version=2)
    second = giver.gives()
    assert giver.does(f"handovers/{second}/withdraw").status_code == 200
    giver.refused("text.empty", "handovers", {"notes": "\u200b"})
    giver.refused("request.unstorable", "handovers", {"notes": "a\x00b"})
    giver.refused("request.invalid", "handovers", {"notes": "字" * 2001})
    assert [one["state"] for one in giver.reads("handovers")] == ["withdrawn", "withdrawn"]


def test_who_begins_where_nobody_gives_is_alone_on_the_sheet(desk: Desk) -> None:
    taker = Officer("duty2")
    before = taker.reads("standing")
    assert (before["waiting"], before["before"]) == (None, None)
    answer = taker.does("handovers/alone", {"notes": "到岗时无人在席"})
    assert answer.status_code == 200, answer.content
    (told,) = taker.reads("handovers")
    assert (told["giver"], told["taker"]["name"], told["state"]) == (None, "苏明远", "taken")
    assert taker.reads("standing")["since"] == told["at"], "the next shift begins where this one ended"


def test_the_log_tells_the_shift_and_of_what_is_sensitive_counts_only(desk: Desk) -> None:
    desk.reported()  # before the shift
    officer = Officer("duty1")
    assert officer.does("handovers/alone").status_code == 200
    sent = desk.dispatched()
    desk.reported(DOMESTIC_VIOLENCE)
    Issue.objects.filter(pk=desk.reported()).update(exercise=True)
    calls.answer(the_call(sent).pk, cmd=desk.command("chengguan"))
    acknowledge(desk.lead(sent), cmd=desk.command("chengguan"))
    log = officer.reads("log")
    steps = [(one["name"], one["unit"], one["role"]) for one in log["lines"]]
    desk_unit, unit = str(desk.unit("duty_desk")), str(desk.unit("law_enforcement"))
    assert steps == [
        ("issue.reported", desk_unit, None),
        ("issue.accepted", desk_unit, None),
        ("issue.filed", desk_unit, None),
        ("issue.dispatched", unit, None),
        ("call.answered", unit, "liaison"),
        ("order.acknowledged", unit, None),
    ]
    assert log["counts"]["issue.reported"] == 1
    assert log["sensitive"] == {"steps": 1, "issues": 1}
    assert log["left_out"] == 0
    assert "贺" not in json.dumps(log, ensure_ascii=False)
    key = officer.gives()
    assert Officer("duty2").does(f"handovers/{key}/take").status_code == 200
    desk.reported()
    assert len(officer.reads(f"handovers/{key}/log")["lines"]) == len(steps), "what came later is the next shift's"
    assert [one["name"] for one in officer.reads("log")["lines"]] == ["issue.reported"]


def test_a_log_reaches_a_day_back_at_most(desk: Desk) -> None:
    assert Officer("duty1").does("handovers/alone").status_code == 200
    with shifted(timedelta(hours=30)):
        now = Officer("duty1").reads("standing")
        assert now["before"] is not None
        assert now["since"] > now["before"]["at"]
        Officer("duty1").gives()


def test_there_is_no_handover_for_who_is_not_of_the_desk(desk: Desk) -> None:
    key = Officer("duty1").gives()
    for username in ("chengguan", "town", "grid1", "leader", "admin"):
        other = Officer(username)
        for path in ("standing", "log", "handovers", f"handovers/{key}", f"handovers/{key}/log"):
            assert other.reads(path, 404)["code"] == "handover.not_found", (username, path)
        for path in ("handovers", "handovers/alone", f"handovers/{key}/take", f"handovers/{key}/withdraw"):
            other.refused("handover.not_found", path)


def test_the_log_tells_facts_that_there_are() -> None:
    assert set(TOLD) - words_of_facts().keys() == set()


def test_the_database_refuses_what_must_never_be(desk: Desk) -> None:
    row = Handover.objects.get(pk=UUID(Officer("duty1").gives()))
    taker = post_of(desk, "duty2")
    refused: dict[str, dict[str, Any]] = {
        "handover_stays_as_it_was": {"sheet": {}, "version": 2},
        "handover_taken_names_who_took_it": {"state": "taken", "version": 2},
        "handover_withdrawn_says_when": {"state": "withdrawn", "version": 2},
        "handover_taken_names_who_took": {"state": "taken", "taker_id": taker, "version": 2},
        "handover_state_is_known": {"state": "lost", "version": 2},
        "handover_is_between_two": {"state": "taken", "taker_id": row.giver_id, "taken_at": row.at, "version": 2},
    }
    for name, columns in refused.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Handover.objects.filter(pk=row.pk).update(**columns)
    with pytest.raises(IntegrityError, match="handover_stays_as_it_was"), transaction.atomic():
        Handover.objects.filter(pk=row.pk).update(giver_id=taker, version=2)
    with pytest.raises(Exception, match=r"handover_stays_as_it_was|permission denied"), transaction.atomic():
        Handover.objects.filter(pk=row.pk).delete()
    again: dict[str, dict[str, Any]] = {
        "one_handover_waits_at_a_desk": {"since": row.at, "at": row.at},
        "handover_is_of_a_day_at_most": {"since": row.at - timedelta(hours=25), "at": row.at},
        "handover_without_giver_was_taken": {"since": row.at, "at": row.at, "giver_id": None},
        "handover_version_is_positive": {"since": row.at, "at": row.at, "version": 0},
        "shifts_of_a_desk_do_not_overlap": {
            "since": row.at - MINUTE, "at": row.at + MINUTE, "giver_id": None, "state": "taken", "taker_id": taker,
            "taken_at": row.at + MINUTE,
        },
    }  # fmt: skip
    same = {"centre_id": row.centre_id, "version": 1, "state": "given", "giver_id": row.giver_id, "sheet": {}}
    for name, columns in again.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Handover.objects.create(**(same | columns))
