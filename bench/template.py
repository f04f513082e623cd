"""The county's database for `bench county`: seeded, multiplied to so many past issues, kept as a template between runs.

Runs as `python -m bench.template PAST` in the environment of the database that it fills.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

import django
import psycopg
from psycopg import sql

from bench.database import TEMPLATE, drop, drop_forgotten, environment_of, url_of, urls_of
from bench.multiply import multiply, tell
from bench.processes import ROOT
from bench.progress import say
from realtime.feed.contract import Card, Json

PREFIX: Final = "relay_benchcounty"
YEARS: Final = 3.0
BOARD: Final = 2_000  # open issues
PLACED: Final = (
    "NOT EXISTS (SELECT FROM intake_report r WHERE r.issue_id = i.id AND r.placing <> 'placed')"
    " AND EXISTS (SELECT FROM intake_report r WHERE r.issue_id = i.id) AND i.merged_into_id IS NULL"
    " AND NOT EXISTS (SELECT FROM issues_issue m WHERE m.merged_into_id = i.id)"
)
ENDED: Final = "('closed', 'declined', 'archived')"
ISSUES_PER_BATCH: Final = 25
# What the schema and the seed are made of: a template of another make is not used.
MADE_OF: Final = ("*/*/migrations/*.py", "*/*/sql/*.sql", "demo/seed/*", "bench/multiply.py", "bench/template.py")


@contextmanager
def county_database(past: int, environ: Mapping[str, str] = os.environ) -> Iterator[dict[str, str]]:
    """The environment of a database with so many past issues, 2,000 open ones and the whole county; dropped at the end.

    Made from a template that is kept; the first time takes minutes. Raises NoDatabase.
    """
    app_url, owner_url = urls_of(environ)
    kept, name = f"{PREFIX}_{past}_{_digest()}", f"relay_bench_{os.getpid()}"
    with psycopg.connect(url_of(owner_url, "postgres"), autocommit=True) as server:
        drop_forgotten(server)
        if not _exists(server, kept):
            _make(server, kept, past, environment_of(environ, app_url, owner_url, f"{kept}_new"))
        say(f"copying {kept}")
        _copy(server, kept, name)
        try:
            yield environment_of(environ, app_url, owner_url, name)
        finally:
            drop(server, name)


def _make(server: psycopg.Connection, kept: str, past: int, env: Mapping[str, str]) -> None:
    for (old,) in server.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{PREFIX}_"]).fetchall():
        if old.startswith(f"{PREFIX}_{past}_"):
            drop(server, old)
    fresh = f"{kept}_new"
    _copy(server, TEMPLATE, fresh)
    owner = {"RELAY_DATABASE_URL": env["RELAY_DATABASE_OWNER_URL"]}
    sim = {"RELAY_DATABASE_URL": env.get("RELAY_DATABASE_SIM_URL", env["RELAY_DATABASE_URL"])}
    for words, also in (
        (("django", "migrate", "--verbosity", "0", "--skip-checks"), owner),
        (("django", "seed_demo", "--plan", "sample", "--skip-checks"), sim),
        (("bench.template", str(past)), owner),
    ):
        say(f"the county: {' '.join(words[:2])}")
        subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env={**env, **also}, stdout=sys.stderr, check=True)
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(fresh), sql.Identifier(kept)))


def _copy(server: psycopg.Connection, source: str, name: str) -> None:
    line = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
    server.execute(sql.SQL(line).format(sql.Identifier(name), sql.Identifier(source)))


def _exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _digest() -> str:
    made = hashlib.sha256()
    for pattern in MADE_OF:
        for file in sorted(ROOT.glob(pattern)):
            if file.is_file() and "__pycache__" not in file.parts:
                made.update(file.read_bytes())
    return made.hexdigest()[:10]


def fill(past: int) -> None:
    """Multiplies what was seeded: past issues to `past`, open ones to 2,000, with their facts."""
    with psycopg.connect(os.environ["RELAY_DATABASE_URL"], autocommit=True) as owner:
        centre_id = _one(owner, "SELECT id FROM organisations_centre")
        assert isinstance(centre_id, UUID)
        ended = f"SELECT i.id FROM issues_issue i WHERE i.state IN {ENDED} AND {PLACED}"
        copies = max(1, round(past / int(str(_one(owner, f"SELECT count(*) FROM ({ended}) s")))))
        say(f"{multiply(owner, centre_id, ended, copies=copies, days=YEARS * 365):,} past issues")
        past_told = (
            "SELECT i.id, i.last_at AS at, false AS open, i.place,"
            " CASE WHEN i.sensitive THEN 'sensitive' ELSE 'public' END AS class FROM issues_issue i WHERE i.version = 1"
            f" AND i.state IN {ENDED}"
        )
        tell(owner, centre_id, "issue", "issue.closed", past_told)
        opened = f"SELECT i.id FROM issues_issue i WHERE i.state NOT IN {ENDED} AND {PLACED}"
        count = int(str(_one(owner, f"SELECT count(*) FROM ({opened}) s")))
        more = multiply(owner, centre_id, opened, copies=round(BOARD / count) - 1, days=0.01, aside=False)
        say(f"{more:,} more open issues")
        tell_cards(centre_id)
        say("vacuum, analyze")
        owner.execute("VACUUM ANALYZE")


def tell_cards(centre_id: UUID) -> None:
    """One fact, with its whole card, for every object of an open issue that has none yet: as the actions would."""
    from django.db import transaction

    from dispatch.matter.aggregate.aggregate import kind_of
    from dispatch.matter.aggregate.locks import load, with_places  # after Django's set-up
    from realtime.feed.actions import record
    from realtime.feed.contract import Change

    rows = with_places().filter(centre_id=centre_id, version=1).exclude(state__in=("closed", "declined", "archived"))
    issues = [issue for issue in rows.order_by("pk") if not _is_told(centre_id, issue.pk)]
    for start in range(0, len(issues), ISSUES_PER_BATCH):
        with transaction.atomic():
            changes = []
            for aggregate in load(issues[start : start + ISSUES_PER_BATCH]):
                for row in aggregate.rows():
                    fact = _copied(kind_of(row), row.pk, aggregate.card_of(row))
                    changes.append(Change(fact, None, aggregate.audience_of(row)))
            for begin in range(0, len(changes), 200):
                record(None, *changes[begin : begin + 200], at=issues[start].last_at, centre_id=centre_id)


def _is_told(centre_id: UUID, issue_id: UUID) -> bool:
    from realtime.feed.models import StoredFact

    return StoredFact.objects.filter(centre_id=centre_id, object_id=issue_id).exists()


@dataclass(frozen=True, slots=True)
class Copied:
    """An object of the bench as it stands."""

    name: ClassVar[str] = "bench.copied"
    object_kind: ClassVar[str]
    object_id: UUID
    card: Card

    @property
    def version(self) -> int:
        """A copy is told once."""
        return 1

    def body(self) -> Mapping[str, Json]:
        """Nobody did it."""
        return {"by": "system:bench"}


def _copied(kind: str, object_id: UUID, card: Card) -> Copied:
    """The fact of an object of that kind."""
    of_kind = type(f"Copied{kind.title()}", (Copied,), {"object_kind": kind, "__slots__": ()})
    found = of_kind(object_id, card)
    assert isinstance(found, Copied)
    return found


def _one(owner: psycopg.Connection, statement: str) -> object:
    row = owner.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def main(words: Sequence[str]) -> None:
    """Fills the database of the environment."""
    django.setup()
    fill(int(words[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
