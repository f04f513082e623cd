"""The only writers of outside ways: an administrator sets one up and asks for a test; sendings say how it is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from command.access import PersonActor, Right
from command.kept import change_of
from command.outside.contract import CORP_APPS, FAILING_AFTER, OF_THE_WAY, Outcome, OutsideWay
from command.outside.facts import OutsideWayCard, OutsideWayChanged
from command.outside.http import split_address
from command.outside.models import Way
from command.outside.push import new_key
from command.outside.sealing import SECRETS
from command.outside.subscriptions import devices_of
from command.outside.wecom_group import MOST_A_MINUTE
from command.people.models import Person
from command.units.models import Centre
from command.versions import must_match
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.codes import RefusalCode
from realtime.feed.contract import Actor, Answer, Change, Command
from realtime.feed.errors import Conflict, Invalid, NotFound

RULE = "外部通道"


@dataclass(frozen=True, slots=True)
class Form:
    """What an administrator enters, its form checked. `secret` None: the one that is kept, or the product's own."""

    rank: int
    in_use: bool
    address: str
    intranet: bool
    corp: str
    agent: int | None
    secret: str | None
    per_minute: int = 120

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Form({self.address})"


@transaction.atomic(durable=True)
def keep(kind: OutsideWay, form: Form, *, expected: int | None, cmd: Command) -> Answer:
    """Sets up a way, or amends it. Version 0: none yet.

    Whoever changes where the secret goes enters it anew: it never goes to an address that its giver did not mean. That
    of a push is made here, and stays: browsers have subscribed with it.
    Raises Forbidden, Invalid, VersionRequired, StaleVersion.
    """
    once(cmd)
    cmd.actor.must(Right.ADMIN_SETTINGS)
    centre = Centre.objects.select_for_update(no_key=True).only("id", "code").get(pk=cmd.actor.centre_id)
    row = _locked(centre.pk, kind)
    must_match(expected, row.version if row else 0)
    _check(kind, form)
    moved = row is not None and (row.address, row.corp) != (form.address, form.corp)
    secret = form.secret
    if kind is OutsideWay.PUSH:
        secret = new_key() if row is None else None
    elif secret is None and (row is None or moved):
        raise Invalid(
            "outside_way.secret_needed",
            "须填写密钥。" if row is None else "更改地址或企业标识时，须重新填写密钥。",
            field="secret",
            rule=RULE,
            remedy="请向通道的提供方索取密钥后填写。",
        )
    if row is None:
        row = Way(id=uuid4(), centre=centre, kind=kind, version=0)
    added = row.version == 0
    row.rank, row.in_use, row.address, row.intranet = form.rank, form.in_use, form.address, form.intranet
    row.corp, row.agent, row.per_minute = form.corp, form.agent, form.per_minute
    if secret is not None:
        row.sealed_secret = SECRETS.seal(secret, row.pk)
    row.failures, row.failing_since, row.last_outcome = 0, None, None  # what failed before says nothing of it now
    at = clock.at(None)
    return record(cmd, _changed(row, "added" if added else "amended", cmd.actor.principal), at=at)


@transaction.atomic(durable=True)
def ask_test(kind: OutsideWay, *, expected: int | None, cmd: Command) -> Answer:
    """Has the worker send a test message to the administrator's own work telephone, browser, or the group.

    Raises Forbidden, NotFound, Conflict while one waits, Invalid without such a telephone or browser, VersionRequired,
    StaleVersion.
    """
    once(cmd)
    cmd.actor.must(Right.ADMIN_SETTINGS)
    row = _locked(cmd.actor.centre_id, kind)
    if row is None:
        raise NotFound("outside_way.not_found", "还没有设置这个外部通道。")
    must_match(expected, row.version)
    if row.test_asked_at is not None:
        raise Conflict("outside_way.test_waits", "上一条测试消息还没有结果。", remedy="请稍候片刻再试。")
    tester = _tester(kind, cmd.actor)
    at = clock.at(None)
    row.test_asked_at, row.test_for = at, tester
    row.tested_at = row.test_outcome = None
    return record(cmd, _changed(row, "test_asked", cmd.actor.principal), at=at)


@transaction.atomic(durable=True)
def record_test(way_id: UUID, asked_at: datetime, outcome: Outcome) -> None:
    """What came of the test message that was asked for then. Once: nothing where another has recorded it."""
    row = Way.objects.select_for_update(no_key=True, of=("self",)).select_related("centre").get(pk=way_id)
    if row.test_asked_at != asked_at:
        return
    at = clock.at(None)
    row.test_asked_at, row.tested_at, row.test_outcome = None, at, outcome
    change = _changed(row, "tested", None, outcome=outcome)
    record(None, change, *count(row, outcome, at), at=at, centre_id=row.centre_id)


@transaction.atomic(durable=True)
def record_health(way_id: UUID, outcome: Outcome) -> None:
    """Counts a sending. A fact only where it fails from now on, or comes through again."""
    row = Way.objects.select_for_update(no_key=True, of=("self",)).select_related("centre").get(pk=way_id)
    at = clock.at(None)
    changes = count(row, outcome, at)
    if changes:
        record(None, *changes, at=at, centre_id=row.centre_id)
    else:
        row.save(update_fields=["failures", "last_outcome"])


def count(row: Way, outcome: Outcome, at: datetime) -> list[Change]:
    """Counts a sending on a locked row. The fact where that tells something new; without one the row is not saved."""
    if outcome is Outcome.DELIVERED:
        row.failures, row.last_outcome = 0, outcome
        if row.failing_since is None:
            return []
        row.failing_since = None
        return [_changed(row, "came_through", None)]
    if outcome not in OF_THE_WAY:
        return []
    row.failures, row.last_outcome = row.failures + 1, outcome
    if row.failing_since is not None or row.failures < FAILING_AFTER:
        return []
    row.failing_since = at
    return [_changed(row, "failing", None, outcome=outcome)]


def _locked(centre_id: UUID, kind: OutsideWay) -> Way | None:
    rows = Way.objects.select_for_update(no_key=True, of=("self",)).select_related("centre")
    return rows.filter(centre_id=centre_id, kind=kind).first()


def _changed(row: Way, change: str, by: str | None, *, outcome: Outcome | None = None) -> Change:
    """Saves the next version; its fact."""
    row.version += 1
    row.save()
    card: OutsideWayCard = {
        "failing": row.failing_since is not None,
        "in_use": row.in_use,
        "kind": str(row.kind),
        "open": False,
        "rank": row.rank,
    }
    said = {"outcome": str(outcome)} if outcome is not None else {}
    fact = OutsideWayChanged(object_id=row.pk, version=row.version, change=change, by=by, card=card, said=said)
    return change_of(fact, row.centre.code)


def _tester(kind: OutsideWay, actor: Actor) -> Person:
    """To whom a test message goes. Raises Invalid where it would reach nobody."""
    person = Person.objects.filter(pk=actor.person_id).first() if isinstance(actor, PersonActor) else None
    if kind is OutsideWay.PUSH:
        reached = person is not None and bool(devices_of([person.pk]))
        what, remedy = "您没有开启推送的设备", "请先用手机登录手机页，开启推送。"
    else:
        reached = person is not None and (kind is OutsideWay.WECOM_GROUP or person.phone is not None)
        what, remedy = "您的账号没有手机号", "请先在“人员与岗位”中填写您自己的手机号。"
    if person is None or not reached:
        code: RefusalCode = "outside_way.no_device" if kind is OutsideWay.PUSH else "outside_way.no_telephone"
        raise Invalid(code, f"{what}，收不到测试消息。", field="phone", rule=RULE, remedy=remedy)
    return person


def _check(kind: OutsideWay, form: Form) -> None:
    """Raises Invalid for an address that is no plain https one, and for what this kind of way does not take."""
    try:
        split_address(form.address)
    except ValueError:
        raise Invalid(
            "outside_way.address_invalid",
            "地址须以 https:// 开头，不带账号、参数和空格。",
            field="address",
            rule=RULE,
            remedy="例如 https://sms.example.gov.cn/send；企业微信为 https://qyapi.weixin.qq.com。",
        ) from None
    if kind in CORP_APPS and (not form.corp or form.agent is None):
        raise Invalid(
            "outside_way.application_incomplete",
            f"{kind.zh}须填写企业标识和应用的 AgentId。",
            field="agent" if form.corp else "corp",
            rule=RULE,
            remedy="企业微信为企业 ID，钉钉为 AppKey；都在其管理后台该应用的页面上查看。",
        )
    if kind is OutsideWay.PUSH and form.secret is not None:
        raise Invalid(
            "outside_way.secret_is_made",
            "网页推送的密钥由本系统生成，不用填写。",
            field="secret",
            rule=RULE,
            remedy="请不填密钥后保存。",
        )
    if kind is OutsideWay.WECOM_GROUP and form.per_minute > MOST_A_MINUTE:
        raise Invalid(
            "outside_way.too_many_a_minute",
            f"企业微信群机器人每分钟最多 {MOST_A_MINUTE} 条。",
            field="per_minute",
            rule=RULE,
            remedy=f"请填写 1 至 {MOST_A_MINUTE}。",
        )
