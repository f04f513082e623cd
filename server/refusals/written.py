"""What is made of the declared codes: docs/errors.md, and the type of what `Refused` takes.

A code is declared once, in one of the tables beside this file: its status, and what it means. Sentences stand where
they are said. mypy names a code that is raised and not declared (realtime/feed/codes.py), a test one that nobody
raises; by the API's document the screens know the codes too.
"""

from typing import Final

from server.refusals import centre, doors, matters

PAGE: Final = "docs/errors.md"
CODES: Final = "realtime/feed/codes.py"
DECLARED: Final = (*doors.REFUSALS, *centre.REFUSALS, *matters.REFUSALS)
_HEAD: Final = """# Refusals

Written by `./relay generate` from `server/refusals/`; don't edit it here.

Every refusal is `application/problem+json` (RFC 9457): `type` (`urn:relay60:<code>`), `title`, `status`, `detail`
(Chinese, for people), `code` (for programs, stable), and where they apply `field`, `rule` (the article of `rules.md`),
`remedy`, and for a verb that is not open `state`, `verb`, `open` (what the caller could do instead). Nothing was
changed; the same `Idempotency-Key` may be sent again. Order of checks: key, scope (404), right (403), state (409),
version (412).

| code | status | means |
|---|---|---|
"""
_TYPE: Final = '''"""What a refusal may be called. Written by `./relay generate` from server/refusals/, never edited."""

from typing import Literal, TypeAlias

RefusalCode: TypeAlias = Literal[
'''


def status_of() -> dict[str, int]:
    """Code to status. Raises ValueError for a code that is declared twice."""
    found = [(code, one.status) for one in DECLARED for code in one.codes]
    if len(dict(found)) < len(found):
        raise ValueError("a code is declared twice")
    return dict(found)


def page() -> str:
    """docs/errors.md."""
    rows = ((", ".join(f"`{code}`" for code in one.codes), one) for one in DECLARED)
    return _HEAD + "".join(f"| {codes} | {one.status} | {one.means} |\n" for codes, one in rows)


def codes() -> str:
    """realtime/feed/codes.py."""
    return _TYPE + "".join(f'    "{code}",\n' for code in sorted(status_of())) + "]\n"
