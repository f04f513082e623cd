"""Types of every frame of `/live`: they name the JSON schemas, and they are what a client's frame is checked by.

The server's frames are built by hand in realtime/hub/frames.py; a test checks those bytes against these types.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

HashPiece = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
Seq = Annotated[int, Field(ge=0, le=2**63 - 1)]
Epoch = Annotated[int, Field(ge=1, le=2**31 - 1)]
ResetReason = Literal["none", "epoch", "hash", "future", "access", "too_old"]


class WireType(BaseModel):
    """A frame or a part of one. Fields that are not named are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cursor(WireType):
    """Where a client stands: the last `through`, the hash piece there, and the access version it was sent under."""

    epoch: Epoch
    seq: Seq
    hash: HashPiece
    access_version: int


class Hello(WireType):
    """The first frame of a client: who, and from where on."""

    frame: Literal["hello"]
    ticket: Annotated[str, StringConstraints(min_length=1, max_length=12_000)]
    cursor: Cursor | None


class Seen(WireType):
    """The answer to each beat, and after drawing: received up to `through`, drawn up to `displayed`."""

    frame: Literal["seen"]
    through: Seq
    displayed: Seq


class Pong(WireType):
    """A sign of life and nothing else."""

    frame: Literal["pong"]


class ObjectRef(WireType):
    """Which object."""

    id: UUID
    kind: str


class Welcome(WireType):
    """The hello matched: everything in scope behind `through` follows."""

    frame: Literal["welcome"]
    centre: UUID
    epoch: Epoch
    through: Seq
    hash: HashPiece
    server_time: AwareDatetime
    beat_s: float
    access_version: int


class Reset(WireType):
    """The cursor does not continue this history: clear the store, fetch a snapshot, say hello again."""

    frame: Literal["reset"]
    reason: ResetReason


class StoredFact(WireType):
    """A fact, in the bytes that were stored and hashed."""

    at: AwareDatetime
    body: dict[str, Any]
    card: dict[str, Any]
    name: str
    object: ObjectRef
    version: int
    to: str | None = None


class Fact(WireType):
    """A fact in scope; with it everything in scope up to `through` has been sent."""

    frame: Literal["fact"]
    epoch: Epoch
    through: Seq
    hash: HashPiece
    fact: StoredFact


class LeftScope(WireType):
    """An object is no longer in scope: remove it."""

    frame: Literal["left_scope"]
    epoch: Epoch
    through: Seq
    hash: HashPiece
    object: ObjectRef
    version: int


class Beat(WireType):
    """Proof of life. `verified_at`: last successful read of the head in PostgreSQL; `wrote_at`: last proof that a
    command could be written; `timer_at`: last timer pass; `worker_at`: the worker's last sign of life.
    """

    frame: Literal["beat"]
    epoch: Epoch
    through: Seq
    hash: HashPiece
    head: Seq
    server_time: AwareDatetime
    verified_at: AwareDatetime | None
    wrote_at: AwareDatetime | None
    timer_at: AwareDatetime | None
    worker_at: AwareDatetime | None


class Ticket(WireType):
    """A renewed ticket for the next hello."""

    frame: Literal["ticket"]
    ticket: str
    expires_at: AwareDatetime


class Drain(WireType):
    """The process is about to stop: reconnect after a random part of this time."""

    frame: Literal["drain"]
    reconnect_within_ms: int


ClientFrame = Annotated[Hello | Seen | Pong, Field(discriminator="frame")]
ServerFrame = Annotated[Welcome | Reset | Fact | LeftScope | Beat | Ticket | Drain, Field(discriminator="frame")]

CLIENT: TypeAdapter[Hello | Seen | Pong] = TypeAdapter(ClientFrame)
SERVER: TypeAdapter[Welcome | Reset | Fact | LeftScope | Beat | Ticket | Drain] = TypeAdapter(ServerFrame)
FRAMES: dict[str, type[WireType]] = {
    "hello": Hello,
    "seen": Seen,
    "pong": Pong,
    "welcome": Welcome,
    "reset": Reset,
    "fact": Fact,
    "left_scope": LeftScope,
    "beat": Beat,
    "ticket": Ticket,
    "drain": Drain,
}
