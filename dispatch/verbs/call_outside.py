"""The worker's duty that calls outside the house: claim, send, record. The timer never waits for it.

No lock and no transaction is held while another house is asked. A pass ends after a bounded time; what is left is due
at the next one.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.db import InterfaceError, OperationalError

from command.outside import pace
from command.outside.actions import record_health, record_test
from command.outside.contract import AGAIN, OF_THE_WAY, Access, Message, Outcome, OutsideWay, PushDevice
from command.outside.models import Way
from command.outside.queries import access_of, tests_asked
from command.outside.sending import send
from command.outside.subscriptions import devices_of, forget
from command.sealing import CannotOpen
from dispatch.matter.call_law.leaving import message_of
from dispatch.matter.call_law.outside import Batch, Sending, claim, conclude, due_issues
from realtime.feed import clock

log = logging.getLogger(__name__)

AT_ONCE: Final = 8  # messages
MOST: Final = 64  # attempts of them
BATCH_S: Final = 20.0  # for all of a batch; what has no answer by then is timed out
PASS_S: Final = 10.0  # no further batch is begun after
TEST_WORDS: Final = "这是一条测试消息：叫应的外部通道可以送达。"


def call_outside() -> int:
    """One pass: test messages, then what is due, at most eight messages at once. How many messages were sent."""
    until = time.monotonic() + PASS_S
    sent = _tests()
    while time.monotonic() < until:
        messages = _claim_batch()
        if not messages:
            break
        sent += len(messages)
        what = [(of[0].way, _message(of)) for of in messages]
        for of, outcome in zip(messages, _send(what), strict=True):
            for one in of:
                _recorded(one, outcome)
            _counted(of[0].way, outcome)
    return sent


def _message(of: Sequence[Sending]) -> Message:
    told = {one.attempt_id: one.told for one in of}
    return message_of(told, of[0].to, places=of[0].way.kind != OutsideWay.WECOM_GROUP)


def _claim_batch() -> list[list[Sending]]:
    """What is due for up to eight persons: a message for each of them, and by each way."""
    batch = Batch(clock.at(None), AT_ONCE, pace.within_the_minute())
    by_person: dict[tuple[UUID, str], list[Sending]] = {}
    claimed = 0
    for issue_id in due_issues(batch, MOST):
        for one in _claimed(issue_id, batch):
            by_person.setdefault((one.way.pk, one.to), []).append(one)
            claimed += 1
        if len(by_person) >= AT_ONCE or claimed >= MOST:
            break
    for of in by_person.values():
        pace.count(of[0].way.pk)
    return list(by_person.values())


def _claimed(issue_id: UUID, batch: Batch) -> list[Sending]:
    """One issue that fails stops no other."""
    try:
        return claim(issue_id, batch)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the worker comes again
    except Exception:
        log.exception("the calls of issue %s could not leave the house", issue_id)
        return []


def _tests() -> int:
    asked = [way for way in tests_asked(AT_ONCE) if way.test_asked_at is not None]
    for way, outcome in zip(asked, _send([(way, _test_message(way)) for way in asked]), strict=True):
        asked_at = way.test_asked_at
        assert asked_at is not None
        try:
            record_test(way.pk, asked_at, outcome)
        except Exception:
            log.exception("the outcome of a test message could not be recorded")
    return len(asked)


def _test_message(way: Way) -> Message:
    """To the administrator who asked. Its key is that asking's own."""
    to = None
    if way.test_for is not None:
        to = str(way.test_for_id) if way.kind == OutsideWay.PUSH else way.test_for.phone
    return Message(f"{way.pk}:{way.test_asked_at:%Y%m%dT%H%M%S%f}", to or "", TEST_WORDS, "", None, None)


def _send(what: Sequence[tuple[Way, Message]]) -> list[Outcome]:
    """Hands all of it over at once, in their order. Never raises; takes `BATCH_S` at most.

    A push goes to each browser of the person; it is delivered where one of them takes it.
    """
    if not what:
        return []
    pushed = [UUID(message.to) for way, message in what if way.kind == OutsideWay.PUSH]
    devices = devices_of(pushed) if pushed else {}
    parts = [_parts(way, message, devices) for way, message in what]
    pool = ThreadPoolExecutor(AT_ONCE * 2 if pushed else AT_ONCE, thread_name_prefix="outside")
    try:
        asked: list[list[Future[Outcome] | Outcome]] = []
        for (way, _), messages in zip(what, parts, strict=True):
            access = _access(way)
            asked.append([pool.submit(send, access, one) if isinstance(access, Access) else access for one in messages])
        wait([one for each in asked for one in each if isinstance(one, Future)], timeout=BATCH_S)
        results = [[_result(one) for one in each] for each in asked]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    for messages, outcomes in zip(parts, results, strict=True):
        for message, outcome in zip(messages, outcomes, strict=True):
            if outcome is Outcome.GONE and message.device is not None:
                forget(message.device.id)
    return [_best(outcomes) for outcomes in results]


def _parts(way: Way, message: Message, devices: Mapping[UUID, Sequence[PushDevice]]) -> list[Message]:
    """The message for each browser of the person; by another way the message itself."""
    if way.kind != OutsideWay.PUSH:
        return [message]
    return [replace(message, device=device) for device in devices.get(UUID(message.to), ())]


def _best(outcomes: Sequence[Outcome]) -> Outcome:
    """Of several browsers: that one took it, or that one may take it later; else why not."""
    for wanted in (frozenset({Outcome.DELIVERED}), AGAIN, OF_THE_WAY):
        for outcome in outcomes:
            if outcome in wanted:
                return outcome
    return outcomes[0] if outcomes else Outcome.NO_DEVICE


def _access(way: Way) -> Access | Outcome:
    try:
        return access_of(way)
    except (CannotOpen, OSError, ValueError):
        log.error("the secret of outside way %s does not open: enter it anew", way.pk)
        return Outcome.SECRET_WRONG


def _result(one: "Future[Outcome] | Outcome") -> Outcome:
    if not isinstance(one, Future):
        return one
    return one.result() if one.done() and not one.cancelled() else Outcome.TIMED_OUT


def _recorded(one: Sending, outcome: Outcome) -> None:
    """One that can't be recorded stops no other: its claim runs out, and it is sent again under its key."""
    try:
        conclude(one, outcome)
    except Exception:
        log.exception("the outcome of a sending could not be recorded")


def _counted(way: Way, outcome: Outcome) -> None:
    try:
        record_health(way.pk, outcome)
    except Exception:
        log.exception("how outside way %s is could not be recorded", way.pk)
