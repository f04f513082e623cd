"""What a screen has to know of a verb before it offers it: frontend/src/api/verbs.ts, from the verbs' declarations."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dispatch.verbs.declared import ISSUE_VERBS, ORDER_VERBS, REQUEST_VERBS, Declared

SCRIPT: Final = "frontend/src/api/verbs.ts"
_TABLES: Final[tuple[tuple[str, str, Mapping[Any, Declared[Any, Any]]], ...]] = (
    ("ISSUE_VERB_NEEDS", "IssueVerb", ISSUE_VERBS),
    ("ORDER_VERB_NEEDS", "OrderVerb", ORDER_VERBS),
    ("REQUEST_VERB_NEEDS", "RequestVerb", REQUEST_VERBS),
)
_HEAD: Final = """/** What each verb needs, as it is declared. Written by `./relay generate` (server/verbs.py). */

import type { IssueVerb, OrderVerb, RequestVerb } from './words'

export interface Needs {
  /** The version that the person saw: it sends If-Match. */
  versioned: boolean
  /** Something has to be entered: its body has a field without a default. */
  words: boolean
  /** A duty lead may enter it from paper. */
  paper: boolean
  /** It takes away what others have in hand, or calls for help. */
  danger: boolean
}
"""


def script() -> str:
    """frontend/src/api/verbs.ts."""
    return _HEAD + "".join(_table(name, union, verbs.values()) for name, union, verbs in _TABLES)


def _table(name: str, union: str, verbs: Iterable[Any]) -> str:
    lines = "".join(
        f"  {one.verb}: {{ versioned: {_ts(one.versioned)}, words: {_ts(_asks(one))}, paper: {_ts(one.on_paper)},"
        f" danger: {_ts(one.danger)} }},\n"
        for one in sorted(verbs, key=lambda one: str(one.verb))
    )
    return f"\nexport const {name} = {{\n{lines}}} as const satisfies Partial<Record<{union}, Needs>>\n"


def _asks(verb: Declared[Any, Any]) -> bool:
    return verb.body is not None and any(field.is_required() for field in verb.body.model_fields.values())


def _ts(flag: bool) -> str:
    return str(flag).lower()
