"""The only writer of settings: key, lock, authorise, check, version, save, record."""

from uuid import uuid4

from django.db import transaction

from command.access import Right
from command.settings.facts import SettingChanged, change_of
from command.settings.models import Setting, SettingChange
from command.settings.queries import settings_of
from command.settings.registry import DEFINITIONS, Value, checked
from command.units.models import Centre
from command.versions import must_match
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, NotFound


@transaction.atomic(durable=True)
def change(name: str, value: Value, *, expected: int | None, cmd: Command) -> Answer:
    """Sets one setting from now on; what runs already keeps what it was started with.

    Raises Forbidden, NotFound for a name that is no setting, Invalid, Conflict when it has that value already,
    VersionRequired, StaleVersion.
    """
    once(cmd)
    cmd.actor.must(Right.ADMIN_SETTINGS)
    if name not in DEFINITIONS:
        raise NotFound("setting.not_found", "没有这个设置项。")
    centre = Centre.objects.select_for_update(no_key=True).only("id", "code").get(pk=cmd.actor.centre_id)
    row = Setting.objects.filter(centre=centre, name=name).first()
    standing = settings_of(centre.pk)
    old: Value = getattr(standing, name)
    must_match(expected, row.version if row else 0)
    new = checked(name, value, standing)
    if new == old:
        raise Conflict("setting.same", "设置已是这个值。", field=name)
    if row is None:
        row = Setting(id=uuid4(), centre=centre, name=name, version=0)
    row.value, row.version = new, row.version + 1
    row.save()
    at = clock.at(None)
    by = cmd.actor.principal
    SettingChange.objects.create(setting=row, version=row.version, at=at, by=by, old=old, new=new)
    fact = SettingChanged(object_id=row.pk, version=row.version, setting=name, old=old, new=new, by=by)
    return record(cmd, change_of(fact, centre.code), at=at)
