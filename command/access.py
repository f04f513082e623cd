"""Who may do what, and who may see what. Pure tables and the actors made from them; no Django, no database.

Source: docs/rules.md (the columns "who"), "Duty". The picture in tests/command/people/test_access.py is drawn by hand
from those pages, not from these tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal
from uuid import UUID

from realtime.feed.contract import Audience, AudienceClass, Pair, Scope
from realtime.feed.errors import Forbidden
from realtime.words import Word


class Role(Word):
    """What a post makes of the person who holds it."""

    DUTY_OFFICER = "duty_officer", "值班员"
    DUTY_LEAD = "duty_lead", "值班长"
    LIAISON = "liaison", "联络员"
    TOWNSHIP_DESK = "township_desk", "镇街值班"
    GRID_MEMBER = "grid_member", "网格员"
    LEADER = "leader", "领导"
    ADMINISTRATOR = "administrator", "管理员"


class Right(StrEnum):
    """One thing that may be done."""

    REPORTS_MAKE = "reports.make"
    ISSUES_READ = "issues.read"
    ISSUES_ACCEPT = "issues.accept"
    ISSUES_DECLINE = "issues.decline"
    ISSUES_DECLINE_URGENT = "issues.decline_urgent"
    ISSUES_FILE = "issues.file"
    ISSUES_DISPATCH = "issues.dispatch"
    ISSUES_VERIFY = "issues.verify"
    ISSUES_REWORK = "issues.rework"
    ISSUES_CLOSE = "issues.close"
    ISSUES_REVEAL = "issues.reveal"
    ISSUES_MERGE = "issues.merge"
    ISSUES_UNMERGE = "issues.unmerge"
    ISSUES_ADD_ASSIST = "issues.add_assist"
    ISSUES_REDISPATCH = "issues.redispatch"
    ISSUES_AMEND = "issues.amend"
    ISSUES_WITHDRAW = "issues.withdraw"
    ISSUES_REFER_EMERGENCY = "issues.refer_emergency"
    ISSUES_RECONSIDER = "issues.reconsider"
    ISSUES_SUSPEND = "issues.suspend"
    ISSUES_RESUME = "issues.resume"
    ISSUES_REOPEN = "issues.reopen"
    ISSUES_VOID = "issues.void"
    ISSUES_PASS_UP = "issues.pass_up"  # noqa: S105  # a way up, no secret
    ISSUES_SETTLE_ON_SPOT = "issues.settle_on_spot"
    ISSUES_BACKFILL = "issues.backfill"  # enter what happened on paper, for the desk and for units
    ISSUES_ACCEPT_IN_TOWNSHIP = "issues.accept_in_township"  # or decline, while `township_accepts` is set
    ORDERS_READ = "orders.read"
    ORDERS_ACKNOWLEDGE = "orders.acknowledge"
    ORDERS_START = "orders.start"
    ORDERS_FEED_BACK = "orders.feed_back"
    ORDERS_REQUEST_RETURN = "orders.request_return"
    ORDERS_FORWARD = "orders.forward"
    ORDERS_TAKE_BACK = "orders.take_back"
    ORDERS_RECALL = "orders.recall"
    CALLS_ANSWER = "calls.answer"  # of a call that names the post
    CALLS_TELEPHONE = "calls.telephone"  # the list of whom to ring, with their numbers
    RETURNS_GRANT = "returns.grant"
    RETURNS_COMPEL = "returns.compel"
    REPLIES_MAKE = "replies.make"
    MESSAGES_WRITE = "messages.write"  # within a matter of the post's; to read them, and strike its unit's
    MESSAGES_STRIKE = "messages.strike"  # what others wrote, too
    SITUATION_REPORTS_MAKE = "situation_reports.make"
    DEVICES_APPROVE = "devices.approve"
    DELEGATIONS_MANAGE = "delegations.manage"
    ROSTERS_KEEP = "rosters.keep"  # of any unit by the administrator, of their own by liaisons
    ADMIN_PEOPLE = "admin.people"  # people and their posts
    ADMIN_UNITS = "admin.units"  # units and their contacts
    ADMIN_CHANNELS = "admin.channels"
    ADMIN_CATALOGUE = "admin.catalogue"
    ADMIN_SETTINGS = "admin.settings"
    ADMIN_API_CLIENTS = "admin.api_clients"


_DESK: Final = frozenset(
    {
        Right.REPORTS_MAKE,
        Right.ISSUES_READ,
        Right.ISSUES_ACCEPT,
        Right.ISSUES_DECLINE,
        Right.ISSUES_FILE,
        Right.ISSUES_DISPATCH,
        Right.ISSUES_VERIFY,
        Right.ISSUES_REWORK,
        Right.ISSUES_CLOSE,
        Right.ISSUES_REVEAL,
        Right.ISSUES_MERGE,
        Right.ISSUES_ADD_ASSIST,
        Right.ISSUES_REDISPATCH,
        Right.ISSUES_AMEND,
        Right.ISSUES_WITHDRAW,
        Right.ISSUES_REFER_EMERGENCY,
        Right.ORDERS_READ,
        Right.ORDERS_RECALL,
        Right.REPLIES_MAKE,
        Right.SITUATION_REPORTS_MAKE,
        Right.CALLS_ANSWER,
        Right.CALLS_TELEPHONE,
        Right.MESSAGES_WRITE,
    }
)
# What the duty lead alone decides. Each has a deputy, so that a night without a lead can't block.
APPROVALS: Final = frozenset(
    {
        Right.ISSUES_DECLINE_URGENT,
        Right.ISSUES_RECONSIDER,
        Right.ISSUES_UNMERGE,
        Right.ISSUES_SUSPEND,
        Right.ISSUES_RESUME,
        Right.ISSUES_REOPEN,
        Right.ISSUES_VOID,
        Right.ISSUES_BACKFILL,
        Right.RETURNS_GRANT,
        Right.RETURNS_COMPEL,
        Right.MESSAGES_STRIKE,
    }
)
# Held for the post's own unit only: asked without a unit, or for another one, they are refused.
OF_ONE_UNIT: Final = frozenset(
    {
        Right.ORDERS_ACKNOWLEDGE,
        Right.ORDERS_START,
        Right.ORDERS_FEED_BACK,
        Right.ORDERS_REQUEST_RETURN,
        Right.ORDERS_FORWARD,
        Right.ORDERS_TAKE_BACK,
    }
)
_HANDLING: Final = OF_ONE_UNIT | {
    Right.ISSUES_READ,
    Right.ISSUES_REVEAL,
    Right.ORDERS_READ,
    Right.REPLIES_MAKE,
    Right.CALLS_ANSWER,
    Right.MESSAGES_WRITE,
    Right.ROSTERS_KEEP,
}
_OF_A_PLACE: Final = frozenset({Right.ISSUES_PASS_UP, Right.ISSUES_SETTLE_ON_SPOT})
RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.DUTY_OFFICER: _DESK,
    Role.DUTY_LEAD: _DESK | APPROVALS | {Right.DEVICES_APPROVE, Right.DELEGATIONS_MANAGE},
    Role.LIAISON: _HANDLING,
    Role.TOWNSHIP_DESK: (_HANDLING - {Right.ISSUES_REVEAL})
    | _OF_A_PLACE
    | {Right.REPORTS_MAKE, Right.ISSUES_ACCEPT_IN_TOWNSHIP, Right.SITUATION_REPORTS_MAKE},
    Role.GRID_MEMBER: _OF_A_PLACE | {Right.REPORTS_MAKE, Right.ISSUES_REFER_EMERGENCY, Right.MESSAGES_WRITE},
    Role.LEADER: frozenset({Right.ISSUES_READ, Right.SITUATION_REPORTS_MAKE, Right.CALLS_ANSWER}),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.DELEGATIONS_MANAGE,
            Right.ROSTERS_KEEP,
            Right.ADMIN_PEOPLE,
            Right.ADMIN_UNITS,
            Right.ADMIN_CHANNELS,
            Right.ADMIN_CATALOGUE,
            Right.ADMIN_SETTINGS,
            Right.ADMIN_API_CLIENTS,
        }
    ),
}
# Held for the whole centre by the desk, and by these roles for their unit only.
UNIT_ROLES: Final = frozenset({Role.LIAISON, Role.TOWNSHIP_DESK})
# Held by the desk for the whole centre, and by these roles within their post's cell only: asked without a place, or for
# one outside, they are refused.
PLACE_ROLES: Final = frozenset({Role.TOWNSHIP_DESK, Role.GRID_MEMBER})
OF_ONE_PLACE: Final = _OF_A_PLACE | {Right.ISSUES_ACCEPT_IN_TOWNSHIP, Right.ISSUES_REFER_EMERGENCY}


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post as held now: the role, the unit that it is in, and the place that it is responsible for (None: none).

    deputises   whether the duty lead's approvals are delegated to its holder now
    looks_over  path of the cell that its unit is a centre of: the whole district for the duty desk, None for a body
                that answers for matters and no place
    """

    id: UUID
    role: Role
    unit_id: UUID
    cell_path: str | None = None
    deputises: bool = False
    looks_over: str | None = None


def pairs_of(post: HeldPost, root: str) -> tuple[Pair, ...]:
    """What the holder of a post may see. `root` is the path of the centre's own cell.

    Only the centre's desk reaches `sensitive` on a place; a unit reaches it for what is sent to it, and every post for
    what concerns that very post: a member sees what the member reported.
    """
    return (Pair(f"post:{post.id}", AudienceClass.SENSITIVE), *_pairs_of_role(post, root))


def _pairs_of_role(post: HeldPost, root: str) -> tuple[Pair, ...]:
    match post.role:
        case Role.DUTY_OFFICER | Role.DUTY_LEAD:
            return (
                Pair(f"place:{root}", AudienceClass.SENSITIVE),
                Pair(f"unit:{post.unit_id}", AudienceClass.SENSITIVE),
            )
        case Role.LIAISON:
            return (Pair(f"unit:{post.unit_id}", AudienceClass.SENSITIVE),)
        case Role.TOWNSHIP_DESK:
            own = (Pair(f"unit:{post.unit_id}", AudienceClass.SENSITIVE),)
            return own + ((Pair(f"place:{post.cell_path}", AudienceClass.DESK),) if post.cell_path else ())
        case Role.GRID_MEMBER:
            return (Pair(f"place:{post.cell_path}", AudienceClass.PUBLIC),) if post.cell_path else ()
        case Role.LEADER:
            own = (Pair(f"unit:{post.unit_id}", AudienceClass.DESK),)
            return own + ((Pair(f"place:{post.looks_over}", AudienceClass.DESK),) if post.looks_over else ())
        case Role.ADMINISTRATOR:
            return ()


def scope_of(posts: tuple[HeldPost, ...], root: str) -> Scope:
    """All pairs of some posts, one per token with its highest ceiling, by token."""
    highest: dict[str, AudienceClass] = {}
    for post in posts:
        for pair in pairs_of(post, root):
            highest[pair.token] = max(pair.ceiling, highest.get(pair.token, pair.ceiling))
    return Scope(tuple(Pair(token, highest[token]) for token in sorted(highest)))


def right_missing(right: str) -> Forbidden:
    """The refusal of who holds no right to something."""
    return Forbidden("right.missing", "您的岗位没有这项操作的权限。", extra={"right": right})


@dataclass(frozen=True)
class PersonActor:
    """A person with the posts held now."""

    person_id: UUID
    centre_id: UUID
    root: str  # path of the centre's own cell
    posts: tuple[HeldPost, ...]
    access_version: int = 0

    @property
    def principal(self) -> str:
        """`person:<id>`."""
        return f"person:{self.person_id}"

    @cached_property
    def scope(self) -> Scope:
        """What all the posts together may see."""
        return scope_of(self.posts, self.root)

    @cached_property
    def rights(self) -> tuple[str, ...]:
        """Every right that some post gives, sorted; those of a unit hold for that unit only."""
        return tuple(sorted(set().union(*(rights_of(post) for post in self.posts))))

    @property
    def channels(self) -> frozenset[str] | None:
        """None: a person may file through any channel."""
        return None

    def scope_for(self, right: str) -> Scope:
        """What the posts that give `right` may see: one post's right never reaches into another's scope.

        Raises Forbidden without the right.
        """
        giving = tuple(post for post in self.posts if right in rights_of(post))
        if not giving:
            raise right_missing(right)
        return scope_of(giving, self.root)

    def post_seeing(self, about: Audience) -> HeldPost | None:
        """The first post that sees what is that audience's; None: none of them does."""
        return next((post for post in self.posts if Scope(pairs_of(post, self.root)).sees(about)), None)

    def may(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> bool:
        """Whether some post gives `right`.

        unit_id  where a role holds the right for its unit only, that unit
        place    where a role holds it within its cell only, the path of the cell that is concerned
        about    whose the thing is: the very post that gives the right must see it
        """
        return any(
            _gives(post, right, unit_id, place) and (about is None or Scope(pairs_of(post, self.root)).sees(about))
            for post in self.posts
        )

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Returns if the person holds `right`. Raises Forbidden."""
        if not self.may(right, unit_id=unit_id, place=place, about=about):
            raise right_missing(right)


def rights_of(post: HeldPost) -> frozenset[Right]:
    """What a post gives, with what is delegated to it."""
    return RIGHTS[post.role] | APPROVALS if post.deputises else RIGHTS[post.role]


def _gives(post: HeldPost, right: str, unit_id: UUID | None, place: str | None) -> bool:
    if right not in rights_of(post):
        return False
    if right in OF_ONE_UNIT or (post.role in UNIT_ROLES and unit_id is not None):
        return post.unit_id == unit_id
    if right in OF_ONE_PLACE and post.role in PLACE_ROLES:
        return post.cell_path is not None and place is not None and within(place, post.cell_path)
    return True


def within(place: str, cell_path: str) -> bool:
    """Whether a path is that cell's or one below it."""
    return place == cell_path or place.startswith(cell_path + "/")


@dataclass(frozen=True, kw_only=True)
class SignedIn(PersonActor):
    """A person behind a request, with the sign-in that it came with."""

    session_id: UUID
    session_expires_at: datetime  # UTC
    session_left: timedelta = timedelta()  # until then, when it was read
    session_lasts: timedelta = timedelta(hours=24)  # after its last use
    use_is_due: bool = False  # its last use was noted a while ago: the next one is noted again
    must_change_password: bool = False  # signed in by a password that was made for them

    @property
    def subject_kind(self) -> Literal["person", "device"]:
        """A person."""
        return "person"

    @property
    def subject_id(self) -> UUID:
        """The person's id: the object of `access` facts."""
        return self.person_id
