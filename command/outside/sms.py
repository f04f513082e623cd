"""短信网关: a text message by the centre's gateway. Source: docs/outside.md."""

from command.outside.contract import Access, Message, Outcome
from command.outside.gateway import hand_over


def send(access: Access, message: Message) -> Outcome:
    """Hands one message over. Never raises for what the other side does."""
    form = {
        "count": message.count,
        "key": message.key,
        "link": message.link,
        "number": message.number,
        "place": message.place,
        "text": message.text,
        "to": message.to,
    }
    return hand_over(access, form)
