"""The administrator's writers of API clients: a key for another system, told once; and its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from command.access import Right
from command.channels.queries import channels as channels_of
from command.kept import ApiClientCard, ApiClientChanged, change_of
from command.people.models import ApiClient
from command.people.secrets import digest, new_secret
from command.units.models import Centre
from command.versions import must_match
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Change, Command
from realtime.feed.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class WithKey:
    """An answer, and the key that goes with it, told once, here."""

    answer: Answer
    key: str


@transaction.atomic(durable=True)
def make(name: str, channels: Sequence[str], *, cmd: Command) -> WithKey:
    """Lets another system file reports through these channels.

    Raises Forbidden, Invalid for a channel that is unknown or retired, Conflict for the name of a client in use.
    """
    once(cmd)
    cmd.actor.must(Right.ADMIN_API_CLIENTS)
    known = channels_of(cmd.actor.centre_id)
    unusable = [code for code in channels if code not in known or known[code].retired]
    if unusable or not channels:
        raise Invalid(
            "api_client.channel_unknown",
            f"没有在用的渠道「{'、'.join(unusable)}」。" if unusable else "至少选择一个渠道。",
            field="channels",
            remedy="请从渠道列表中选择。",
        )
    if ApiClient.objects.filter(centre_id=cmd.actor.centre_id, name=name, revoked_at=None).exists():
        raise Conflict(
            "api_client.name_taken", "已有同名的接口客户端。", field="name", remedy="请换名，或先停用原有的。"
        )
    at, key = clock.at(None), new_secret()
    row = ApiClient(
        id=uuid4(),
        centre_id=cmd.actor.centre_id,
        name=name,
        channels=sorted(set(channels)),
        key_hash=digest(key),
        made_at=at,
        version=1,
    )
    row.save(force_insert=True)
    return WithKey(record(cmd, _changed(row, "added", cmd), at=at), key)


@transaction.atomic(durable=True)
def revoke(client_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Takes another system's key for good. Raises NotFound, Forbidden, Conflict, StaleVersion."""
    once(cmd)
    row = ApiClient.objects.select_for_update(no_key=True).filter(pk=client_id, centre_id=cmd.actor.centre_id).first()
    if row is None:
        raise NotFound("api_client.not_found", "没有这个接口客户端。")
    cmd.actor.must(Right.ADMIN_API_CLIENTS)
    if row.revoked_at is not None:
        raise Conflict("api_client.revoked", "该接口客户端已停用。")
    must_match(expected, row.version)
    row.revoked_at, row.version = clock.at(row.made_at), row.version + 1
    row.save(update_fields=["revoked_at", "version"])
    return record(cmd, _changed(row, "revoked", cmd), at=row.revoked_at)


def _changed(row: ApiClient, change: str, cmd: Command) -> Change:
    card: ApiClientCard = {"channels": list(row.channels), "open": False, "revoked": row.revoked_at is not None}
    fact = ApiClientChanged(object_id=row.pk, version=row.version, change=change, by=cmd.actor.principal, card=card)
    root = Centre.objects.values_list("code", flat=True).get(pk=row.centre_id)
    return change_of(fact, root)
