"""Backup and restore on a cluster of its own: nothing is lost in silence, and a refused restore changes nothing."""

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from door import product
from door.backup import described, make_backup, verify
from door.bringing_up import stop_services
from door.cluster import SUPERUSER, Cluster
from door.data import put_in_place
from door.layout import ROOT, Layout
from door.progress import Failure, Progress
from door.services import DATABASE, Services, ensure_services
from tests.door.history import CENTRE

pytestmark = pytest.mark.slow


@dataclass(slots=True)
class Desk:
    """A run directory with its own PostgreSQL and Redis, migrated."""

    layout: Layout
    services: Services
    progress: Progress

    def happens(self, *marks: str) -> None:
        """One fact per mark, then the anchors of that minute."""
        subprocess.run(
            [self.layout.python, "-m", "tests.door.history", *marks],
            cwd=ROOT,
            env=self.services.environment(self.layout),
            check=True,
        )

    @property
    def head(self) -> tuple[int, int]:
        """Epoch and seq of the centre's feed."""
        said = Cluster(self.layout).psql(DATABASE, "SELECT epoch, seq FROM feed_centre_head")
        epoch, seq = said.split("|")
        return int(epoch), int(seq)

    def restore(self, directory: Path, *, new_epoch: bool = False) -> None:
        """As `./relay restore` does it, without starting the gateway."""
        put_in_place(self.layout, self.progress, directory, new_epoch=new_epoch)

    def check_anchors(self, *, new_epoch: bool = False) -> None:
        """As `./relay up` does it."""
        product.check_anchors(self.layout, self.services, self.progress, new_epoch=new_epoch)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One cluster for this file. PostgreSQL's user can't enter pytest's directories: the way around is tested too."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RELAY_DATABASE_URL", "DATABASE_URL", "RELAY_REDIS_URL", "REDIS_URL", "RELAY_DATABASE_OWNER_URL"):
            patch.delenv(name, raising=False)
        patch.setenv("RELAY_MODE", "test")
        run = tmp_path_factory.mktemp("desk") / "run"
        layout = Layout(root=ROOT, run=run, data=run / "data")
        layout.make_directories()
        progress = Progress()
        try:
            services = ensure_services(layout, progress)
            product.migrate(layout, services, progress)
            yield Desk(layout, services, progress)
        finally:
            stop_services(layout, progress)
            shutil.rmtree(layout.postgres.resolve(), ignore_errors=True)
            shutil.rmtree(layout.socket_dir(enterable=False), ignore_errors=True)


@pytest.fixture
def desk(origin: Desk) -> Desk:
    """The cluster with an empty feed and no anchors, uploads or earlier restores."""
    ensure_services(origin.layout, origin.progress)
    Cluster(origin.layout).psql(DATABASE, "TRUNCATE feed_centre_head, feed_fact")
    for folder in (origin.layout.anchors, origin.layout.uploads):
        shutil.rmtree(folder)
        folder.mkdir()
    return origin


def test_a_backup_brings_back_rows_uploads_and_keys(desk: Desk, tmp_path: Path) -> None:
    desk.happens("one", "two")
    (desk.layout.uploads / "photo.jpg").write_bytes(b"as sent in")
    key = (desk.layout.keys / "master").read_text()
    saved = make_backup(desk.layout, desk.progress, tmp_path / "saved")

    (desk.layout.uploads / "photo.jpg").unlink()
    (desk.layout.keys / "master").write_text("lost")
    Cluster(desk.layout).psql(DATABASE, "TRUNCATE feed_centre_head, feed_fact")
    desk.restore(saved)

    assert desk.head == (1, 2)
    assert (desk.layout.uploads / "photo.jpg").read_bytes() == b"as sent in"
    assert (desk.layout.keys / "master").read_text() == key
    assert (desk.layout.keys / "master").stat().st_mode & 0o777 == 0o600


def test_an_older_backup_is_refused_and_nothing_has_changed(desk: Desk, tmp_path: Path) -> None:
    desk.happens("one", "two")
    saved = make_backup(desk.layout, desk.progress, tmp_path / "saved")
    desk.happens("three", "four")
    (desk.layout.uploads / "later.jpg").write_bytes(b"later")

    with pytest.raises(Failure) as refused:
        desk.restore(saved)
    assert refused.value.status == 3
    assert "2 facts are lost" in refused.value.what
    assert "--new-epoch" in refused.value.remedy

    ensure_services(desk.layout, desk.progress)
    desk.check_anchors()
    assert desk.head == (1, 4)
    assert (desk.layout.uploads / "later.jpg").read_bytes() == b"later"


def test_an_older_backup_opens_a_new_epoch_that_says_what_was_lost(desk: Desk, tmp_path: Path) -> None:
    desk.happens("one", "two")
    saved = make_backup(desk.layout, desk.progress, tmp_path / "saved")
    desk.happens("three", "four")
    desk.restore(saved, new_epoch=True)

    assert desk.head == (2, 3)
    stored = Cluster(desk.layout).psql(DATABASE, "SELECT convert_from(bytes, 'UTF8') FROM feed_fact WHERE seq = 3")
    fact = json.loads(stored)
    assert fact["name"] == "feed.epoch_opened"
    assert (fact["body"]["kept_seq"], fact["body"]["lost"]["seq"]) == (2, 4)
    desk.check_anchors()


def test_another_history_of_the_same_length_is_refused(desk: Desk) -> None:
    desk.happens("one", "two")
    Cluster(desk.layout).psql(DATABASE, "TRUNCATE feed_centre_head, feed_fact")
    anchors = shutil.copytree(desk.layout.anchors, desk.layout.run / "anchors-kept")
    desk.happens("one", "other")
    shutil.rmtree(desk.layout.anchors)
    anchors.rename(desk.layout.anchors)

    with pytest.raises(Failure, match="another history"):
        desk.check_anchors()


def test_a_lost_database_is_refused_until_the_loss_is_accepted(desk: Desk) -> None:
    desk.happens("one")
    Cluster(desk.layout).psql(DATABASE, "TRUNCATE feed_centre_head, feed_fact")
    with pytest.raises(Failure, match="does not know this centre"):
        desk.check_anchors()
    desk.check_anchors(new_epoch=True)
    desk.check_anchors()
    assert any(str(CENTRE) in file.name for file in desk.layout.anchors.rglob("*.log")), "the anchor is evidence"


def test_a_real_centre_is_known_again_when_its_mark_is_gone(desk: Desk) -> None:
    product.recognise(desk.layout, desk.services)
    assert not desk.layout.real_mark.exists()
    Cluster(desk.layout).psql(
        DATABASE,
        "INSERT INTO organisations_centre (id, code, name, extent, is_demonstration) VALUES"
        " (gen_random_uuid(), '330188', '临湖区', 'SRID=4490;MULTIPOLYGON EMPTY', false)",
    )
    product.recognise(desk.layout, desk.services)
    assert desk.layout.real_mark.exists()


def test_a_changed_byte_in_a_backup_is_found(desk: Desk, tmp_path: Path) -> None:
    saved = make_backup(desk.layout, desk.progress, tmp_path / "saved")
    victim = saved / "cluster" / "global" / "pg_control"
    content = bytearray(victim.read_bytes())
    content[100] ^= 1
    victim.write_bytes(content)
    with pytest.raises(Failure, match="does not fit its manifest"):
        verify(desk.layout, desk.progress, saved)
    with pytest.raises(Failure):
        desk.restore(saved)
    ensure_services(desk.layout, desk.progress)
    assert Cluster(desk.layout).psql("postgres", f"SELECT usesuper FROM pg_user WHERE usename = '{SUPERUSER}'") == "t"


def test_migrations_are_skipped_only_while_the_database_has_them(desk: Desk) -> None:
    out = io.StringIO()
    product.migrate(desk.layout, desk.services, Progress(out))
    assert out.getvalue() == ""
    Cluster(desk.layout).psql(DATABASE, "DELETE FROM django_migrations WHERE app = 'sessions'")
    Cluster(desk.layout).psql(DATABASE, "DROP TABLE django_session")
    product.migrate(desk.layout, desk.services, Progress(out))
    assert "migrate the database" in out.getvalue()
    assert Cluster(desk.layout).psql(DATABASE, "SELECT to_regclass('django_session') IS NOT NULL") == "t"


def test_a_backup_is_there_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    saved = make_backup(desk.layout, desk.progress, tmp_path / "saved")
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]
    assert described(saved)["format"] == 1
    with pytest.raises(Failure, match="exists already"):
        make_backup(desk.layout, desk.progress, saved)
