"""Another release of the screens, put in place under a running gateway as `./relay up` puts it."""

import re
from pathlib import Path
from typing import Final

from server.collecting import collect
from tests.live import Product

TEXT: Final = (".js", ".css", ".html")
ENTRY: Final = re.compile(r'<script type="module"[^>]* src="/static/(assets/[^"]+\.js)"')
MARK: Final = "document.documentElement.dataset.release='next';"


def upgrade(product: Product) -> None:
    """The same screens under other names; each page's first script leaves a mark on its page."""
    static, own = product.folder / "static", product.folder / "own"
    template = static.resolve()
    files = {str(path.relative_to(template)): path for path in template.rglob("*") if path.is_file()}
    collect(files, own)  # the release that runs, in a folder of its own
    beside = product.folder / "static.new"
    beside.symlink_to(own)
    beside.replace(static)  # at once: a screen may be fetching its parts
    collect(_next(files, product.folder / "next"), static)


def _next(files: dict[str, Path], folder: Path) -> dict[str, Path]:
    renamed = {Path(name).name: _other(Path(name)).name for name in files if name.startswith("assets/")}
    names = re.compile("|".join(re.escape(name) for name in renamed))
    entries = {
        found for name, path in files.items() if name.endswith(".html") for found in ENTRY.findall(path.read_text())
    }
    made: dict[str, Path] = {}
    for name, path in files.items():
        other = str(_other(Path(name))) if name.startswith("assets/") else name
        content = path.read_bytes()
        if path.suffix in TEXT:
            text = names.sub(lambda found: renamed[found.group()], path.read_text())
            content = ((MARK if name in entries else "") + text).encode()
        target = folder / other
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        made[other] = target
    return made


def _other(path: Path) -> Path:
    return path.with_stem(f"{path.stem}x")
