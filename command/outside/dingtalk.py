"""钉钉 work notices: gettoken, user/getbymobile, asyncsend_v2. An error may stand inside a 200.

Source: https://open.dingtalk.com/document/orgapp/obtain-orgapp-token (gettoken),
query-users-by-phone-number (getbymobile), asynchronous-sending-of-enterprise-session-messages (asyncsend_v2),
error-code-2 (error codes).
"""

from typing import Final

from command.outside.contract import Access, Message, Outcome
from command.outside.errcodes import Codes, asked, judged, token

_CODES: Final = Codes(
    secret=frozenset({40001, 40013, 40056, 40089, 60020}),  # key, secret, or an address not let in
    busy=frozenset({-1, 88, 90002, 90018, 143103, 143104}),  # 88: called too fast, or a fault of theirs
    nobody=frozenset({33012, 40003, 60121}),
)


def send(access: Access, message: Message) -> Outcome:
    """Hands one message over: token, user by work telephone, notice. Never raises for what the other side does."""
    return judged(lambda: _sent(access, message), _CODES, access)


def _sent(access: Access, message: Message) -> Outcome:
    held = token(access, "gettoken", {"appkey": access.corp, "appsecret": access.secret})
    found = asked(access, "topapi/v2/user/getbymobile", {"access_token": held}, {"mobile": message.to}).get("result")
    user = found.get("userid") if isinstance(found, dict) else None
    if not isinstance(user, str) or not user:
        return Outcome.UNKNOWN_THERE
    body = {
        "agent_id": access.agent,
        "msg": {"msgtype": "text", "text": {"content": _words(message)}},
        "userid_list": user,
    }
    asked(access, "topapi/message/corpconversation/asyncsend_v2", {"access_token": held}, body)
    return Outcome.DELIVERED


def _words(message: Message) -> str:
    """With the head of its key: the same words are shown to one person once a day, and a matter may be called twice."""
    return f"{message.text}〔{message.key[:4]}〕"
