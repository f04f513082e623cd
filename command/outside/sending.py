"""The one place that sends: by the module of the way."""

import logging
from collections.abc import Callable, Mapping
from typing import Final

from command.outside import dingtalk, push, sms, voice, wecom, wecom_group
from command.outside.contract import Access, Message, Outcome, OutsideWay

log = logging.getLogger(__name__)
_BY: Final[Mapping[OutsideWay, Callable[[Access, Message], Outcome]]] = {
    OutsideWay.PUSH: push.send,
    OutsideWay.SMS: sms.send,
    OutsideWay.WECOM: wecom.send,
    OutsideWay.DINGTALK: dingtalk.send,
    OutsideWay.VOICE: voice.send,
    OutsideWay.WECOM_GROUP: wecom_group.send,
}


def send(access: Access, message: Message) -> Outcome:
    """Hands one message over, outside of every transaction and lock. Takes about 10 s at most; never raises."""
    try:
        return _BY[access.way](access, message)
    except Exception as error:  # a fault of ours in one sending stops no other; its words might hold what was sent
        log.error("sending by %s failed: %s", access.way, type(error).__name__)
        return Outcome.UNREADABLE
