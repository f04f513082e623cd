"""The verbs of orders and return requests as a test says them: plain arguments instead of a request's body."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dispatch.matter.backfills.contract import OnPaper
from dispatch.matter.orders.models import Result
from dispatch.matter.returns.states import ReturnGround
from dispatch.verbs.acknowledge import ACKNOWLEDGE
from dispatch.verbs.compel import COMPEL, CompelIn
from dispatch.verbs.feed_back import FEED_BACK, FeedBackIn
from dispatch.verbs.forward import FORWARD, ForwardIn
from dispatch.verbs.grant import GRANT, GrantIn
from dispatch.verbs.message import MESSAGE_ON_ORDER
from dispatch.verbs.messaging import MessageIn, ProgressIn
from dispatch.verbs.on_paper import BackfillIn, StepIn
from dispatch.verbs.progress import PROGRESS
from dispatch.verbs.recall import RECALL, RecallIn
from dispatch.verbs.request_return import REQUEST_RETURN, RequestReturnIn
from dispatch.verbs.running import run_order, run_request
from dispatch.verbs.start import START
from dispatch.verbs.take_back import TAKE_BACK
from realtime.feed.contract import Answer, Command


def paper(on_paper: OnPaper | None) -> BackfillIn | None:
    """What happened on paper as a body holds it."""
    return BackfillIn(happened_at=on_paper.happened_at, ground=on_paper.ground) if on_paper else None


def acknowledge(order_id: UUID, *, on_paper: OnPaper | None = None, cmd: Command) -> Answer:
    """签收."""
    return run_order(ACKNOWLEDGE, order_id, StepIn(backfill=paper(on_paper)), cmd=cmd)


def start(order_id: UUID, *, on_paper: OnPaper | None = None, expected: int | None, cmd: Command) -> Answer:
    """开始处置."""
    return run_order(START, order_id, StepIn(backfill=paper(on_paper)), expected=expected, cmd=cmd)


def feed_back(
    order_id: UUID,
    result: Result,
    text: str,
    *,
    photo_ids: Sequence[UUID] = (),
    file_ids: Sequence[UUID] = (),
    on_paper: OnPaper | None = None,
    expected: int | None,
    cmd: Command,
) -> Answer:
    """反馈."""
    asked = FeedBackIn.model_construct(
        result=result, text=text, photos=tuple(photo_ids), files=tuple(file_ids), backfill=paper(on_paper)
    )  # unchecked: what a door lets in is the doors' test, what a verb refuses is this one's
    return run_order(FEED_BACK, order_id, asked, expected=expected, cmd=cmd)


def message(
    order_id: UUID,
    text: str,
    *,
    asks: UUID | None = None,
    answer_by: datetime | None = None,
    answers: UUID | None = None,
    photo_ids: Sequence[UUID] = (),
    cmd: Command,
) -> Answer:
    """留言."""
    asked = MessageIn.model_construct(
        text=text, asks=asks, answer_by=answer_by, answers=answers, photos=tuple(photo_ids), files=()
    )
    return run_order(MESSAGE_ON_ORDER, order_id, asked, cmd=cmd)


def progress(order_id: UUID, text: str, *, cmd: Command) -> Answer:
    """办理进展."""
    return run_order(PROGRESS, order_id, ProgressIn.model_construct(text=text, photos=(), files=()), cmd=cmd)


def recall(order_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """撤回."""
    return run_order(RECALL, order_id, RecallIn.model_construct(reason=reason), expected=expected, cmd=cmd)


def forward(
    order_id: UUID, taker_id: UUID, *, receivers: Sequence[UUID] = (), expected: int | None, cmd: Command
) -> Answer:
    """转办."""
    asked = ForwardIn(taker=taker_id, receivers=list(receivers))
    return run_order(FORWARD, order_id, asked, expected=expected, cmd=cmd)


def take_back(order_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """收回."""
    return run_order(TAKE_BACK, order_id, expected=expected, cmd=cmd)


def request_return(
    order_id: UUID, ground: ReturnGround, proposed: UUID | None, text: str, *, expected: int | None, cmd: Command
) -> Answer:
    """申请退单."""
    asked = RequestReturnIn.model_construct(ground=ground, unit=proposed, text=text)
    return run_order(REQUEST_RETURN, order_id, asked, expected=expected, cmd=cmd)


def grant(request_id: UUID, reason: str | None, *, expected: int | None, cmd: Command) -> Answer:
    """准予退单."""
    return run_request(GRANT, request_id, GrantIn(reason=reason), expected=expected, cmd=cmd)


def compel(request_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """强制派发."""
    return run_request(COMPEL, request_id, CompelIn.model_construct(reason=reason), expected=expected, cmd=cmd)
