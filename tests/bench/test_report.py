"""The form in which figures are told: one order of columns, for people, machines and the docs."""

import json
from pathlib import Path

import pytest

from bench.__main__ import write_docs
from bench.report import HEADINGS, Row, as_json, as_table, short
from bench.samples import percentile, summary

KEPT = Row(name="W2, p99", value=160.0, unit="ms", target=250.0, peer=222.0, peer_name="uvicorn", note="quiet")
BROKEN = Row(name="W1, p99", value=101.0, unit="ms", target=100.0)
PLAIN = Row(name="feed", value=2400.5, unit="facts/s")
MISSING = Row(name="up", value=None, unit="s", target=15.0)


def test_a_promise_holds_up_to_its_target_and_never_unmeasured() -> None:
    assert [row.holds for row in (KEPT, BROKEN, PLAIN, MISSING)] == [True, False, None, False]
    assert Row(name="x", value=100.0, unit="ms", target=100.0).holds is True


def test_machines_get_every_column_with_full_precision() -> None:
    first, *_ = json.loads(as_json([KEPT, PLAIN]))
    assert tuple(first)[: len(HEADINGS)] == HEADINGS
    assert first["ratio"] == pytest.approx(160 / 222)
    assert first["peer"] == 222.0


def test_the_table_is_aligned_and_says_no_aloud() -> None:
    lines = as_table([KEPT, BROKEN, PLAIN, MISSING]).splitlines()
    assert lines[0].split() == list(HEADINGS)
    assert len({line.index("ms") for line in lines[2:4]}) == 1
    assert "NO" in lines[3]
    assert "<= 100" in lines[3]
    assert "uvicorn 222" in lines[2]
    assert lines[-1].strip() == "W2, p99: quiet"


@pytest.mark.parametrize(
    ("number", "said"),
    [(None, "-"), (0.1234, "0.123"), (1.239, "1.24"), (16.24, "16.2"), (1234.5, "1,234"), (3.0, "3")],
)
def test_numbers_keep_three_digits_that_mean_something(number: float | None, said: str) -> None:
    assert short(number) == said


def test_the_docs_get_the_table_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    begin, end = "<!-- measured: begin -->", "<!-- measured: end -->"
    page.write_text(f"before\n{begin}\nyesterday\n{end}\nafter\n")
    write_docs([KEPT], page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "yesterday" not in text
    assert "| W2, p99 | 160 | ms | <= 250 | yes | uvicorn 222 | 0.721 |" in text
    page.write_text("no marks")
    with pytest.raises(ValueError, match="has no"):
        write_docs([KEPT], page)


def test_percentiles_are_of_the_samples() -> None:
    assert percentile(range(100), 0.99) == 99
    assert percentile([5], 0.5) == 5
    assert summary([3_000, 1_000, 2_000])["p50_ms"] == 2.0
    assert summary([]) == {"count": 0}
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 0.5)
