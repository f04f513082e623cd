"""The form in which a code of a refusal is declared."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Codes, parted by spaces, that share a status and what they mean to a program."""

    status: int
    means: str
    named: str

    @property
    def codes(self) -> tuple[str, ...]:
        """One by one."""
        return tuple(self.named.split())
