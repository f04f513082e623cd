"""Documents of a feedback: judged by their content, sealed on the disk, seen by those concerned, only ever saved."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from dispatch.matter.issues.models import IssueKey
from dispatch.matter.photos.models import Photo
from tests.dispatch import order_verbs as orders
from tests.dispatch.browser import Browser, signed_in
from tests.dispatch.desk import Desk
from tests.dispatch.photos.pictures import HTML, photo, sends

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def xlsx(**more: str) -> bytes:
    """A workbook as an office makes it, with other parts if asked."""
    written = io.BytesIO()
    Workbook().save(written)
    with zipfile.ZipFile(written, "a") as package:
        for name, text in more.items():
            package.writestr(name.replace("__", "/"), text)
    return written.getvalue()


def any_zip() -> bytes:
    """An archive that is no document."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("word/readme.txt", "x")
    return written.getvalue()


def hands_in(browser: Browser, content: bytes, *, name: str = "x.pdf", key: str | None = None) -> Any:
    """Uploads a document as a form does."""
    file = SimpleUploadedFile(name, content, content_type="text/html")  # whatever it claims
    return browser.client.post("/api/v1/files", {"file": file}, headers={"Idempotency-Key": key or str(uuid4())})


@pytest.mark.mechanism("M78")
def test_a_document_goes_with_a_feedback_and_is_only_ever_saved(desk: Desk, other_desk: Desk, uploads: Path) -> None:
    liaison = signed_in("chengguan")
    issue = desk.dispatched()
    order = desk.lead(issue)
    orders.acknowledge(order, cmd=desk.command("chengguan"))
    sent = hands_in(liaison, PDF, name="王建国.pdf")
    assert (sent.status_code, sent.json()["kind"], sent.json()["bytes"]) == (201, "pdf", len(PDF))
    file_id = sent.json()["id"]
    assert signed_in("duty1").get(f"/files/{file_id}").status_code == 404  # it waits: only its sender sees it
    body = {"result": "handled", "text": "已更换，附验收单。", "files": [file_id]}
    answer = liaison.post(f"/orders/{order}/feed_back", body, version=2)
    assert answer.status_code == 200, answer.content

    detail = signed_in("duty1").get(f"/issues/{issue}").json()
    assert detail["photos"] == []
    [listed] = detail["files"]
    assert (listed["id"], listed["order"], listed["kind"]) == (file_id, str(order), "pdf")
    saved = signed_in("duty1").get(f"/files/{file_id}")
    assert (saved.status_code, saved.content, saved["Content-Type"]) == (200, PDF, "application/pdf")
    assert saved["Content-Disposition"] == f'attachment; filename="{file_id}.pdf"'  # its own name might name people
    assert saved["X-Content-Type-Options"] == "nosniff" and "sandbox" in saved["Content-Security-Policy"]
    assert saved["Cache-Control"].startswith("private")
    assert signed_in("duty1").get(f"/photos/{file_id}").status_code == 404  # nor shown as a picture
    for username in ("power", "o_duty1"):
        assert signed_in(username).get(f"/files/{file_id}").status_code == 404, username
    [kept] = [file for file in uploads.rglob("*") if file.is_file()]
    assert b"PDF" not in kept.read_bytes()

    IssueKey.objects.all().delete()
    assert signed_in("duty1").get(f"/files/{file_id}").status_code == 404


def test_a_photo_is_no_document_and_the_same_key_gives_the_same(desk: Desk) -> None:
    liaison = signed_in("chengguan")
    picture = sends(liaison, photo()).json()["id"]
    assert liaison.get(f"/files/{picture}").status_code == 404
    first, second = hands_in(liaison, PDF, key="k"), hands_in(liaison, PDF, key="k")
    assert first.content == second.content
    assert hands_in(liaison, xlsx(), key="k").json()["code"] == "idempotency_key.reused"
    assert Photo.objects.count() == 2


def test_it_is_judged_by_its_content(desk: Desk) -> None:
    liaison = signed_in("chengguan")
    assert hands_in(liaison, xlsx(), name="x.pdf").json()["kind"] == "xlsx"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HTML,
        b"MZ" + bytes(512),
        photo(),
        any_zip(),
        xlsx(xl__vbaProject_bin="x").replace(b"vbaProject_bin", b"vbaProject.bin"),
        xlsx()[:200],
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    ],
    ids=["nothing", "html", "program", "photo", "archive", "macros", "broken", "svg"],
)
def test_what_is_no_document_is_refused(desk: Desk, content: bytes, uploads: Path) -> None:
    refused = hands_in(signed_in("chengguan"), content)
    assert (refused.status_code, refused.json()["code"]) == (422, "file.not_taken"), refused.content
    assert refused["Content-Type"] == "application/problem+json"
    assert not uploads.exists()


def test_who_answers_no_order_and_writes_no_message_hands_in_nothing(desk: Desk) -> None:
    assert hands_in(signed_in("admin"), PDF).status_code == 403
    assert json.loads(hands_in(signed_in("leader"), PDF).content)["code"] == "right.missing"
