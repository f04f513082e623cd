"""States of a situation report (态势报告). Pure: no Django, no clock, no database.

How far the worker has come is no state: it is a column that nobody is told of by facts.
"""

from enum import StrEnum
from typing import Final

State = StrEnum("State", "ASKED MADE FAILED")

OPEN: Final = frozenset({State.ASKED})  # still in the making
FileKind = StrEnum("FileKind", "HTML PDF")
