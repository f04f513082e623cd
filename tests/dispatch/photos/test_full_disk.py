"""A full disk is told as one, nothing half written is left, and the same again is done once there is room."""

import errno
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import OperationalError

from dispatch.matter.photos import store
from dispatch.matter.photos.models import Photo
from dispatch.verbs import photos as actions
from tests.dispatch.browser import signed_in
from tests.dispatch.desk import Desk
from tests.dispatch.photos.pictures import photo, sends

FULL = OSError(errno.ENOSPC, "No space left on device")


def must_be_full(answer: Any) -> None:
    """The refusal of a full disk."""
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "disk.full", "1")
    assert "磁盘已满" in answer.json()["detail"]
    assert "管理员" in answer.json()["remedy"]


@pytest.mark.parametrize("size", store.SIZES)
def test_a_photo_that_finds_no_room_leaves_nothing(
    desk: Desk, uploads: Path, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    fsync = os.fsync

    def full(descriptor: int) -> None:
        if str(Path(f"/proc/self/fd/{descriptor}").readlink()).endswith(f".{size}{store.PARTIAL}"):
            raise FULL
        fsync(descriptor)

    duty, key = signed_in("duty1"), str(uuid4())
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        must_be_full(sends(duty, photo(), key=key))
    assert [file for file in uploads.rglob("*") if file.is_file()] == []
    assert not Photo.objects.exists()
    assert sends(duty, photo(), key=key).status_code == 201


def test_a_fault_of_the_disk_that_is_not_its_size_stays_a_fault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(store, "keep", broken)
    assert sends(signed_in("duty1"), photo()).status_code == 500


def test_the_databases_full_disk_is_told_as_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    full = OperationalError("could not extend file")
    full.__cause__ = psycopg.errors.DiskFull()

    def refuse(*_: Any, **__: Any) -> None:
        raise full

    monkeypatch.setattr(actions, "take", refuse)
    must_be_full(sends(signed_in("duty1"), photo()))


def test_a_file_that_finds_no_room_while_it_comes_in_is_told_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(TemporaryUploadedFile):
        def __init__(self, *_: Any) -> None:
            raise FULL

    duty = signed_in("duty1")
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", Full)
    must_be_full(sends(duty, photo()))
