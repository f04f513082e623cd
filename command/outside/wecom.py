"""企业微信 application messages: gettoken, user/getuserid, message/send. An error may stand inside a 200.

Source: https://developer.work.weixin.qq.com/document/path/91039 (gettoken), 95402 (getuserid), 90236 (message/send),
90313 (error codes).
"""

from typing import Final

from command.outside.contract import Access, Message, Outcome
from command.outside.errcodes import Codes, asked, judged, token

_CODES: Final = Codes(
    secret=frozenset({40001, 40013, 40091, 41004, 60020}),  # secret, corp, or an address not let in
    busy=frozenset({-1, 45009, 45033, 50001}),
    nobody=frozenset({40003, 46004, 60111, 81013}),
)
_TWICE_S: Final = 300  # the same message to the same person within this time is shown once: sent again, it is one


def send(access: Access, message: Message) -> Outcome:
    """Hands one message over: token, user by work telephone, message. Never raises for what the other side does."""
    return judged(lambda: _sent(access, message), _CODES, access)


def _sent(access: Access, message: Message) -> Outcome:
    held = token(access, "cgi-bin/gettoken", {"corpid": access.corp, "corpsecret": access.secret})
    user = asked(access, "cgi-bin/user/getuserid", {"access_token": held}, {"mobile": message.to}).get("userid")
    if not isinstance(user, str) or not user:
        return Outcome.UNKNOWN_THERE
    body = {
        "agentid": access.agent,
        "duplicate_check_interval": _TWICE_S,
        "enable_duplicate_check": 1,
        "msgtype": "text",
        "text": {"content": message.text},
        "touser": user,
    }
    answer = asked(access, "cgi-bin/message/send", {"access_token": held}, body)
    return Outcome.UNKNOWN_THERE if answer.get("invaliduser") else Outcome.DELIVERED
