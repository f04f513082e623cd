"""The only writers of channels after the founding: key, lock, authorise, check, version, save, record."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from command.access import Right
from command.channels.contract import ChannelRule, SourceFamily, listed
from command.channels.facts import ChannelCard, ChannelChanged
from command.channels.models import Channel
from command.kept import change_of
from command.people.models import ApiClient
from command.units.models import Centre
from command.versions import must_match
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel to be added, its form checked."""

    code: str
    name_zh: str
    source_family: SourceFamily
    reporter_known: bool
    rules: frozenset[ChannelRule] = frozenset()


@transaction.atomic(durable=True)
def add(new: NewChannel, *, cmd: Command) -> Answer:
    """Adds a channel: the next report may come by it. Raises Forbidden, Conflict for a code that was ever given."""
    once(cmd)
    cmd.actor.must(Right.ADMIN_CHANNELS)
    centre = Centre.objects.select_for_update(no_key=True).only("id", "code").get(pk=cmd.actor.centre_id)
    held = Channel.objects.filter(centre=centre)
    if held.filter(code=new.code).exists():
        raise Conflict(
            "channel.code_taken",
            "这个代码已用过。",
            field="code",
            remedy="代码不重复使用，请换一个；或启用原有的渠道。",
        )
    last = held.aggregate(last=Max("rank"))["last"] or 0
    row = Channel(
        id=uuid4(),
        centre=centre,
        code=new.code,
        name_zh=new.name_zh,
        source_family=new.source_family,
        reporter_known=new.reporter_known,
        rules=sorted(new.rules),
        rank=last + 1,
    )
    return _saved(row, "added", centre.code, cmd)


@transaction.atomic(durable=True)
def amend(
    channel_id: UUID,
    name_zh: str,
    reporter_known: bool,
    rules: frozenset[ChannelRule] | None = None,
    *,
    expected: int | None,
    cmd: Command,
) -> Answer:
    """Renames a channel; its code and family stay, since reports and figures hang on them.

    rules  what it may not bring from now on; None leaves them. Those of a listed channel can't be taken away.
    Raises as all edits, Conflict for a listed rule that would be taken away.
    """
    once(cmd)
    row = _lock(channel_id, cmd)
    cmd.actor.must(Right.ADMIN_CHANNELS)
    must_match(expected, row.version)
    if rules is not None:
        known = listed().get(row.code)
        taken = sorted(rule.zh for rule in known.rules - rules) if known else []
        if taken:
            raise Conflict(
                "channel.rule_kept",
                f"这个渠道的规定不能取消：{'、'.join(taken)}。",
                field="rules",
                rule="事项·渠道",
                remedy="渠道自带的规定只能增加；确需变更的，请由主管部门修订渠道目录。",
            )
        row.rules = sorted(rules)
    row.name_zh, row.reporter_known = name_zh, reporter_known
    return _saved(row, "amended", row.centre.code, cmd)


@transaction.atomic(durable=True)
def retire(channel_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Takes a channel out of use: older reports keep it, no new one comes by it.

    Raises NotFound, Forbidden, Conflict when it is retired, the centre's last one, or the only one of another system
    that files reports; StaleVersion.
    """
    once(cmd)
    row = _lock(channel_id, cmd)
    cmd.actor.must(Right.ADMIN_CHANNELS)
    if row.retired_at is not None:
        raise Conflict("channel.retired", "该渠道已停用。")
    must_match(expected, row.version)
    if not Channel.objects.filter(centre=row.centre, retired_at=None).exclude(pk=row.pk).exists():
        raise Conflict("channel.last", "这是最后一个在用的渠道，不能停用。", remedy="请先添加或启用另一个渠道。")
    left_without = ApiClient.objects.filter(centre=row.centre, revoked_at=None, channels=[row.code]).first()
    if left_without is not None:
        raise Conflict(
            "channel.only_one_of_client",
            f"接口客户端「{left_without.name}」只有这一个渠道。",
            remedy="请先停用该接口客户端，或为它另发密钥。",
        )
    row.retired_at = clock.at(None)
    return _saved(row, "retired", row.centre.code, cmd)


@transaction.atomic(durable=True)
def reinstate(channel_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Takes a retired channel into use again. Raises NotFound, Forbidden, Conflict, StaleVersion."""
    once(cmd)
    row = _lock(channel_id, cmd)
    cmd.actor.must(Right.ADMIN_CHANNELS)
    if row.retired_at is None:
        raise Conflict("channel.in_use", "该渠道正在使用。")
    must_match(expected, row.version)
    row.retired_at = None
    return _saved(row, "reinstated", row.centre.code, cmd)


def _lock(channel_id: UUID, cmd: Command) -> Channel:
    Centre.objects.select_for_update(no_key=True).only("id").get(pk=cmd.actor.centre_id)
    rows = Channel.objects.select_for_update(no_key=True, of=("self",)).select_related("centre")
    row = rows.filter(pk=channel_id, centre_id=cmd.actor.centre_id).first()
    if row is None:
        raise NotFound("channel.not_found", "没有这个渠道。")
    return row


def _saved(row: Channel, change: str, root: str, cmd: Command) -> Answer:
    row.version += 1
    row.save()
    card: ChannelCard = {
        "code": row.code,
        "open": False,
        "retired": row.retired_at is not None,
        "source_family": str(row.source_family),
    }
    fact = ChannelChanged(object_id=row.pk, version=row.version, change=change, by=cmd.actor.principal, card=card)
    return record(cmd, change_of(fact, root), at=clock.at(None))
