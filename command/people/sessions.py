"""How long a sign-in lasts: as long as it is used, and a shift after its last use. Source: docs/rules.md, "Duty"."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest

from command.access import SignedIn
from command.people.models import SignIn
from command.people.queries import Now
from command.settings.queries import settings_of

# What an open page asks for by itself, with nobody before it: no use of the session.
_BY_ITSELF: Final = ("/ticket", "/presence", "/look", "/session/push")


def lasts(centre_id: UUID) -> timedelta:
    """How long a session of this centre goes on after its last use. One statement."""
    return timedelta(hours=settings_of(centre_id).session_hours)


def is_use(method: str, path: str) -> bool:
    """Whether a request is an act of a person: whatever changes something, and what a screen tells of its keys.

    Reading is no use: a page reads for days without anybody before it.
    """
    return method not in ("GET", "HEAD", "OPTIONS") and not path.endswith(_BY_ITSELF)


def use(actor: SignedIn) -> SignedIn:
    """Notes that the session is used; the actor, who knows when it ends now. It never ends earlier than before.

    A session that has ended stays ended: then nothing is changed. Two statements.
    """
    row = SignIn.objects.filter(pk=actor.session_id)
    row.filter(ended_at=None, expires_at__gt=Now()).update(
        expires_at=Greatest(F("expires_at"), Now() + actor.session_lasts)
    )
    expires_at = row.values_list("expires_at", flat=True).get()
    left = actor.session_left + (expires_at - actor.session_expires_at)
    return replace(actor, session_expires_at=expires_at, session_left=left, use_is_due=False)
