"""Anchors: (epoch, seq, hash) written outside the database, so that a lost or forked history is noticed.

One file per centre under DATA_DIR/anchors, a JSON line a minute; each day's last line is signed (Ed25519, the key
beside the other keys) into `<centre>.signed`. PostgreSQL alone can't tell that an older backup was restored.
"""

import base64
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.conf import settings
from django.db import connection, transaction

from realtime.feed.actions import record, wire_time
from realtime.feed.clock import at
from realtime.feed.contract import Audience, AudienceClass, Change, Cursor
from realtime.feed.facts import EpochOpened
from realtime.feed.models import CentreHead, StoredFact


@dataclass(frozen=True, slots=True)
class Anchor:
    """A position of a centre's feed as it was once seen from outside."""

    epoch: int
    seq: int
    hash: str  # hex, 32 bytes
    at: str


def folder() -> Path:
    """Where the anchors are kept; made when missing."""
    path: Path = settings.DATA_DIR / "anchors"
    path.mkdir(parents=True, exist_ok=True)
    return path


def last_anchor(centre_id: UUID) -> Anchor | None:
    """The newest anchor of a centre; a torn last line (power cut while writing) is passed over."""
    file = folder() / f"{centre_id}.log"
    if not file.exists():
        return None
    for line in reversed(file.read_text(encoding="utf-8").splitlines()):
        try:
            return Anchor(**json.loads(line))
        except (ValueError, TypeError):
            continue
    return None


def write_anchors() -> int:
    """Writes an anchor, fsynced, for each centre whose head moved since its last one. Answers how many."""
    written = 0
    for row in CentreHead.objects.order_by("pk"):
        anchor = Anchor(row.epoch, row.seq, bytes(row.hash).hex(), wire_time(row.advanced_at))
        last = last_anchor(row.pk)
        if last and (last.epoch, last.seq) >= (anchor.epoch, anchor.seq):
            continue
        if last and last.at[:10] != anchor.at[:10]:
            _append(folder() / f"{row.pk}.signed", _signed(last))
        _append(folder() / f"{row.pk}.log", json.dumps(asdict(anchor)))
        written += 1
    return written


def misfit(centre_id: UUID, head: Cursor | None) -> str | None:
    """Why the head of the database is not a continuation of the centre's newest anchor; None when it is."""
    anchor = last_anchor(centre_id)
    if anchor is None:
        return None
    if head is None:
        return f"the anchor knows seq {anchor.seq}, the database does not know this centre"
    if head.epoch > anchor.epoch:
        return None  # a new epoch was opened since, and says so itself
    if (head.epoch, head.seq) < (anchor.epoch, anchor.seq):
        return (
            f"the feed ends at epoch {head.epoch} seq {head.seq}, behind its anchor (epoch {anchor.epoch} "
            f"seq {anchor.seq}, written {anchor.at}): {anchor.seq - head.seq} facts are lost"
        )
    stored = StoredFact.objects.filter(centre_id=centre_id, seq=anchor.seq).values_list("hash", flat=True).first()
    if anchor.seq and (stored is None or bytes(stored).hex() != anchor.hash):
        return f"another history: at seq {anchor.seq} the feed has another hash than its anchor of {anchor.at}"
    return None


def check_anchors() -> dict[UUID, str]:
    """Every centre whose head does not continue its anchor, with the reason. Empty when all is well."""
    heads = {row.pk: Cursor(row.epoch, row.seq, bytes(row.hash)) for row in CentreHead.objects.all()}
    anchored = {UUID(file.stem) for file in folder().glob("*.log")}
    reasons = {centre: misfit(centre, heads.get(centre)) for centre in heads.keys() | anchored}
    return {centre: reason for centre, reason in reasons.items() if reason}


@transaction.atomic(durable=True)
def open_epoch(centre_id: UUID) -> int:
    """Begins a new epoch above both head and anchor; its first fact says what was lost. Answers the epoch."""
    lost = last_anchor(centre_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT feed_open_epoch_v1(%s, %s)", [centre_id, lost.epoch if lost else 0])
        epoch: int = cursor.fetchone()[0]
    head = CentreHead.objects.get(pk=centre_id)
    fact = EpochOpened(
        object_id=uuid4(),
        epoch=epoch,
        kept_seq=head.seq,
        lost_epoch=lost.epoch if lost else None,
        lost_seq=lost.seq if lost else None,
        lost_hash=lost.hash if lost else None,
    )
    audience = Audience.of([f"centre:{centre_id}"], AudienceClass.CONTROL)
    record(None, Change(fact, None, audience), at=at(head.advanced_at), centre_id=centre_id)
    return epoch


def set_aside(centre_id: UUID) -> Path:
    """Keeps the anchors of a centre that the database has lost altogether, out of the way of later checks."""
    lost = folder() / "lost"
    lost.mkdir(exist_ok=True)
    return (folder() / f"{centre_id}.log").rename(lost / f"{centre_id}-{uuid4().hex[:8]}.log")


def _append(file: Path, line: str) -> None:
    """Appends one line and waits until the disk has it."""
    with file.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def _signed(anchor: Anchor) -> str:
    text = json.dumps(asdict(anchor))
    return json.dumps({"anchor": text, "signature": base64.b64encode(_key().sign(text.encode())).decode()})


def _key() -> Ed25519PrivateKey:
    """The signing key; made the first time, where none was given."""
    file: Path = settings.ANCHOR_KEY_FILE
    if not file.exists():
        made = Ed25519PrivateKey.generate()
        file.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.chmod(0o600)
    key = load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file} is not an Ed25519 key")
    return key
