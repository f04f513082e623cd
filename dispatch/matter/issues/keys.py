"""Finds the seal of an issue: its wrapped key in the database, the master key in a file beside it."""

from functools import cache
from uuid import UUID

from django.conf import settings

from dispatch.matter.issues.models import IssueKey
from dispatch.matter.issues.sealing import IssueSeal, MasterKey
from realtime.feed.statements import ask


@cache
def master_key() -> MasterKey:
    """The installation's master key, read once a process. Raises OSError or ValueError for a missing or bad file."""
    return MasterKey.of_file(settings.MASTER_KEY_FILE)


def new_key(issue_id: UUID) -> IssueKey:
    """A key row for a new issue, not yet saved."""
    return IssueKey(issue_id=issue_id, wrapped=master_key().new_key(_binding(issue_id)))


def seal_of_row(key: IssueKey) -> IssueSeal:
    """The seal that a key row holds."""
    return master_key().unwrap(bytes(key.wrapped), _binding(key.issue_id))


def seal_of(issue_id: UUID) -> IssueSeal | None:
    """The seal of an issue; None when its key was destroyed, and with it all its personal data. One statement."""
    found = ask([("SELECT wrapped FROM issues_issuekey WHERE issue_id = %s", [issue_id])])[0]
    return seal_of_row(IssueKey(issue_id=issue_id, wrapped=found[0][0])) if found else None


def _binding(issue_id: UUID) -> str:
    return f"issue:{issue_id}"
