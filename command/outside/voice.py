"""语音网关: the gateway rings a telephone and reads to whoever takes it up. Source: docs/outside.md."""

from typing import Final

from command.outside.contract import Access, Message, Outcome
from command.outside.gateway import hand_over

_READ: Final = str.maketrans("0123456789-", "零一二三四五六七八九，")  # a voice would read 2026 as a number


def send(access: Access, message: Message) -> Outcome:
    """Hands one call over. Never raises for what the other side does."""
    form = {
        "count": message.count,
        "key": message.key,
        "number": message.number,
        "place": message.place,
        "speech": speech(message),
        "to": message.to,
    }
    return hand_over(access, form)


def speech(message: Message) -> str:
    """What is read: the number digit by digit, and the place. A test message: its own words."""
    if not message.number:
        return message.text
    matter = "，".join(part for part in (message.number.translate(_READ), message.place) if part)
    more = f"，另有 {message.count - 1} 件" if message.count > 1 else ""
    return f"叫应。事项 {matter}{more}，等您应答。请登录系统应答。"
