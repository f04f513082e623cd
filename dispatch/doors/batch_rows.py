"""Many reports of a system at once: each row its own transaction and its own answer. A bad row holds up no good one.

Sending the same rows again changes nothing: a row is known by its sender's number.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import DataError, OperationalError
from pydantic import ValidationError

from dispatch.doors import form_errors as faults
from dispatch.verbs import report as actions
from dispatch.verbs.report import AlreadyReported, NewReport
from realtime.feed.actions import MAX_KEY_CHARS
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Busy, Invalid, Refused, Replayed

MOST_ROWS: Final = 100
_HELD: Final = frozenset({"55P03", "40P01", "57014"})  # lock not available, deadlock, statement cancelled


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of one row: its answer (201 new, 200 known by its number), or why it was refused.

    left_out  fields whose value is no name or number: the row was taken in without them
    """

    index: int
    status: int
    answer: Answer | None = None
    refused: Refused | None = None
    left_out: Sequence[str] = ()


def report_rows(
    rows: Sequence[Mapping[str, Any]], parse: Callable[[Mapping[str, Any]], NewReport], *, cmd: Command
) -> list[RowAnswer]:
    """Takes each row in, in their order.

    parse  makes a new report of a row; raises pydantic's ValidationError
    Raises Invalid for a command without a key; everything else is the answer of its row.
    """
    if not 1 <= len(cmd.key) <= MAX_KEY_CHARS - 4:
        raise Invalid(
            "idempotency_key.invalid",
            "缺少幂等键，或其长度超过 251 个字符。",
            field="Idempotency-Key",
            remedy="每批生成一个新的 UUID 作为 Idempotency-Key 请求头；重试时沿用同一个。",
        )
    return [_row(index, row, parse, cmd) for index, row in enumerate(rows)]


def _row(
    index: int, row: Mapping[str, Any], parse: Callable[[Mapping[str, Any]], NewReport], cmd: Command
) -> RowAnswer:
    left_out: Sequence[str] = ()
    try:
        new = parse(row)
        left_out = actions.left_out(new, cmd)
        if new.source_number is None:
            raise Invalid(
                "report.number_needed",
                "批量上报的每一条都须有来源编号。",
                field="source_number",
                rule="事项·渠道",
                remedy="填写贵系统中的编号；重复推送时以它识别。",
            )
        asked = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).digest()
        answer = actions.report(new, cmd=replace(cmd, key=f"{cmd.key}#{index}", body_hash=asked))
    except Replayed as replayed:
        return RowAnswer(index, 201, replayed.answer, left_out=left_out)
    except AlreadyReported as known:
        return RowAnswer(index, 200, known.answer, left_out=left_out)
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)
        refused = faults.invalid([{**fault, "loc": ("body", "row", *fault["loc"])} for fault in told])
        return RowAnswer(index, refused.status, refused=refused)
    except Refused as refusal:
        return RowAnswer(index, refusal.status, refused=refusal)
    except DataError:
        unstorable = Invalid(
            "request.unstorable", "含有无法保存的字符或数值。", rule="格式", remedy="请去掉控制字符，检查数值。"
        )
        return RowAnswer(index, unstorable.status, refused=unstorable)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in _HELD:
            raise
        busy = Busy("lock.busy", "他人正在操作，请稍后再试。", remedy="请稍后重发这一批。")
        return RowAnswer(index, busy.status, refused=busy)
    return RowAnswer(index, 201, answer, left_out=left_out)
