"""What an import does to a cell. Pure."""

from enum import StrEnum


class Mark(StrEnum):
    """One cell's part in an import."""

    BEGUN = "begun"
    ENDED = "ended"
