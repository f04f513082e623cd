"""A disk that fills up is told while there is time."""

from collections import namedtuple
from unittest.mock import patch

import pytest
from django.test import Client

from server import room
from tests.dispatch.browser import Browser, signed_in
from tests.dispatch.desk import make_desk

Usage = namedtuple("Usage", "total used free")
MIB = 1024 * 1024


@pytest.mark.django_db
@pytest.mark.parametrize(("used", "warn"), [(79, False), (80, True), (100, True)])
def test_a_disk_is_warned_of_from_eighty_percent_on(used: int, warn: bool) -> None:
    make_desk()
    full = Usage(105 * MIB, used * MIB, (100 - used) * MIB)  # five are kept for root
    with patch.object(room.shutil, "disk_usage", lambda folder: full):
        told = signed_in("duty1").get("/room").json()["disks"]
    assert {disk["holds"] for disk in told} == {"database", "uploads", "logs"}
    assert {(disk["used_percent"], disk["free_mib"], disk["warn"]) for disk in told} == {(used, 100 - used, warn)}


@pytest.mark.django_db
def test_what_another_machine_has_is_not_made_up() -> None:
    make_desk()
    with patch.object(room.shutil, "disk_usage", side_effect=FileNotFoundError):
        assert signed_in("admin").get("/room").json() == {"disks": []}
    assert Browser(Client()).get("/room").status_code == 401
