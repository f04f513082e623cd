"""What a screen's first picture costs in scripts is what its page names, compressed."""

from pathlib import Path

from bench.endurance import slope
from bench.weights import first_scripts, weights


def built(folder: Path) -> Path:
    """A build with one screen: its module, one that is preloaded, one that comes later."""
    assets = folder / "assets"
    assets.mkdir()
    for name in ("phone-1.js", "shared-2.js", "map-3.js"):
        (assets / name).write_text("x" * 10_000)
    (folder / "phone.html").write_text(
        '<script type="module" src="/static/assets/phone-1.js"></script>'
        '<link rel="modulepreload" href="/static/assets/shared-2.js"><link href="/static/assets/phone-1.css">'
    )
    return folder


def test_only_what_the_page_names_is_counted(tmp_path: Path) -> None:
    names = [file.name for file in first_scripts(built(tmp_path), "phone")]
    assert names == ["phone-1.js", "shared-2.js"]


def test_the_phone_has_a_promise(tmp_path: Path) -> None:
    (row,) = weights(built(tmp_path))
    assert row.name.startswith("phone")
    assert row.holds
    assert row.value is not None
    assert row.value < 1


def test_memory_that_does_not_grow_has_no_slope() -> None:
    assert slope([(0.0, 50.0), (60.0, 50.0), (120.0, 50.0)]) == 0
    assert slope([(0.0, 50.0), (60.0, 56.0), (120.0, 62.0)]) * 60 == 6
    assert slope([(0.0, 50.0)]) == 0
