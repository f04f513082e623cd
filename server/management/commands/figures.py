"""`django figures`: writes what is made from the dictionary of figures; `--check` only looks whether it is fresh."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from assessment.figures.pages import PAGE, SCRIPT, page, script

ROOT: Final = Path(__file__).resolve().parents[3]


class Command(BaseCommand):
    """Docs and screens take the figures' names from one place."""

    help = "Writes docs/figures.md and the screens' names of figures from assessment/figures/dictionary.py."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check"""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError naming what is stale."""
        stale = [name for name, text in files().items() if read(name) != text]
        if options["check"]:
            if stale:
                raise CommandError(f"stale: {', '.join(stale)}; run `python -m django figures`")
            return
        for name in stale:
            (ROOT / name).write_text(files()[name], encoding="utf-8")
            self.stdout.write(f"wrote {name}")


def files() -> dict[str, str]:
    """What each file should hold."""
    return {PAGE: page(), SCRIPT: script()}


def read(name: str) -> str | None:
    """What it holds; None where it is not there."""
    file = ROOT / name
    return file.read_text(encoding="utf-8") if file.exists() else None
