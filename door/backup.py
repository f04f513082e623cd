"""Backup and restore of the private cluster with uploads, anchors and keys. A base backup, never a long snapshot.

A backup directory is complete or it isn't there under its name: it is built beside it, verified, flushed, then renamed.

    cluster/      pg_basebackup with its manifest and the write-ahead log it needs
    uploads/      every file sent in; may be newer than the cluster, never older
    anchors/      as they were, for a machine that lost its own; a restore compares with those outside the backup
    keys/         0600: whoever has them and the cluster reads personal data
    backup.json   when, from which major version
"""

import json
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from door.cluster import SUPERUSER, Cluster
from door.layout import Layout
from door.packages import postgres_bin
from door.progress import Failure, Progress, run_logged

DESCRIPTION: Final = "backup.json"
FORMAT: Final = 1
KEPT: Final = "before-restore"  # suffix of what a restore replaced


def make_backup(layout: Layout, progress: Progress, target: Path | None) -> Path:
    """Save everything into a new directory and prove it by its manifest. Returns the directory.

    target   a path that doesn't exist yet; default .run/backups/<UTC time>
    """
    cluster = Cluster(layout)
    if not cluster.running():
        raise Failure(
            "PostgreSQL does not run: there is nothing to take a backup from", remedy="./relay up, then again"
        )
    made = datetime.now(UTC)
    target = (target or layout.run / "backups" / made.strftime("%Y%m%dT%H%M%SZ")).absolute()
    if target.exists():
        raise Failure(f"{target} exists already", remedy="name a directory that doesn't exist yet")
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    with progress.step("copy the cluster (pg_basebackup)"):
        run_logged(
            [
                cluster.tool("pg_basebackup"),
                *("--checkpoint=fast", "--wal-method=stream", "--manifest-checksums=SHA256", "--no-password"),
                *("--dbname", cluster.url(SUPERUSER, "postgres")),
                *("--pgdata", partial / "cluster"),
            ],
            log=layout.log / "backup.log",
            what="pg_basebackup did not end well",
            remedy="read the log; a full disk is the usual cause. Nothing was left under the backup's name",
        )
    with progress.step("copy uploads, anchors, keys"):
        for name, source in (("uploads", layout.uploads), ("anchors", layout.anchors), ("keys", layout.keys)):
            copy_living(source, partial / name)
        (partial / "keys").chmod(0o700)
        description = {"format": FORMAT, "made_at": made.isoformat(), "postgresql": _major(partial / "cluster")}
        (partial / DESCRIPTION).write_text(json.dumps(description, indent=1) + "\n")
    verify(layout, progress, partial)
    with progress.step("flush to disk"):
        flush(partial)
        partial.rename(target)
        flush_directory(target.parent)
    return target


def copy_living(source: Path, target: Path) -> None:
    """Copy a tree in which files come and go: half-written ones are left out, and so is what was removed meanwhile.

    The cluster was copied before: a photo that its rows name is here, unless it was unwanted for a day.
    """

    def copy(file: str, to: str) -> str:
        with suppress(FileNotFoundError):
            shutil.copy2(file, to)
        return to

    shutil.copytree(source, target, copy_function=copy, ignore=shutil.ignore_patterns("*.partial"))


def verify(layout: Layout, progress: Progress, backup: Path) -> None:
    """Prove the cluster's copy by its manifest: every file, every byte, and the log it needs."""
    with progress.step("verify (pg_verifybackup)"):
        run_logged(
            [postgres_bin() / "pg_verifybackup", "--quiet", backup / "cluster"],
            log=layout.log / "backup.log",
            what="the backup does not fit its manifest",
            remedy="don't use this backup; take another one",
        )


def described(backup: Path) -> dict[str, Any]:
    """What backup.json says. Raises Failure for an unfinished backup, and for one of another major version."""
    file = backup / DESCRIPTION
    if not file.exists():
        raise Failure(
            f"{backup} is not a finished backup (no {DESCRIPTION})", remedy="name a directory that ./relay backup made"
        )
    said: dict[str, Any] = json.loads(file.read_text())
    here = postgres_bin().parent.name
    if said.get("format") != FORMAT or said.get("postgresql") != here:
        raise Failure(
            f"the backup is of PostgreSQL {said.get('postgresql')}, format {said.get('format')}; here {here}, {FORMAT}",
            remedy="restore it on a machine with the same major version",
        )
    return said


class Restore:
    """A restore in steps that can be taken back: `swap`, then `keep` or `put_back`. Everything must be stopped.

    What is there lies under its own name or under `set_aside`, never nowhere: an interrupt finds it in either place.
    """

    def __init__(self, layout: Layout, progress: Progress, backup: Path) -> None:
        described(backup)
        self._layout = layout
        self._progress = progress
        self._backup = backup
        self._cluster = Cluster(layout)
        self._found: dict[Path, bool] = {}  # each place that was begun with: whether anything was there
        self._anchors: list[Path] = []  # those that this machine had none of

    def swap(self) -> None:
        """Verify the backup, put its cluster, uploads and keys in place; what was there is set aside, not removed.

        Raises Failure when something can't be set aside, and when a restore that was cut off left something set aside:
        which of the two is wanted, only a person knows.
        """
        verify(self._layout, self._progress, self._backup)
        with self._progress.step("put the backup in place"):
            self._cluster.make_home()
            places = {
                self._cluster.data: self._backup / "cluster",
                self._layout.uploads: self._backup / "uploads",
                self._layout.keys: self._backup / "keys",
            }
            for path in places:
                if set_aside(path).exists():
                    raise Failure(
                        f"a restore was cut off: {set_aside(path)} is what was there before it",
                        remedy=f"move it back to {path}, or away, then again",
                    )
            for path, saved in places.items():
                self._replace(path, saved)
            self._cluster.give_tree(self._cluster.data)
            for saved in (self._backup / "anchors").iterdir():
                anchor = self._layout.anchors / saved.name
                if saved.is_file() and not anchor.exists():
                    self._anchors.append(anchor)
                    shutil.copy2(saved, anchor)

    def keep(self) -> None:
        """Leave what `swap` put in place. What was there before stays under `aside`; an earlier one there goes now."""
        for path in self._found:
            if set_aside(path).exists():
                shutil.rmtree(aside(path), ignore_errors=True)
                set_aside(path).rename(aside(path))
        self._found.clear()

    def put_back(self) -> None:
        """Undo `swap`, however far it came: all is as it was. Removes nothing but what `swap` made."""
        with self._progress.step("put everything back as it was"):
            for path, was_there in self._found.items():
                if path.exists() and (set_aside(path).exists() or not was_there):
                    path.rename(incoming(path))
                if set_aside(path).exists():
                    set_aside(path).rename(path)
                shutil.rmtree(incoming(path), ignore_errors=True)
            for anchor in self._anchors:
                anchor.unlink(missing_ok=True)
            self._found.clear()

    def _replace(self, path: Path, saved: Path) -> None:
        """Copy `saved` beside `path`, set aside what is there, and give the copy its name."""
        self._found[path] = path.exists()
        shutil.rmtree(incoming(path), ignore_errors=True)  # a restore that was cut off left its copy
        shutil.copytree(saved, incoming(path), symlinks=True)
        incoming(path).chmod(0o700)
        flush(incoming(path))
        if path.exists():
            try:
                path.rename(set_aside(path))
            except OSError as error:
                raise Failure(
                    f"{path} can't be set aside: {error.strerror}",
                    remedy="what is mounted there can't be replaced: mount it one directory higher, then again",
                ) from error
        incoming(path).rename(path)
        flush_directory(path.parent)


def aside(path: Path) -> Path:
    """Where what the last restore replaced is kept; one generation."""
    return path.with_name(f"{path.name}.{KEPT}")


def set_aside(path: Path) -> Path:
    """Where a restore holds what it replaces, until it is kept or put back."""
    return path.with_name(f"{path.name}.set-aside")


def incoming(path: Path) -> Path:
    """Where a restore copies to before it replaces anything; nobody else's."""
    return path.with_name(f"{path.name}.incoming")


def flush(tree: Path) -> None:
    """Wait until the disk has every file and directory of a tree."""
    for folder, _, files in os.walk(tree):
        for name in files:
            descriptor = os.open(Path(folder) / name, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
        flush_directory(Path(folder))


def flush_directory(folder: Path) -> None:
    """Wait until the disk has the names in a directory."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)


def _major(cluster: Path) -> str:
    """The major version of a data directory."""
    return (cluster / "PG_VERSION").read_text().strip()
