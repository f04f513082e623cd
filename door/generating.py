"""`./relay generate` writes every file that is made from the code; `python -m door.generating` says which are stale.

Needs Python, Node and their packages, no service: it runs in an environment that `environment` makes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from door.layout import Layout, layout_of
from door.services import ensure_keys

DOCUMENT: Final = Path("frontend/src/api/openapi.json")
CLIENT: Final = Path("frontend/src/api/schema.d.ts")
CODES: Final = Path("realtime/feed/codes.py")


def environment(layout: Layout, node: Mapping[str, str]) -> dict[str, str]:
    """What both generators need: settings without a database, Node on the path of `node`."""
    ensure_keys(layout)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "server.settings",
        "PYTHONPATH": str(layout.root),
        "PATH": f"{layout.venv / 'bin'}:{node['PATH']}",
        "RELAY_RUN_DIR": str(layout.run),
    }


def generate(layout: Layout, into: Path, environment: Mapping[str, str]) -> None:
    """Writes every generated file below `into`. Raises CalledProcessError when a generator fails."""
    told = "1" if into == layout.root else "0"  # a scratch folder's files are all new: no news
    python: list[str | Path] = [layout.python, "-m", "django", "generate", "--into", into, "--verbosity", told]
    codes = (layout.root / CODES).read_bytes()
    subprocess.run(python, cwd=layout.root, env=environment, check=True)
    if (layout.root / CODES).read_bytes() != codes:  # the document lists the codes: it is made from the new ones
        subprocess.run(python, cwd=layout.root, env=environment, check=True)
    types: list[str | Path] = ["npm", "run", "--silent", "types", "--", into / DOCUMENT, "-o", into / CLIENT]
    subprocess.run(types, cwd=layout.frontend, env=environment, check=True, stdout=subprocess.DEVNULL)


def stale(root: Path, fresh: Path) -> list[str]:
    """Which files below `fresh` differ from those below `root`, or are not there."""
    names = sorted(file.relative_to(fresh) for file in fresh.rglob("*") if file.is_file())
    return [str(name) for name in names if not _same(root / name, fresh / name)]


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and one.read_bytes() == other.read_bytes()


def main() -> int:
    """Makes everything again in a scratch folder. Prints the stale files of the project and returns 1, or returns 0."""
    argparse.ArgumentParser(description=main.__doc__).parse_args()
    layout = layout_of()
    with tempfile.TemporaryDirectory() as scratch:
        generate(layout, Path(scratch), os.environ)
        old = stale(layout.root, Path(scratch))
    if old:
        print(f"stale: {', '.join(old)}; run ./relay generate", file=sys.stderr)
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
