"""Personal data at rest: opens with its own key and row only, and not at all once the key is gone."""

import base64
import stat
from pathlib import Path

import pytest

from command.sealing import CannotOpen
from dispatch.matter.issues.models import IssueKey
from dispatch.matter.issues.sealing import MasterKey
from dispatch.matter.reports.models import Report
from dispatch.reading.reports import reports_of
from tests.dispatch.desk import PERSONAL, Desk

SECRET = bytes(range(32))


def test_what_was_sealed_opens() -> None:
    master = MasterKey(SECRET)
    seal = master.unwrap(master.new_key("issue:1"), "issue:1")
    sealed = seal.seal("王建国 13812341234", "report:1")
    assert "王建国".encode() not in sealed
    assert seal.open(sealed, "report:1") == "王建国 13812341234"
    assert seal.seal("王建国 13812341234", "report:1") != sealed  # a nonce of its own each time


def test_sealed_bytes_open_for_their_own_row_and_issue_only() -> None:
    master = MasterKey(SECRET)
    one, other = (master.unwrap(master.new_key(name), name) for name in ("issue:1", "issue:2"))
    sealed = one.seal("秘密", "report:1")
    with pytest.raises(CannotOpen, match="report:2"):
        one.open(sealed, "report:2")
    with pytest.raises(CannotOpen):
        other.open(sealed, "report:1")
    with pytest.raises(CannotOpen):
        one.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "report:1")


def test_a_wrapped_key_opens_with_its_master_and_issue_only() -> None:
    wrapped = MasterKey(SECRET).new_key("issue:1")
    with pytest.raises(CannotOpen):
        MasterKey(bytes(32)).unwrap(wrapped, "issue:1")
    with pytest.raises(CannotOpen):
        MasterKey(SECRET).unwrap(wrapped, "issue:2")


def test_the_master_key_is_32_bytes_of_base64(tmp_path: Path) -> None:
    file = tmp_path / "master"
    file.write_text(base64.b64encode(SECRET).decode() + "\n")
    file.chmod(stat.S_IRUSR)
    MasterKey.of_file(file)
    for bad in (base64.b64encode(SECRET[:-1]).decode(), "not base64!"):
        file.chmod(stat.S_IRUSR | stat.S_IWUSR)
        file.write_text(bad)
        with pytest.raises(ValueError, match=r"32 bytes|base64"):
            MasterKey.of_file(file)


def test_rows_hold_no_plain_text_and_a_destroyed_key_erases(desk: Desk) -> None:
    issue_id = desk.reported()
    stored = bytes(Report.objects.get(issue_id=issue_id).sealed)
    for word in ("王建国", "13812341234", "和平路", "路灯"):
        assert word.encode() not in stored
    [clear] = reports_of(issue_id, clear=True)
    assert clear.personal == PERSONAL
    IssueKey.objects.filter(pk=issue_id).delete()
    [erased] = reports_of(issue_id, clear=True)
    assert erased.personal is None
