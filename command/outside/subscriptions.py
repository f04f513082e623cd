"""Browsers that take pushes: each belongs to one sign-in, and is worth as much as that.

Nothing of it is a fact: it says where a message goes, and ends with the session, whose end is one.
"""

import hashlib
from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid4

import orjson
from django.db import transaction
from django.db.models import Q

from command.access import SignedIn
from command.base64url import from_base64url
from command.outside.contract import OutsideWay, PushDevice
from command.outside.http import may_be_called, split_address, split_endpoint
from command.outside.models import Subscription, Way
from command.outside.push import public_key
from command.outside.sealing import SECRETS
from command.people.queries import Now
from command.sealing import CannotOpen
from realtime.feed import clock
from realtime.feed.errors import Conflict, Invalid

MOST_A_PERSON: Final = 5  # the newest: nobody carries more
_POINT_BYTES: Final = 65  # RFC 8291, 3.1: an uncompressed point on P-256
_AUTH_BYTES: Final = 16
LIVE: Final = Q(sign_in__ended_at=None, sign_in__expires_at__gt=Now(), sign_in__person__is_active=True)


def offered_key(centre_id: UUID) -> str | None:
    """What a browser subscribes with; None: the centre has no pushes in use, or their key does not open.

    Raises OSError without the master key's file.
    """
    way = _way(centre_id)
    try:
        return public_key(SECRETS.opened(bytes(way.sealed_secret), way.pk)) if way is not None else None
    except (CannotOpen, ValueError):
        return None


def takes_pushes(actor: SignedIn) -> bool:
    """Whether the browser of this sign-in was told to the centre."""
    return Subscription.objects.filter(sign_in=actor.session_id).exists()


@transaction.atomic(durable=True)
def keep(endpoint: str, p256dh: str, auth: str, *, actor: SignedIn) -> None:
    """From now on this browser takes pushes for who is signed in there, and for nobody else. A repeat changes nothing.

    Raises Conflict where the centre has no pushes in use, Invalid for an address or keys that are none.
    """
    way = _way(actor.centre_id)
    if way is None:
        raise Conflict("push.not_in_use", "本中心没有启用网页推送。", remedy="需要时请联系管理员。")
    keys = _checked(endpoint, p256dh, auth, intranet=way.intranet)
    digest = hashlib.sha256(endpoint.encode()).digest()
    Subscription.objects.exclude(LIVE).delete()
    Subscription.objects.filter(endpoint_digest=digest).exclude(sign_in=actor.session_id).delete()
    row = Subscription.objects.select_for_update(no_key=True).filter(sign_in=actor.session_id).first()
    if row is None:
        row = Subscription(id=uuid4(), sign_in_id=actor.session_id, made_at=clock.at(None))
    elif bytes(row.endpoint_digest) == digest and _device(row) == PushDevice(row.pk, endpoint, *keys):
        return
    row.endpoint_digest = digest
    row.sealed = SECRETS.seal(orjson.dumps([endpoint, p256dh, auth]).decode(), row.pk)
    row.save()


def end(actor: SignedIn) -> None:
    """This browser takes no pushes any more. One statement."""
    Subscription.objects.filter(sign_in=actor.session_id).delete()


def forget(subscription_id: UUID) -> None:
    """Its push service knows it no longer. One statement."""
    Subscription.objects.filter(pk=subscription_id).delete()


def devices_of(persons: Iterable[UUID]) -> dict[UUID, list[PushDevice]]:
    """The browsers that take pushes for each person, the newest first; what does not open is none. One statement."""
    found: dict[UUID, list[PushDevice]] = {}
    rows = Subscription.objects.filter(LIVE, sign_in__person__in=set(persons)).select_related("sign_in")
    for row in rows.order_by("-made_at", "pk"):
        mine = found.setdefault(row.sign_in.person_id, [])
        device = _device(row)
        if device is not None and len(mine) < MOST_A_PERSON:
            mine.append(device)
    return found


def _way(centre_id: UUID) -> Way | None:
    return Way.objects.filter(centre_id=centre_id, kind=OutsideWay.PUSH, in_use=True).first()


def _device(row: Subscription) -> PushDevice | None:
    try:
        endpoint, p256dh, auth = orjson.loads(SECRETS.opened(bytes(row.sealed), row.pk))
        return PushDevice(row.pk, endpoint, from_base64url(p256dh), from_base64url(auth))
    except (CannotOpen, ValueError):
        return None


def _checked(endpoint: str, p256dh: str, auth: str, *, intranet: bool) -> tuple[bytes, bytes]:
    """The keys. Raises Invalid. A name is looked up and checked when it is sent to."""
    try:
        host, _, _ = split_address(split_endpoint(endpoint)[0])
        barred = _is_ip(host) and not may_be_called(host, intranet=intranet)
        keys = from_base64url(p256dh), from_base64url(auth)
    except ValueError:
        barred, keys = True, (b"", b"")
    if barred or len(keys[0]) != _POINT_BYTES or keys[0][0] != 4 or len(keys[1]) != _AUTH_BYTES:
        raise Invalid(
            "push.subscription_invalid",
            "浏览器给出的推送地址或密钥不能使用。",
            field="endpoint" if barred else "p256dh",
            rule="外部通道",
            remedy="请在手机页上关闭推送后重新开启；仍不行时请换一种浏览器。",
        )
    return keys


def _is_ip(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()
