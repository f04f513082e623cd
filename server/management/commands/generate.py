"""`python -m django generate`: writes every file that is made from the code; `./relay generate` calls it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from server.generated import made


class Command(BaseCommand):
    """Needs no database. What is the same stays untouched."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--into"""
        parser.add_argument("--into", type=Path, default=settings.BASE_DIR, help="another root than the project's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line for each file that changed."""
        for name, text in made().items():
            file: Path = options["into"] / name
            if file.exists() and file.read_text(encoding="utf-8") == text:
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            if options["verbosity"]:
                self.stdout.write(f"wrote {name}")
