"""What becomes of the data: backup, restore, reset."""

import argparse
import shutil
from pathlib import Path

from door import backup, product
from door.bringing_up import alone, prepare, print_welcome, stop_all, stop_services
from door.layout import Layout
from door.progress import Failure, Progress
from door.services import Services, drop_given_database, ensure_services, uses_own_postgres


def reset(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Throw away database, uploads and anchors."""
    if not options.yes:
        progress.say(f"This removes the database, {layout.uploads} and {layout.anchors}. Nothing brings them back.")
        try:
            agreed = input("Type reset to go on: ").strip() == "reset"
        except EOFError:
            agreed = False
        if not agreed:
            progress.say("nothing was removed (./relay reset --yes asks nothing)")
            return 1
    with alone(layout):
        stop_all(layout, progress)
        with progress.step("remove database, uploads, anchors"):
            if uses_own_postgres():
                real = layout.postgres.resolve()
                if layout.postgres.is_symlink():
                    layout.postgres.unlink()
                shutil.rmtree(real, ignore_errors=True)
            else:
                drop_given_database()
            for folder in (layout.uploads, layout.anchors):
                shutil.rmtree(folder, ignore_errors=True)
            (layout.stamps / "seed").unlink(missing_ok=True)
            layout.real_mark.unlink(missing_ok=True)
    return 0


def save(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Take a verified backup."""
    refuse_foreign_database("backup")
    with alone(layout):
        made = backup.make_backup(layout, progress, options.dir)
    progress.say(
        f"{made}\nIt holds the keys too: keep it where only the administrator can read it, and on another disk."
    )
    return 0


def restore(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Put a backup in the place of what is there; when its feed does not fit the anchors, put everything back."""
    refuse_foreign_database("restore")
    with alone(layout):
        prepare(layout, progress, testing=False)
        services = put_in_place(layout, progress, options.dir.absolute(), new_epoch=options.new_epoch)
        product.mark_seeded(layout, services)  # what was restored has its people: no demonstration over it
        product.collect_static(layout, services, progress)
        port = product.start(layout, services, progress)
    progress.say(f"restored; what was there before is kept beside it (*.{backup.KEPT}) until the next restore")
    print_welcome(port, progress, layout)
    return 0


def put_in_place(layout: Layout, progress: Progress, directory: Path, *, new_epoch: bool) -> Services:
    """Stop everything, swap the backup in, compare its feed with the anchors that were kept outside it.

    Raises Failure, with all files as they were before and everything stopped, when any of that doesn't succeed.
    """
    attempt = backup.Restore(layout, progress, directory)
    stop_all(layout, progress)
    try:
        attempt.swap()
        services = ensure_services(layout, progress)
        product.migrate(layout, services, progress)
        product.recognise(layout, services)
        product.check_anchors(layout, services, progress, new_epoch=new_epoch)
    except BaseException:
        stop_services(layout, progress)
        attempt.put_back()
        progress.say("nothing was restored; ./relay up starts what was there before")
        raise
    attempt.keep()
    return services


def refuse_foreign_database(verb: str) -> None:
    """Backup and restore work on files: a database server of somebody else has its own way."""
    if not uses_own_postgres():
        raise Failure(
            f"{verb} works on the private cluster only", remedy="see docs/runbook.md, Production: pg_basebackup there"
        )
