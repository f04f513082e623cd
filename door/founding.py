"""A real centre (`./relay up --empty`): who it is, its first administrator, and that it is never seeded."""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from door import product
from door.layout import Layout
from door.progress import Failure, Progress
from door.services import Services

CODE: Final = re.compile(r"[0-9A-Za-z_-]{2,20}")
USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{1,39}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator said: the centre's division code and name, the first administrator's username."""

    code: str
    name: str
    admin: str


@dataclass(frozen=True, slots=True)
class Founded:
    """What came of it. `first_password` is None when the centre was there already."""

    name: str
    admin: str
    first_password: str | None


def wanted(options: argparse.Namespace, ask: Callable[[str], str] = input) -> Wanted:
    """The flags, and what is missing asked for at a terminal. Raises Failure for an answer that won't do."""
    code = _said(options.centre_code, "division code of the centre (行政区划代码): ", "--centre-code", ask)
    name = _said(options.centre_name, "name of the centre (中心名称): ", "--centre-name", ask)
    admin = _said(options.admin, "username of the first administrator (管理员用户名): ", "--admin", ask)
    if not CODE.fullmatch(code):
        raise Failure(f"{code!r} is no code", remedy="2 to 20 letters or digits, usually the division's 6 digits")
    if not 2 <= len(name) <= 50 or not name.isprintable():
        raise Failure("a centre's name has 2 to 50 characters", remedy="give another with --centre-name")
    if not USERNAME.fullmatch(admin):
        raise Failure(f"{admin!r} is no username", remedy="2 to 40 small letters, digits, or . _ -")
    return Wanted(code, name, admin)


def _said(given: str | None, question: str, flag: str, ask: Callable[[str], str]) -> str:
    if given:
        return given.strip()
    if ask is input and not sys.stdin.isatty():
        raise Failure(f"{flag} is missing", remedy=f"give {flag}, or run this at a terminal: it asks")
    return ask(question).strip()


def found(layout: Layout, services: Services, progress: Progress, who: Wanted) -> Founded:
    """Founds the centre in the migrated database; a second run with the same code changes nothing.

    The first password comes through a pipe and is in no log. Raises Failure where another centre is already.
    """
    with progress.step("found the centre"):
        command = ["found_centre", "--skip-checks", "--code", who.code, "--name", who.name, "--admin", who.admin]
        done = subprocess.run(
            [layout.python, "-m", "django", *command],
            cwd=layout.root,
            env=services.environment(layout, mode="real"),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode != 0:
            raise Failure(
                f"the centre could not be founded: {(done.stderr.strip() or done.stdout).splitlines()[-1]}",
                remedy="./relay reset throws away what is there; or leave out --empty to go on with it",
            )
        layout.real_mark.parent.mkdir(parents=True, exist_ok=True)
        layout.real_mark.write_text(who.code)
        product.mark_seeded(layout, services)
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return Founded(said["name"], who.admin, said["first_password"])


def print_founded(done: Founded, progress: Progress) -> None:
    """Who may go in first. The password is shown here and nowhere else."""
    progress.say(f"\n  {done.name}: empty, without cells, people or issues.")
    if done.first_password is None:
        progress.say("  It was founded before; its administrator has the password.")
        return
    progress.say(f"    administrator    {done.admin}")
    progress.say(f"    first password   {done.first_password}    (shown once; changed at the first sign-in)")
    progress.say("  Next: ./relay import grid FILE --map MAP (docs/imports.md), then units and people at /admin.")
