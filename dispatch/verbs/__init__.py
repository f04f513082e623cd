"""What may be done to an issue, an order and a return request: one file per verb, called as the glossary calls it.

Each holds one declaration (right, body, guards) and one function (what changes). The runner in `running` does the rest,
in one order for all. `merge`, `unmerge`, `archive` and `reveal` are plain actions, and say why. To import anything of
this package declares every verb: a verb's file is named by its code.
"""

from importlib import import_module
from pathlib import Path

from dispatch.matter.issues import states as issues
from dispatch.matter.orders import states as orders
from dispatch.matter.returns import states as returns

for verb in sorted({*issues.Verb, *orders.Verb, *returns.Verb}):
    if (Path(__file__).parent / f"{verb}.py").is_file():  # what follows from other verbs has none
        import_module(f"{__name__}.{verb}")
