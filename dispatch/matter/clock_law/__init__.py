"""The only writers of clocks: follow what the rows require, fire what is due exactly once, tell the ladder's steps.

`fire_due` is the timer's own action; the others work on rows that the caller has locked, at the caller's time.
Source: docs/rules.md, "The relay", "Clocks", "Whose time".
"""

from dispatch.matter.clock_law.firing import fire_due, fire_past_due, save
from dispatch.matter.clock_law.following import follow

__all__ = ["fire_due", "fire_past_due", "follow", "save"]
