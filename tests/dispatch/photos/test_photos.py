"""Photos over HTTP: sealed on the disk before the answer, seen by those concerned, gone when nobody wanted them."""

import json
import os
import resource
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dispatch.matter.issues.models import Issue, IssueKey
from dispatch.matter.photos import store
from dispatch.matter.photos.models import Photo
from dispatch.verbs import photos as actions
from dispatch.verbs.photos import forget_waiting
from realtime.feed.queries import all_facts
from realtime.workshop.workshop import Bounds, Workshop
from tests.dispatch.browser import report_body, signed_in
from tests.dispatch.desk import DOMESTIC_VIOLENCE, Desk
from tests.dispatch.photos.pictures import HTML, bomb, huge_png, phone_photo, photo, sends
from tests.dispatch.public.page import TEXT, Page, grid_of, without_redis


def test_a_photo_goes_with_a_report_and_is_seen_by_those_concerned(desk: Desk, other_desk: Desk, uploads: Path) -> None:
    duty = signed_in("duty1")
    sent = sends(duty, phone_photo())
    assert sent.status_code == 201, sent.content
    assert sent.json()["position"] == [pytest.approx(120.36), pytest.approx(30.65)]
    photo_id = sent.json()["id"]
    assert signed_in("duty2").get(f"/photos/{photo_id}").status_code == 404  # it waits: only its sender sees it
    assert duty.get(f"/photos/{photo_id}").status_code == 200
    assert duty.post("/reports", report_body(item=DOMESTIC_VIOLENCE, photos=[photo_id])).status_code == 201
    [listed] = duty.get(f"/issues/{Issue.objects.get().pk}").json()["photos"]
    assert (listed["id"], listed["taken_at"]) == (photo_id, "2026-11-02T01:30:00Z")
    shown = signed_in("duty2").get(f"/photos/{photo_id}")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["Cache-Control"].startswith("private")
    assert "sandbox" in shown["Content-Security-Policy"] and shown["X-Content-Type-Options"] == "nosniff"
    assert shown.content.startswith(b"\xff\xd8\xff")
    assert len(signed_in("duty2").get(f"/photos/{photo_id}", size="thumb").content) < len(shown.content)
    for username in ("chengguan", "town", "leader", "grid1", "o_duty1"):
        assert signed_in(username).get(f"/photos/{photo_id}").status_code == 404, username
    files = [file for file in uploads.rglob("*") if file.is_file()]
    assert len(files) == 2
    for file in files:
        assert shown.content[:64] not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0


def test_erasing_the_issue_erases_its_photos(desk: Desk) -> None:
    duty = signed_in("duty1")
    photo_id = sends(duty, photo()).json()["id"]
    duty.reports(photos=[photo_id])
    IssueKey.objects.all().delete()
    assert duty.get(f"/photos/{photo_id}").status_code == 404


def test_a_photo_is_used_once_and_only_by_who_sent_it(desk: Desk) -> None:
    duty, grid = signed_in("duty1"), signed_in("grid1")
    photo_id = sends(duty, photo()).json()["id"]
    for browser, body in ((grid, report_body(channel="grid_report", photos=[photo_id])),):
        refused = browser.post("/reports", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "photo.unknown")
    assert duty.post("/reports", report_body(photos=[photo_id])).status_code == 201
    again = duty.post("/reports", report_body(photos=[photo_id]))
    assert (again.status_code, again.json()["code"]) == (422, "photo.unknown")
    assert Issue.objects.count() == 1


def test_the_same_key_gives_the_same_photo(desk: Desk, uploads: Path) -> None:
    duty = signed_in("duty1")
    first, second = sends(duty, photo()), sends(duty, photo())
    assert first.content == second.content
    assert Photo.objects.count() == 1
    other = sends(duty, photo("PNG"), claimed="image/png")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key.reused")
    assert sends(duty, photo(), key="").json()["code"] == "idempotency_key.invalid"


@pytest.mark.parametrize("who", ["duty1", None])
def test_a_photo_of_40_mb_is_refused_without_being_kept(desk: Desk, uploads: Path, who: str | None) -> None:
    large = photo() + bytes(40 * 1024 * 1024)
    without_redis()
    client = signed_in(who).client if who else Client()
    file = SimpleUploadedFile("photo.jpg", large, content_type="image/jpeg")
    path = "/api/v1/photos" if who else "/api/v1/public/photos"
    refused = client.post(path, {"file": file}, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.json()["code"]) == (413, "photo.too_large")
    assert refused["Content-Type"] == "application/problem+json"
    assert not uploads.exists()


@pytest.mark.parametrize(
    ("content", "claimed", "code"),
    [
        (HTML, "image/jpeg", "photo.no_image"),
        (photo(), "image/png", "photo.not_what_it_says"),
        (huge_png(), "image/png", "photo.too_many_pixels"),
    ],
    ids=["html", "another", "bomb"],
)
def test_what_is_no_photo_is_refused(desk: Desk, content: bytes, claimed: str, code: str, uploads: Path) -> None:
    refused = sends(signed_in("duty1"), content, claimed=claimed)
    assert refused.status_code in (413, 422)
    assert refused.json()["code"] == code
    assert not uploads.exists()


def test_a_form_without_a_photo_is_told_so(desk: Desk) -> None:
    empty = signed_in("duty1").client.post("/api/v1/photos", {"note": "x"}, headers={"Idempotency-Key": "k"})
    assert (empty.status_code, empty.json()["code"]) == (422, "photo.missing")
    assert sends(signed_in("leader"), photo()).status_code == 403
    assert Client().post("/api/v1/photos", {}).status_code == 401


def test_an_inhabitant_sends_a_photo_by_the_page(desk: Desk) -> None:
    without_redis()
    page = Page()
    file = SimpleUploadedFile("photo.jpg", photo(), content_type="image/jpeg")
    sent = page.client.post("/api/v1/public/photos", {"file": file}, headers={"Idempotency-Key": str(uuid4())})
    assert sent.status_code == 201, sent.content
    page.reports(desk, text=TEXT, photos=[sent.json()["id"]])
    row = Photo.objects.get()
    assert row.issue is not None and row.centre_id == desk.built.id == grid_of(desk).centre_id
    assert signed_in("duty1").get(f"/photos/{row.pk}").status_code == 200


def test_what_nobody_wanted_is_gone_after_a_day(desk: Desk, uploads: Path) -> None:
    duty = signed_in("duty1")
    kept = sends(duty, photo(), key="kept").json()["id"]
    duty.reports(photos=[kept])
    sends(duty, photo(), key="waits")
    lost = uuid4()
    store.keep(lost, "full", b"x", bytes(32))  # a file whose row never came
    assert forget_waiting() == 0
    for file in uploads.rglob("*"):
        os.utime(file, (0, 0))
    Photo.objects.filter(issue=None).update(at="2026-01-01T00:00:00Z")
    assert forget_waiting() == 2
    assert [str(row.pk) for row in Photo.objects.all()] == [kept]
    assert {file.stem for file in uploads.rglob("*.*")} == {kept}
    assert duty.get(f"/photos/{kept}").status_code == 200


def test_a_file_is_on_the_disk_before_the_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    fsync = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda fd: (flushed.append(str(Path(f"/proc/self/fd/{fd}").readlink())), fsync(fd))[1]
    )
    photo_id = sends(signed_in("duty1"), photo()).json()["id"]
    names = [Path(path).name for path in flushed]
    for size in ("full", "thumb"):
        assert f"{photo_id}.{size}.partial" in names  # the content, then the directory that names it
        assert names.index(photo_id[:2], names.index(f"{photo_id}.{size}.partial"))


def test_facts_say_nothing_of_photos(desk: Desk) -> None:
    duty = signed_in("duty1")
    photo_id = sends(duty, phone_photo()).json()["id"]
    duty.reports(photos=[photo_id])
    assert not [fact for fact in all_facts(desk.built.id) if photo_id in json.dumps(json.loads(fact.bytes))]


def test_a_bomb_is_made_in_another_process(desk: Desk, uploads: Path) -> None:
    """A small file of 40 megapixels: half a gigabyte and seconds, none of it in the process that feeds screens."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    sent = sends(signed_in("duty1"), bomb(7900, 5000), claimed="image/png")
    assert (sent.status_code, sent.json()["width"]) == (201, 4096)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_maxrss - used.ru_maxrss < 100_000  # kB; the picture's pixels alone take 118,500


@pytest.mark.parametrize(("path", "name"), [("/photos", "a.jpg"), ("/files", "a.pdf")])
def test_one_too_many_is_sent_away_with_a_time_to_come_again(
    desk: Desk, path: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "workshop", Workshop(Bounds(hands=1, waiting=-1)))
    file = SimpleUploadedFile(name, photo())
    headers = {"Idempotency-Key": str(uuid4())}
    answer = signed_in("chengguan").client.post(f"/api/v1{path}", {"file": file}, headers=headers)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "workshop.full", "10")
    assert not Photo.objects.exists()
