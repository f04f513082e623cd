"""A period of time. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant up to another, the first included, the second not; seconds since 1970."""

    start: float
    end: float

    def holds(self, moment: float | None) -> bool:
        """Whether an instant lies in it."""
        return moment is not None and self.start <= moment < self.end
