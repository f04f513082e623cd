"""企业微信群: a notice by a group's robot, with number and link only; it names and calls nobody. M152.

Source: https://developer.work.weixin.qq.com/document/path/91770: at most 20 messages a minute; an error may stand
inside a 200. The robot's `key` is the secret.
"""

from typing import Final

from command.outside.contract import Access, Message, Outcome
from command.outside.errcodes import Codes, asked, judged

MOST_A_MINUTE: Final = 20
_CODES: Final = Codes(
    secret=frozenset({40001, 40058, 93000, 93008, 93017}),  # the robot is not there, or not in the group any more
    busy=frozenset({-1, 45009, 45033, 50001}),
)


def send(access: Access, message: Message) -> Outcome:
    """Hands one message over. Never raises for what the other side does."""
    return judged(lambda: _sent(access, message), _CODES, access)


def _sent(access: Access, message: Message) -> Outcome:
    body = {"msgtype": "text", "text": {"content": message.text}}
    asked(access, "cgi-bin/webhook/send", {"key": access.secret}, body)
    return Outcome.DELIVERED
