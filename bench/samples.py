"""Percentiles of measured samples. Pure."""

from collections.abc import Sequence


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the samples do not pass; nearest rank. Raises ValueError without samples."""
    if not ordered:
        raise ValueError("no samples")
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def summary(samples_us: Sequence[int]) -> dict[str, float]:
    """Count, p50, p95, p99 and maximum, in milliseconds, of latencies in µs. Only the count when there are none."""
    ordered = sorted(samples_us)
    if not ordered:
        return {"count": 0}
    return {
        "count": len(ordered),
        "p50_ms": percentile(ordered, 0.50) / 1_000,
        "p95_ms": percentile(ordered, 0.95) / 1_000,
        "p99_ms": percentile(ordered, 0.99) / 1_000,
        "max_ms": ordered[-1] / 1_000,
    }
