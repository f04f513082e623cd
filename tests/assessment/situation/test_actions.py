"""Who may ask for which report, once; what the worker does when it fails; what screens are told meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from assessment.situation import actions, making, queries
from assessment.situation.actions import Asked
from assessment.situation.models import SituationFile, SituationReport
from assessment.situation.states import FileKind, State
from command.settings.queries import settings_of
from realtime.feed import clock
from realtime.feed.contract import Audience, AudienceClass, Pair, Scope
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Replayed
from realtime.feed.queries import all_facts, head
from tests.assessment.situation.world import DAY, World


def asked(world: World, username: str, place: str | None = None, **more: timedelta) -> SituationReport:
    """A report of somebody, asked for."""
    now = clock.at(None)
    end = now - more["until"] if "until" in more else None
    wanted = Asked(now - more.get("ago", DAY), end, place)
    actions.ask(wanted, cmd=world.desk.command(username))
    return SituationReport.objects.order_by("-asked_at")[0]


def told(world: World) -> list[str]:
    """The names of all facts about reports."""
    return [fact.name for fact in all_facts(world.centre_id) if fact.object_kind == "situation_report"]


def refuses(kind: type[Refused], code: str, act: Callable[[], object]) -> None:
    """The refusal's code is stable."""
    with pytest.raises(kind) as refused:
        act()
    assert refused.value.code == code


def test_a_place_is_for_those_who_see_all_of_it(world: World) -> None:
    assert asked(world, "leader").place == world.root
    assert asked(world, "town").place == world.here
    refuses(NotFound, "cell.not_found", lambda: asked(world, "town", world.there))
    refuses(NotFound, "cell.not_found", lambda: asked(world, "town", world.root))
    refuses(NotFound, "cell.not_found", lambda: asked(world, "duty1", world.root + "/nowhere"))
    refuses(Forbidden, "right.missing", lambda: asked(world, "chengguan"))
    refuses(Forbidden, "right.missing", lambda: asked(world, "grid1"))

    for _ in range(2):
        assert making.make_next() == 1
    whole, own = SituationReport.objects.order_by("asked_at")
    town, leader = world.desk.actor("town"), world.desk.actor("leader")
    assert [view.id for view in queries.reports(actor=town)] == [own.pk]
    assert {view.id for view in queries.reports(actor=leader)} == {own.pk, whole.pk}
    assert queries.reports(actor=world.desk.actor("chengguan")) == []
    missing = "situation_report.not_found"
    refuses(NotFound, missing, lambda: queries.report(whole.pk, actor=town))
    refuses(NotFound, missing, lambda: queries.report_file(whole.pk, FileKind.PDF, actor=town))
    refuses(NotFound, missing, lambda: queries.report(own.pk, actor=world.desk.actor("chengguan")))


def test_periods_that_are_none_are_refused(world: World) -> None:
    code = "situation_report.period"
    refuses(Invalid, f"{code}_empty", lambda: asked(world, "leader", until=DAY))
    refuses(Invalid, f"{code}_not_over", lambda: asked(world, "leader", until=-DAY))
    refuses(Invalid, f"{code}_too_long", lambda: asked(world, "leader", ago=93 * DAY))
    assert told(world) == []


def test_one_at_a_time_and_a_repeat_is_the_same(world: World) -> None:
    cmd = world.desk.command("leader", "one-key")
    wanted = Asked(clock.at(None) - DAY)
    first = actions.ask(wanted, cmd=cmd)
    with pytest.raises(Replayed) as again:
        actions.ask(wanted, cmd=cmd)
    assert again.value.answer == first
    refuses(Conflict, "situation_report.being_made", lambda: asked(world, "leader"))
    refuses(NotFound, "situation_report.no_file", lambda: _file(world))
    assert SituationReport.objects.count() == 1


def _file(world: World) -> object:
    return queries.report_file(SituationReport.objects.get().pk, FileKind.HTML, actor=world.desk.actor("leader"))


@pytest.mark.parametrize("step", ["situation_for", "pdf_page", "actions.keep"])
def test_a_failure_is_tried_three_times_and_then_told(world: World, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def breaks(*_: object, **__: object) -> bytes:
        raise RuntimeError("no fonts, no room")

    monkeypatch.setattr(f"assessment.situation.making.{step}", breaks)
    asked(world, "leader")
    assert [making.make_next() for _ in range(4)] == [0, 0, 0, 0]
    report = SituationReport.objects.get()
    assert (report.state, report.attempts) == (State.FAILED, 3)
    assert told(world) == ["situation_report.asked", "situation_report.failed"]
    monkeypatch.undo()
    asked(world, "leader")  # a failed one stands in nobody's way
    assert making.make_next() == 1


def test_a_worker_that_was_killed_gives_back_what_it_had(world: World) -> None:
    asked(world, "leader")
    lost = actions.take()
    assert lost is not None
    assert actions.take() is None
    with clock.shifted(actions.TAKEN_FOR):
        assert making.make_next() == 1
        kept = {FileKind.HTML: b"", FileKind.PDF: b""}
        report = SituationReport.objects.get()
        assert report.counted_at is not None
        late = head(world.centre_id)
        assert actions.keep(lost, kept, counted=late, counted_at=report.counted_at) is False
    assert told(world) == ["situation_report.asked", "situation_report.made"]


def test_what_kills_its_worker_each_time_has_failed(world: World) -> None:
    asked(world, "leader")
    for times in range(actions.ATTEMPTS):
        with clock.shifted(times * actions.TAKEN_FOR):
            assert actions.take() is not None
    with clock.shifted(actions.ATTEMPTS * actions.TAKEN_FOR):
        assert [actions.take(), actions.take()] == [None, None]
    assert SituationReport.objects.get().state == State.FAILED
    assert told(world) == ["situation_report.asked", "situation_report.failed"]
    asked(world, "leader")  # and stands in nobody's way


def test_old_reports_are_removed_with_their_files_after_the_centres_time(world: World) -> None:
    old = asked(world, "leader")
    assert making.make_next() == 1
    kept_days = settings_of(world.centre_id).situation_kept_days
    with clock.shifted((kept_days - 1) * DAY):
        assert actions.forget_old() == 0
        waits = asked(world, "town")
    with clock.shifted(kept_days * DAY + DAY / 2):
        assert actions.forget_old() == 1
    with clock.shifted(3 * kept_days * DAY):
        assert actions.forget_old() == 0  # what is still in the making stays
    assert list(SituationReport.objects.values_list("pk", flat=True)) == [waits.pk]
    assert not SituationFile.objects.filter(report_id=old.pk).exists()


def test_a_snapshot_holds_what_is_in_the_making_as_facts_and_as_rows(world: World) -> None:
    desk = Scope((Pair(f"place:{world.root}", AudienceClass.DESK),))
    wall = Scope((Pair(f"place:{world.root}", AudienceClass.PUBLIC),))
    asked(world, "town")
    by_facts, by_rows = (
        list(source(desk, world.centre_id)) for source in (queries.snapshot_objects, queries.row_objects)
    )
    assert by_facts == by_rows
    assert [one.audience for one in by_facts] == [Audience((f"place:{world.here}",), AudienceClass.DESK)]
    assert list(queries.snapshot_objects(wall, world.centre_id)) == []
    assert making.make_next() == 1
    assert list(queries.snapshot_objects(desk, world.centre_id)) == []
