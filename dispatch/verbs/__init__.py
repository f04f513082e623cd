"""What may be done to an order and to a return request: one file per verb, called as the glossary calls it.

Each holds one declaration (right, body, guards) and one function (what changes). The runner in `running` does the rest,
in one order for all. To import anything of this package declares every verb.
"""

from dispatch.verbs import (
    acknowledge,
    compel,
    feed_back,
    forward,
    grant,
    recall,
    request_return,
    start,
    take_back,
)

__all__ = [
    "acknowledge",
    "compel",
    "feed_back",
    "forward",
    "grant",
    "recall",
    "request_return",
    "start",
    "take_back",
]
