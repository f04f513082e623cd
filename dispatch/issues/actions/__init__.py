"""The only writers of Issue, by the desk's work: one module for each part of an issue's life.

taking_in · merging · sending · checking · pausing · ending · correcting; what they share is in `steps`.
"""

from dispatch.issues.actions.archiving import archive_due
from dispatch.issues.actions.checking import rework, verify
from dispatch.issues.actions.correcting import amend, refer_emergency, reveal
from dispatch.issues.actions.ending import close, reopen, void, withdraw, withdraw_by_reporter
from dispatch.issues.actions.merging import merge, unmerge
from dispatch.issues.actions.pausing import resume, suspend
from dispatch.issues.actions.sending import add_assist, dispatch, redispatch
from dispatch.issues.actions.taking_in import (
    accept,
    decline,
    file,
    pass_up,
    reconsider,
    settle_on_spot,
)

__all__ = [
    "accept",
    "add_assist",
    "amend",
    "archive_due",
    "close",
    "decline",
    "dispatch",
    "file",
    "merge",
    "pass_up",
    "reconsider",
    "redispatch",
    "refer_emergency",
    "reopen",
    "resume",
    "reveal",
    "rework",
    "settle_on_spot",
    "suspend",
    "unmerge",
    "verify",
    "void",
    "withdraw",
    "withdraw_by_reporter",
]
