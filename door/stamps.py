"""Digest stamps: a step is skipped while everything that it was made from is byte for byte the same."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path


def digest_of(paths: Iterable[Path], *, leave: frozenset[str] = frozenset(), also: str = "") -> str:
    """One digest over files and trees: names and contents, in sorted order.

    leave   directory names that are passed over at every depth (node_modules, dist)
    also    a word that must be the same too (a version, an address)
    A path that doesn't exist counts as absent, not as an error.
    """
    total = sha256(also.encode())
    for path in sorted(paths):
        for file in _files(path, leave):
            total.update(str(file).encode() + b"\0" + sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _files(path: Path, leave: frozenset[str]) -> Iterable[Path]:
    """The file itself, or every file below, sorted; passed-over directories are not entered."""
    if path.is_file():
        yield path
    elif path.is_dir():
        for child in sorted(path.iterdir()):
            if child.name not in leave:
                yield from _files(child, leave)


def is_fresh(stamp: Path, digest: str) -> bool:
    """Whether the step behind `stamp` was last finished from exactly this."""
    return stamp.exists() and stamp.read_text() == digest


def mark(stamp: Path, digest: str) -> None:
    """Remember that the step is finished. Call last."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
