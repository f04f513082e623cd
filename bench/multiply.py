"""Makes a great many past issues from a few that were lived by the real actions: rows are copied, ids and times moved.

Every table that hangs on an issue is found by its foreign keys, so a table that comes later is copied too. A copy has
ids of its own, happened earlier, lies in another micro-grid, and keeps everything else; the database's constraints
judge the result like any other rows. Runs as the owner of a database of the bench's own: triggers, foreign keys and
indexes are put aside for the load and put back, which checks every row.

What copies lack: a fact of every step (an object has one fact, its newest, with a short card; the chain is valid), the
steps of the ladder (each is an object of its own, told once), and words that open (a copy's sealed bytes are bound to
another row).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from psycopg import sql

ROOT: Final = "issues_issue"
FEED: Final = "feed_fact"
NOT_COPIED: Final = frozenset(
    {
        "clocks_escalation",  # objects that nothing but their own facts make
        "calls_call",
        "calls_attempt",
        "calls_telephoning",
        "unseen_unseenchange",  # each is one fact's
        "unseen_look",
    }
)
_HANGS: Final = """
WITH RECURSIVE hanging AS (
    SELECT %s::regclass::oid AS t UNION SELECT c.conrelid FROM pg_constraint c JOIN hanging ON c.confrelid = hanging.t
    WHERE c.contype = 'f')
SELECT t, t::regclass::text FROM hanging
"""
_COLUMNS: Final = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       (SELECT f.confrelid FROM pg_constraint f WHERE f.conrelid = a.attrelid AND f.contype = 'f'
        AND f.conkey = ARRAY[a.attnum]),
       EXISTS (SELECT FROM pg_constraint p WHERE p.conrelid = a.attrelid AND p.contype = 'p'
               AND a.attnum = ANY(p.conkey))
FROM pg_attribute a WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum
"""
_UNIQUE: Final = """
SELECT array_agg(a.attname::text ORDER BY k.n) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
JOIN pg_attribute a ON a.attrelid = %(table)s AND a.attnum = k.attnum
WHERE i.indrelid = %(table)s AND i.indisunique AND NOT i.indisprimary GROUP BY i.indexrelid
"""
_PLACES: Final = """
CREATE TEMP TABLE bench_place AS
SELECT row_number() OVER (ORDER BY c.path) - 1 AS n, c.id, g.path, ST_PointOnSurface(c.polygon) AS point
FROM grid_cell c JOIN grid_cell g ON g.id = c.parent_id
WHERE c.centre_id = %s AND c.tier = 'micro_grid' AND c.valid_until IS NULL;
"""
# What depends on where the copy lies; `b` is its place.
_BY_PLACE: Final = {
    (ROOT, "cell_id"): "b.id", (ROOT, "place"): "b.path",
    ("intake_report", "cell_id"): "b.id", ("intake_report", "position"): "b.point",
    ("intake_report", "given_lon"): "ST_X(b.point)", ("intake_report", "given_lat"): "ST_Y(b.point)",
    ("intake_report", "candidates"): "'[]'::jsonb",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table that hangs on an issue; `issue` is its column that names it."""

    oid: int
    name: str
    columns: Sequence[tuple[str, str, int | None, bool]]  # name, type, the table that it names, whether it is the key
    issue: str | None
    unique: Sequence[Sequence[str]]


def hanging_tables(owner: psycopg.Connection) -> list[Table]:
    """Every table that refers to issues, directly or not, each behind those that it refers to."""
    found = []
    for oid, name in owner.execute(_HANGS, [ROOT]).fetchall():
        columns = owner.execute(_COLUMNS, [oid]).fetchall()
        named = [column for column, _, of, _ in columns if of is not None and _name_of(owner, of) == ROOT]
        issue = "id" if name == ROOT else next((one for one in named if one == "issue_id"), None)
        unique = [row[0] for row in owner.execute(_UNIQUE, {"table": oid}).fetchall()]
        found.append(Table(oid, name, columns, issue, unique))
    ordered: list[Table] = []
    while found:
        waiting = {table.oid for table in found}
        ready = [one for one in found if not {of for _, _, of, _ in one.columns} & (waiting - {one.oid})]
        if not ready:
            raise ValueError(f"these tables refer to one another: {', '.join(table.name for table in found)}")
        ordered += ready
        found = [table for table in found if table not in ready]
    return ordered


def multiply(
    owner: psycopg.Connection,
    centre_id: UUID,
    sample: str,
    *,
    copies: int,
    days: float,
    first: int = 1,
    aside: bool = True,
) -> int:
    """Copies every issue that the statement `sample` names so many times, spread over the `days` before. How many.

    sample  a statement that gives issue ids; only issues whose reports are placed and that no other was merged with
    first   number of the first copy; an issue that is copied again later needs others
    aside   whether indexes are built again afterwards: for many copies, not for few beside very many rows
    Rows of each copy have version 1; facts come by `tell`.
    """
    tables = [table for table in hanging_tables(owner) if table.name not in NOT_COPIED]
    owner.execute(_PLACES.replace("%s", f"'{UUID(str(centre_id))}'").encode())
    owner.execute("CREATE TEMP TABLE bench_sample AS " + sample)
    offsets = _offsets(owner, tables)
    with put_aside(owner, [table.name for table in tables], indexes=aside):
        for table in tables:
            owner.execute(_copy(table, tables, offsets, range(first, first + copies), days))
    for table in tables:
        _move_sequence(owner, table)
    owner.execute("UPDATE issues_issuenumber SET last = (SELECT max(number) FROM issues_issue)")
    row = owner.execute("SELECT count(*) FROM bench_sample").fetchone()
    owner.execute("DROP TABLE bench_sample, bench_place")
    return int(cast(Any, row)[0]) * copies


def tell(owner: psycopg.Connection, centre_id: UUID, kind: str, name: str, objects: str, *, aside: bool = True) -> None:
    """One fact, version 1, for every untold row of the statement `objects`, chained behind the feed's head.

    objects  a statement that gives id, at, open, place, class
    """
    owner.execute(_TELL.encode())
    statement = sql.SQL(objects)
    untold = (
        "CREATE TEMP TABLE bench_told AS SELECT * FROM ({}) o"
        " WHERE NOT EXISTS (SELECT FROM feed_fact f WHERE f.centre_id = {} AND f.object_id = o.id)"
    )
    owner.execute(sql.SQL(untold).format(statement, sql.Literal(centre_id)))
    with put_aside(owner, [FEED], triggers=False, indexes=aside):
        owner.execute("SELECT bench_tell(%s, %s, %s)", [centre_id, kind, name])
    owner.execute("DROP TABLE bench_told")
    owner.execute("DROP FUNCTION bench_tell(uuid, text, text)")


@contextmanager
def put_aside(
    owner: psycopg.Connection, names: Sequence[str], *, triggers: bool = True, indexes: bool = True
) -> Iterator[None]:
    """Without triggers, foreign keys and indexes (but primary keys) of these tables; puts all of them back."""
    back: list[str] = []
    for name in names:
        table = sql.SQL(name)
        if triggers:
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
            back.append(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        if not indexes:
            continue
        for constraint, definition in owner.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass"
            " AND contype IN ('f', 'u') ORDER BY contype DESC",
            [name],
        ).fetchall():
            owner.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, sql.Identifier(constraint)))
            back.append(f'ALTER TABLE {name} ADD CONSTRAINT "{constraint}" {definition}')
        for index, definition in owner.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " WHERE i.indrelid = %s::regclass AND NOT i.indisprimary",
            [name],
        ).fetchall():
            owner.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(index)))
            back.insert(0, definition)
    yield
    for statement in back:
        owner.execute(statement.encode())


def _name_of(owner: psycopg.Connection, oid: int) -> str:
    row = owner.execute("SELECT %s::oid::regclass::text", [oid]).fetchone()
    return str(cast(Any, row)[0])


def _offsets(owner: psycopg.Connection, tables: Sequence[Table]) -> dict[int, int]:
    """By how much the whole-number keys of one copy lie above those of the copy before."""
    found = {}
    for table in tables:
        key = next((column for column, _, _, is_key in table.columns if is_key), None)
        kind = next((kind for _, kind, _, is_key in table.columns if is_key), "")
        if key and kind in ("bigint", "integer"):
            last = owner.execute(f"SELECT coalesce(max({key}), 0) FROM {table.name}".encode()).fetchone()
            found[table.oid] = int(cast(Any, last)[0]) + 1
    return found


def _copy(table: Table, tables: Sequence[Table], offsets: dict[int, int], copies: range, days: float) -> bytes:
    """The statement that copies one table."""
    known = {one.oid for one in tables}
    mapped = {column for column, _, of, is_key in table.columns if is_key or of in known}
    lonely = {unique[-1] for unique in table.unique if not mapped & set(unique)}
    step = f"(k - {copies.start - 1}) * interval '{days * 86_400 / len(copies):.3f} seconds'"
    values = []
    for column, kind, of, is_key in table.columns:
        value = f's."{column}"'
        owner_of = table.oid if is_key and of not in known else of
        if (table.name, column) in _BY_PLACE:
            value = _BY_PLACE[table.name, column]
        elif column in mapped:
            moved = f"{value} + (k - {copies.start - 1})::bigint * {offsets.get(cast(int, owner_of), 0)}"
            value = f"md5({value}::text || ':' || k)::uuid" if kind == "uuid" else moved
        elif column == "number" and table.name == ROOT:
            value = f"(SELECT max(number) FROM {ROOT}) + row_number() OVER (ORDER BY k DESC, s.number)"
        elif column in lonely:
            value = f"sha256({value} || int4send(k))" if kind == "bytea" else f"{value} || '-' || k"
        elif kind == "timestamp with time zone":
            value = f"{value} - {step}"
        elif kind == "date":
            value = f"({value} - {step})::date"
        elif column == "version":
            value = "1"
        values.append(value)
    names = ", ".join(f'"{column}"' for column, *_ in table.columns)
    issue = table.issue or f"(SELECT h.issue_id FROM {_above(table, tables)})"
    place = f"JOIN bench_place b ON b.n = abs(hashtext({'s.' + issue if table.issue else issue}::text || k))"
    place += " % (SELECT count(*) FROM bench_place)"
    needs_place = any(name == table.name for name, _ in _BY_PLACE)
    return (
        f"INSERT INTO {table.name} ({names}) OVERRIDING SYSTEM VALUE SELECT {', '.join(values)} FROM {table.name} s"
        f" JOIN bench_sample ON bench_sample.id = {'s.' + issue if table.issue else issue}"
        f" CROSS JOIN generate_series({copies.start}, {copies.stop - 1}) AS k {place if needs_place else ''}"
    ).encode()


def _above(table: Table, tables: Sequence[Table]) -> str:
    """The table that leads from one that does not name the issue itself, and how (`h`)."""
    for column, _, of, is_key in table.columns:
        above = next((one for one in tables if one.oid == of and one.issue and one.name != ROOT), None)
        if above is not None:
            key = next(name for name, _, _, key in above.columns if key)
            return f"{above.name} h WHERE h.{key} = s.{column}"
        del is_key
    raise ValueError(f"{table.name} does not lead to an issue")


def _move_sequence(owner: psycopg.Connection, table: Table) -> None:
    for column, kind, _, is_key in table.columns:
        if is_key and kind in ("bigint", "integer"):
            owner.execute(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column}'),"
                f" (SELECT max({column}) + 1 FROM {table.name})) WHERE"
                f" pg_get_serial_sequence('{table.name}', '{column}') IS NOT NULL".encode()
            )


_TELL: Final = """
CREATE FUNCTION bench_tell(p_centre uuid, p_kind text, p_name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_head feed_centre_head; v_hash bytea; v_seq bigint; v_bytes bytea; v_audience bytea; r record;
BEGIN
    SELECT * INTO v_head FROM feed_centre_head WHERE centre_id = p_centre FOR UPDATE;
    v_hash := v_head.hash; v_seq := v_head.seq;
    FOR r IN SELECT * FROM bench_told ORDER BY at, id LOOP
        v_seq := v_seq + 1;
        v_bytes := convert_to(format(
            '{"at":"%s","body":{"by":"system:bench"},"card":{"open":%s},"name":"%s",'
            '"object":{"id":"%s","kind":"%s"},"version":1}',
            to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            CASE WHEN r.open THEN 'true' ELSE 'false' END, p_name, r.id, p_kind), 'UTF8');
        v_audience := convert_to(format(
            '{"after":{"class":"%s","tokens":["place:%s"]},"before":null}', r.class, r.place), 'UTF8');
        v_hash := feed_hash_v1(v_hash, v_head.epoch, v_seq, v_bytes, v_audience);
        INSERT INTO feed_fact
            (centre_id, seq, epoch, at, name, object_kind, object_id, version, bytes, audience, addressed_to, hash)
        VALUES (p_centre, v_seq, v_head.epoch, r.at, p_name, p_kind, r.id, 1, v_bytes, v_audience, NULL, v_hash);
    END LOOP;
    UPDATE feed_centre_head SET seq = v_seq, hash = v_hash WHERE centre_id = p_centre;
END
$$;
"""
