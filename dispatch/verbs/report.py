"""The only writer of reports: checks, places, seals and numbers what comes in. Each report begins an issue."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from command.access import HeldPost, Role
from command.catalogue.contract import Item, Level
from command.catalogue.queries import ITEM_OF
from command.catalogue.queries import of_found as item_found
from command.channels.contract import Channel, ChannelRule
from command.channels.queries import CHANNEL_OF
from command.channels.queries import of_found as channel_found
from command.organisations.queries import receiving_unit
from command.settings.queries import SETTINGS_OF
from command.settings.queries import of_found as settings_found
from dispatch.matter import clock_law as clocks
from dispatch.matter.aggregate import backfills
from dispatch.matter.aggregate import custody as relays
from dispatch.matter.aggregate.aggregate import Aggregate, Terms
from dispatch.matter.aggregate.notes import checked
from dispatch.matter.aggregate.rows import inserted
from dispatch.matter.backfills.contract import REPORT, OnPaper
from dispatch.matter.call_law.following import follow as follow_calls
from dispatch.matter.issues.facts import IssueReported
from dispatch.matter.issues.keys import new_key, seal_of_row
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.places import public_path
from dispatch.matter.issues.rights import must_backfill
from dispatch.matter.issues.states import FIRST
from dispatch.matter.reports import channel_rules as doors
from dispatch.matter.reports import people, times
from dispatch.matter.reports.code_secret import code_secret
from dispatch.matter.reports.codes import code_of, hash_of
from dispatch.matter.reports.facts import ReportReceived
from dispatch.matter.reports.first_report import FirstReport, first_report
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.placement import EXTENT_OF, Placement, locate
from dispatch.matter.reports.positions import Box, GivenPosition
from dispatch.matter.reports.reporters import PAGE
from dispatch.matter.texts.masking import Personal
from dispatch.verbs import photos
from dispatch.verbs.numbers import next_number
from gis.grid.models import Cell
from realtime.feed.actions import claimed, claiming, record
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, Forbidden, Invalid
from realtime.feed.statements import ask

MAX_TEXT_CHARS = 5_000
_NUMBER_CONSTRAINT = "source_number_comes_in_once_per_channel"


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it comes in, its form checked. Instants are UTC; `level` None: as the catalogue says."""

    channel: str
    item: str
    personal: Personal
    level: Level | None = None
    source_number: str | None = None
    source_received_at: datetime | None = None
    observed_at: datetime | None = None
    position: GivenPosition | None = None
    cell: str | None = None  # code of a cell that was named instead of a position
    photos: tuple[UUID, ...] = ()  # uploaded before, by the same principal
    confidential: bool | None = None  # who told is shown to nobody; None: as the channel has it
    on_paper: OnPaper | None = None  # it was taken on paper, and a duty lead enters it
    number: int | None = None  # of the issue, where it was reserved before; None: the next one


class AlreadyReported(Exception):
    """This channel has brought this number before: carries the first answer. Nothing was changed."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__("already reported")


def report(new: NewReport, *, cmd: Command) -> Answer:
    """Takes a report in as a new issue, numbered, placed, its personal data sealed; its relay up starts now.

    What was taken on paper started its relay up then, however late it is entered.

    A number that its channel has brought before makes no second issue, rivals in the same instant included.
    Raises Replayed, KeyReused, AlreadyReported, Forbidden (right, or a channel that is not this system's), Invalid
    (also what its channel may not bring),
    Conflict (the number was brought before, with an issue that this person may not see).
    """
    try:
        return _report(new, cmd=cmd)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if new.source_number is None or getattr(diagnosis, "constraint_name", None) != _NUMBER_CONSTRAINT:
            raise
        known = first_report(cmd.actor.centre_id, new.channel, new.source_number)
        if known is None:
            raise
        raise _already(known, cmd) from None


@transaction.atomic(durable=True)
def _report(new: NewReport, *, cmd: Command) -> Answer:
    at, root, extent, terms, door = _begin(new, cmd)
    cmd.actor.must("reports.make")
    if new.on_paper is not None:
        must_backfill(cmd.actor)
    door = _channel(new.channel, door, cmd)
    item = _item(new.item, terms.item)
    text = checked(new.personal.text, "text", limit=MAX_TEXT_CHARS)
    if new.source_number is not None:
        known = first_report(cmd.actor.centre_id, new.channel, new.source_number)
        if known is not None:
            raise _already(known, cmd)
    doors.check(
        door,
        item,
        new.personal,
        doors.Brought(
            by_system=_by_system(cmd),
            pictures=bool(new.photos),
            placed=bool(new.position or new.cell or new.personal.address),
            number=new.source_number,
        ),
        at.date(),
    )
    new = replace(new, personal=_people(replace(new.personal, text=text), cmd))
    placement = locate(
        new.position,
        cmd.actor.centre_id,
        extent,
        by_person=cmd.actor.principal.startswith("person:"),
        cell=new.cell,
        address=new.personal.address,
    )
    times.check(new.observed_at, new.source_received_at, at)
    aggregate = _new_aggregate(new, item, placement, root, at, cmd)
    aggregate.terms = terms
    issue, row = aggregate.issue, aggregate.reports[0]
    backfills.enter(aggregate, issue, REPORT, new.on_paper, cmd)
    key = new_key(issue.pk)
    seal = seal_of_row(key)
    by_rule = ChannelRule.IDENTITY_PROTECTED in door.rules
    protected = by_rule if new.confidential is None else new.confidential
    row.sealed = seal.seal(_plain(replace(new.personal, protected=protected)), binding(row.pk))
    by = cmd.actor.principal
    clocks.follow(aggregate)
    relays.follow(aggregate, how="report", by=by)
    # Late: whoever takes the next number waits from here to the commit.
    issue.number = next_number(issue.centre_id) if new.number is None else new.number
    answer = aggregate.record(issue, lambda shown: IssueReported(shown, by, None, FIRST))
    aggregate.record(row, lambda shown: ReportReceived(shown, by))
    aggregate.writes += [inserted(issue), inserted(key), inserted(row)]
    if new.photos:
        aggregate.flush()
        photos.attach(new.photos, to=row, aggregate=aggregate, seal=seal, by=by)
    backfills.save(aggregate)
    clocks.save(aggregate)
    relays.save(aggregate)
    follow_calls(aggregate, actor=cmd.actor)
    return record(cmd, *aggregate.changes, at=at, answer=answer, writes=aggregate.writes)


def _begin(new: NewReport, cmd: Command) -> tuple[datetime, str, Box, Terms, Channel | None]:
    """Claims the key, then reads the time, root and extent of the centre's places, its terms, the channel.

    One round trip.

    Raises Replayed, KeyReused, Invalid (the key).
    """
    centre_id = cmd.actor.centre_id
    found, [(at,)], [(root,)], [extent], settings, items, channels = ask(
        [
            claiming(cmd),
            ("SELECT relay_at(NULL)", ()),
            ("SELECT code FROM organisations_centre WHERE id = %s", [centre_id]),
            (EXTENT_OF, [centre_id]),
            (SETTINGS_OF, [centre_id]),
            (ITEM_OF + "%s", [centre_id, new.item]),
            (CHANNEL_OF, [centre_id, new.channel]),
        ]
    )
    claimed(cmd, found)
    return at, root, Box(*extent), Terms(settings_found(settings), item_found(items)), channel_found(channels)


def binding(report_id: UUID) -> str:
    """What the sealed bytes of a report are bound to."""
    return f"report:{report_id}"


def _already(known: FirstReport, cmd: Command) -> AlreadyReported | Conflict:
    """The first answer, for the system whose channel it is, who made that report, and who sees its issue.

    Anybody else could read the card of a sensitive or foreign issue by guessing its number.
    """
    if _own_channels(cmd) is not None or known.by == cmd.actor.principal or cmd.actor.scope.sees(known.audience):
        return AlreadyReported(known.answer)
    return Conflict(
        "report.number_known",
        "该渠道的这个编号已经上报过。",
        field="source_number",
        rule="事项·渠道",
        remedy="请核对编号；如确为另一事项，请不填编号再上报。",
    )


def _own_channels(cmd: Command) -> frozenset[str] | None:
    """The channels that a system was given; None for a person, who may file through any."""
    own: frozenset[str] | None = getattr(cmd.actor, "channels", None)
    return own


def left_out(new: NewReport, cmd: Command) -> list[str]:
    """The fields of a system's report whose value is no name or number: it is taken in without them."""
    return [each.field for each in people.judged(new.personal)[1]] if _by_system(cmd) else []


def _people(personal: Personal, cmd: Command) -> Personal:
    """The report with names and numbers that are some. What a system sends as one and is none stands in its text.

    Raises Invalid for who can write it otherwise: a person, or an inhabitant, whose page names its fields alone.
    """
    mended, wrong = people.judged(personal)
    if wrong and not _by_system(cmd):
        field = wrong[0].field
        raise wrong[0].refused(field.removeprefix("reporter.") if cmd.actor.principal == PAGE else field)
    return replace(mended, text=people.told_beside(personal.text, wrong))


def _by_system(cmd: Command) -> bool:
    return _own_channels(cmd) is not None and cmd.actor.principal != PAGE


def _channel(code: str, known: Channel | None, cmd: Command) -> Channel:
    if known is None:
        raise Invalid(
            "report.channel_unknown",
            f"没有渠道「{code}」。",
            field="channel",
            rule="事项·渠道",
            remedy="请使用渠道目录中的代码（见 /api/v1/reference）。",
        )
    if known.retired:
        raise Invalid(
            "report.channel_retired",
            f"渠道「{known.name_zh}」已停用。",
            field="channel",
            rule="事项·渠道",
            remedy="请使用在用的渠道（见 /api/v1/reference）。",
        )
    own = _own_channels(cmd)
    if own is not None and code not in own:
        raise Forbidden("report.channel_not_yours", "这个接口密钥不能经该渠道上报。", field="channel", rule="事项·渠道")
    return known


def _item(code: str, item: Item | None) -> Item:
    if item is None:
        raise Invalid(
            "report.item_unknown",
            f"事项目录中没有「{code}」。",
            field="item",
            rule="事项·类别",
            remedy="请使用事项目录中的四位代码（见 /api/v1/reference）。",
        )
    if item.retired:
        raise Invalid(
            "report.item_retired",
            f"事项「{item.item_zh}」已停用。",
            field="item",
            rule="事项·类别",
            remedy="请选择在用的事项（见 /api/v1/reference）。",
        )
    return item


def _new_aggregate(
    new: NewReport, item: Item, placement: Placement, root: str, at: datetime, cmd: Command
) -> Aggregate:
    """Issue and report, not yet saved: their cards need clock and number first."""
    centre_id = cmd.actor.centre_id
    cell = (
        Cell.objects.select_related("parent").defer("polygon", "parent__polygon").get(pk=placement.cell_id)
        if placement.cell_id
        else None
    )
    place = public_path(cell, root)
    post = _post_of(cmd, place)
    issue = Issue(
        id=uuid4(),
        centre_id=centre_id,
        last_at=at,
        state=FIRST,
        item=item.code,
        level=new.level or item.level,
        urgent=item.urgent,
        was_urgent=item.urgent,
        sensitive=item.sensitive,
        cell=cell,
        place=place,
        responsible_id=_receiver(centre_id, cell, post, item, cmd),
        channel=new.channel,
        reported_at=at,
        last_by=cmd.actor.principal,
    )
    given = new.position if placement.lon is not None or placement.far else None
    report_row = Report(
        id=uuid4(),
        issue=issue,
        centre_id=centre_id,
        channel=new.channel,
        source_number=new.source_number,
        position=Point(placement.lon, placement.lat, srid=4490) if placement.lon is not None else None,
        given_lon=given.lon if given else None,
        given_lat=given.lat if given else None,
        given_system=given.system if given else None,
        accuracy_m=given.accuracy_m if given else None,
        cell=cell,
        placing=placement.placing,
        candidates=[str(cell_id) for cell_id in placement.candidates],
        received_at=at,
        source_received_at=new.source_received_at,
        observed_at=new.observed_at,
        by=cmd.actor.principal,
        post_id=post.id if post else None,
        answerable=_answerable(new),
    )
    report_row.code_hash = hash_of(code_of(report_row.pk, code_secret()))
    return Aggregate(issue, [report_row], [], [], at)


def _receiver(centre_id: UUID, cell: Cell | None, post: HeldPost | None, item: Item, cmd: Command) -> UUID:
    """Who holds a report at first: a member's centre, the duty desk what it enters itself, else by the place.

    What is sensitive is the duty desk's at once: nobody at a township's or community's desk sees it.
    """
    held: Sequence[HeldPost] = getattr(cmd.actor, "posts", ())
    made_by = post or next((one for one in held if one.role in (Role.DUTY_OFFICER, Role.DUTY_LEAD)), None)
    path = None if item.sensitive or cell is None else cell.path
    return receiving_unit(centre_id, path=path, actor_unit=made_by.unit_id if made_by else None)


def _answerable(new: NewReport) -> bool:
    """Whether somebody waits for an answer: named in the report, or with the query code that a QR page has shown."""
    personal = new.personal
    return bool(personal.reporter_name or personal.reporter_phone) or new.channel.endswith("_qr")


def _post_of(cmd: Command, place: str) -> HeldPost | None:
    """The grid member's post that a report is made from: the one whose cell holds the place, else the first."""
    held: Sequence[HeldPost] = getattr(cmd.actor, "posts", ())
    members = [post for post in held if post.role is Role.GRID_MEMBER]
    here = [post for post in members if post.cell_path and f"{place}/".startswith(f"{post.cell_path}/")]
    return next(iter([*here, *members]), None)


def _plain(personal: Personal) -> str:
    return json.dumps(
        {
            "text": personal.text,
            "address": personal.address,
            "reporter_name": personal.reporter_name,
            "reporter_phone": personal.reporter_phone,
            "parties": [asdict(party) for party in personal.parties],
            "protected": personal.protected,
        },
        ensure_ascii=False,
    )
