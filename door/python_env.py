"""The project's Python environment: uv from PyPI into .run/boot, then exactly what requirements.lock names, by hash."""

import os
import platform
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

from door.layout import Layout
from door.progress import Failure, Progress, run_logged
from door.stamps import digest_of, is_fresh, mark

LOCKS: Final = Path(__file__).resolve().parent / "locks"
CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
NETWORK_REMEDY: Final = "look whether pip reaches its index from this machine, then run the same again"


def ensure_python(layout: Layout, progress: Progress) -> None:
    """Make .venv hold exactly the lock file. Skipped while the lock and this Python are the same."""
    lock = layout.root / "requirements.lock"
    if not lock.exists():
        raise Failure(f"there is no {lock.name}", remedy="take a whole copy of the project (git clone)")
    digest = digest_of([lock], also=f"{platform.python_version()} {sys.executable}")
    stamp = layout.venv / ".relay-stamp"
    if is_fresh(stamp, digest) and layout.python.exists():
        return
    with progress.step("Python packages"):
        uv = ensure_uv(layout)
        log = layout.log / "python.log"
        if not layout.python.exists():
            run_logged(
                [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, layout.venv],
                log=log,
                env=_environment(layout),
                what="making .venv did not end well",
                remedy="read the log; removing .venv and running the same again often helps",
            )
        run_logged(
            [uv, "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", layout.python, lock],
            log=log,
            env=_environment(layout),
            what="installing requirements.lock did not end well",
            remedy=NETWORK_REMEDY,
        )
        mark(stamp, digest)


def ensure_uv(layout: Layout) -> Path:
    """The path of uv, installed by pip from a locked list when it isn't there."""
    lock = LOCKS / "uv.txt"
    digest = digest_of([lock], also=platform.python_version())
    uv = layout.boot / "bin" / "uv"
    stamp = layout.boot / ".relay-stamp"
    if not is_fresh(stamp, digest) or not uv.exists():
        try:
            venv.create(layout.boot, with_pip=True, clear=True, symlinks=True)
        except subprocess.CalledProcessError as error:
            raise Failure("making .run/boot did not end well", remedy="install python3-venv (apt)") from error
        run_logged(
            [
                layout.boot / "bin" / "pip",
                "install",
                "--quiet",
                "--require-hashes",
                "--only-binary",
                ":all:",
                "-r",
                lock,
            ],
            log=layout.log / "python.log",
            what="installing uv did not end well",
            remedy=NETWORK_REMEDY,
        )
        mark(stamp, digest)
    return uv


def install_locked(layout: Layout, lock: str, target: Path) -> None:
    """Install one of the door's own lists (`door/locks/<lock>.txt`) into a folder of its own."""
    run_logged(
        [
            *(ensure_uv(layout), "pip", "install", "--require-hashes", "--no-deps", "--python", layout.python),
            *("--target", target, "-r", LOCKS / f"{lock}.txt"),
        ],
        log=layout.log / "python.log",
        env=_environment(layout),
        what=f"installing {lock} did not end well",
        remedy=NETWORK_REMEDY,
    )


def _environment(layout: Layout) -> dict[str, str]:
    """uv reads neither pip's configuration nor the system's certificates: hand it both."""
    environment = dict(os.environ)
    pip = _pip_settings(layout)
    if index := pip.get("index-url"):
        environment.setdefault("UV_DEFAULT_INDEX", index)
    certificates = pip.get("cert") or (str(CERTIFICATES) if CERTIFICATES.exists() else "")
    if certificates:
        environment.setdefault("SSL_CERT_FILE", certificates)
    return environment


def _pip_settings(layout: Layout) -> dict[str, str]:
    """What pip was told on this machine, by files and PIP_ variables: name (`cert`, `index-url`) to value."""
    listed = subprocess.run(
        [layout.boot / "bin" / "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    settings = {}
    for line in listed.stdout.splitlines():
        name, _, value = line.partition("=")
        settings[name.rpartition(".")[2]] = value.strip("'\"")
    return settings
