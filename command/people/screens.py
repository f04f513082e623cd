"""The only writers of screens: offered by the screen, paired by a duty lead, revoked. Each by its fact."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from command.access import Right
from command.people.errors import TooManyScreens
from command.people.facts import AccessChanged, SessionEnded, control
from command.people.locks import person_acting
from command.people.models import Device
from command.people.queries import Now
from command.people.secrets import digest, new_code, secret_of, source_digest
from realtime.feed import clock
from realtime.feed.actions import MAX_KEY_CHARS, once, record
from realtime.feed.contract import Answer, Change, Command
from realtime.feed.errors import Busy, Conflict, Invalid, NotFound

CODE_SHOWN_FOR: Final = timedelta(minutes=30)
LEAST_OFFER_KEY_CHARS: Final = 16
MAX_WAITING_SCREENS: Final = 100  # anybody may offer one
MAX_WAITING_OF_A_SOURCE: Final = 20  # a hall's worth; who offers more, in half an hour, keeps nobody else out


@dataclass(frozen=True, slots=True)
class OfferedDevice:
    """A screen that waits for approval. Its secret is told once, here."""

    id: UUID
    secret: str
    code: str


@transaction.atomic(durable=True)
def offer_device(key: str, *, source: str) -> OfferedDevice:
    """Makes a screen that waits for approval, for half an hour; the same key gives the same screen while it waits.

    Nobody known asks, so who has the key has the secret, which is made from it: the key is random, and long.
    source  whom its address stands for
    Raises Invalid for another, Conflict when it was approved meanwhile, TooManyScreens when too many wait already, of
    this source or of all.
    """
    if not LEAST_OFFER_KEY_CHARS <= len(key) <= MAX_KEY_CHARS:
        raise Invalid(
            "idempotency_key.invalid",
            "缺少幂等键，或其长度不在 16 至 255 个字符之间。",
            field="Idempotency-Key",
            remedy="每块屏幕生成一个新的 UUID 作为 Idempotency-Key 请求头；重试时沿用同一个。",
        )
    at = clock.at(None)
    Device.objects.filter(approved_at=None, made_at__lte=at - CODE_SHOWN_FOR).delete()
    secret, offer = secret_of(key), digest(key)
    known = Device.objects.filter(offer_hash=offer).first()
    if known is not None and known.code is None:
        raise Conflict("device.approved", "这块屏幕已配对。", remedy="刷新页面；仍不能显示的，请撤销后重新配对。")
    if known is not None and known.code is not None:
        return OfferedDevice(known.pk, secret, known.code)
    offered_from = source_digest(source)
    waiting = Device.objects.filter(approved_at=None)
    of_source = waiting.filter(offered_from=offered_from)
    for those, most in ((of_source, MAX_WAITING_OF_A_SOURCE), (waiting, MAX_WAITING_SCREENS)):
        if len(oldest := list(those.order_by("made_at").values_list("made_at", flat=True)[:most])) == most:
            raise TooManyScreens(most, oldest[0] + CODE_SHOWN_FOR - at)
    while True:
        code = new_code()
        try:
            with transaction.atomic():
                row = Device.objects.create(
                    secret_hash=digest(secret), offer_hash=offer, offered_from=offered_from, code=code, made_at=at
                )
        except IntegrityError as refused:
            if "pairing_code_waits_once" in str(refused):  # another screen shows this code
                continue
            raise Busy("lock.busy", "他人正在操作，请稍后再试。", remedy="稍候会自动重试。") from None  # the same key
        return OfferedDevice(row.pk, secret, code)


@transaction.atomic(durable=True)
def approve_device(code: str, name: str, *, cmd: Command) -> Answer:
    """Pairs the screen that shows `code` with the actor's centre, and names it.

    Raises NotFound for a code that no screen shows (any more), Forbidden, Invalid for an empty name.
    """
    once(cmd)
    actor = person_acting(cmd)
    actor.must(Right.DEVICES_APPROVE)  # before 404: a code is in nobody's scope
    waiting = Device.objects.select_for_update(no_key=True).filter(approved_at=None, made_at__gt=Now() - CODE_SHOWN_FOR)
    device = waiting.filter(code=code.strip().upper()).first()
    if device is None:
        raise NotFound(
            "device.not_found", "没有屏幕正在显示这个配对码。", field="code", remedy="请核对屏幕上的六位配对码。"
        )
    if not 1 <= len(name.strip()) <= 50:
        raise Invalid("device.name_invalid", "屏幕名称为 1 到 50 个字。", field="name")
    device.approved_at = clock.at(device.made_at)
    device.approved_by_id = actor.person_id
    device.centre_id = actor.centre_id
    device.name, device.code, device.offered_from = name.strip(), None, None
    device.access_version += 1
    device.save()
    return record(cmd, _device_changed(device, actor.root), at=device.approved_at)


@transaction.atomic(durable=True)
def revoke_device(device_id: UUID, *, cmd: Command) -> Answer:
    """Takes a screen's access for good; it closes within five seconds. Raises NotFound, Forbidden, Conflict."""
    once(cmd)
    actor = person_acting(cmd)
    device = Device.objects.select_for_update(no_key=True).filter(pk=device_id, centre_id=actor.centre_id).first()
    if device is None or device.approved_at is None:
        raise NotFound("device.not_found", "没有这块屏幕。")
    actor.must(Right.DEVICES_APPROVE)
    if device.revoked_at is not None:
        raise Conflict("device.revoked", "这块屏幕已撤销。")
    device.revoked_at = clock.at(device.approved_at)
    device.access_version += 1
    device.save(update_fields=["revoked_at", "access_version"])
    # A screen's session is the screen: its sockets are told that it has ended, not to come again with other rights.
    fact = SessionEnded(principal=f"device:{device.pk}", object_id=device.pk, version=device.access_version)
    return record(cmd, control(fact, actor.root), at=device.revoked_at)


def _device_changed(device: Device, root: str) -> Change:
    fact = AccessChanged(principal=f"device:{device.pk}", object_id=device.pk, version=device.access_version)
    return control(fact, root)
