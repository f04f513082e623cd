"""What a typical change costs: each is made in a copy of the project, in so many files by hand, and checked there.

What is made by `./relay generate` and `makemigrations` is not counted. What was forgotten is named by a check.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from door.layout import ROOT

pytestmark = pytest.mark.slow

NO_PRODUCT: Final = ("tests/", "frontend/tests/", "docs/")
LINKED: Final = (".venv", "frontend/node_modules")


@dataclass
class Copy:
    """A copy of the project, and the files that were changed in it by hand."""

    root: Path
    touched: set[str] = field(default_factory=set)

    def write(self, name: str, text: str) -> None:
        """A new file."""
        self.touched.add(name)
        (self.root / name).write_text(text, encoding="utf-8")

    def edit(self, name: str, *changes: tuple[str, str]) -> None:
        """Replaces each text, which stands there once."""
        text = (self.root / name).read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, f"{name}: {old!r} stands there {text.count(old)} times"
            text = text.replace(old, new)
        self.write(name, text)

    def add(self, name: str, *lines: tuple[str, str]) -> None:
        """Adds each second text behind the first, which stands there once."""
        self.edit(name, *((line, line + more) for line, more in lines))

    def product_files(self) -> list[str]:
        """What was changed by hand, tests and docs left out."""
        return sorted(name for name in self.touched if not name.startswith(NO_PRODUCT))

    def run(self, *command: str, within: str = ".") -> tuple[int, str]:
        """Exit code and output of a command in the copy."""
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        done = subprocess.run(
            command, cwd=self.root / within, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def generate(self) -> tuple[int, str]:
        """`./relay generate`."""
        code, said = self.run(sys.executable, "-m", "django", "generate")
        types = ("npm", "run", "--silent", "types", "--", "src/api/openapi.json", "-o", "src/api/schema.d.ts")
        return (code, said) if code else self.run(*types, within="frontend")

    def mypy(self) -> tuple[int, str]:
        """The types of Python."""
        return self.run(str(self.root / ".venv/bin/mypy"))

    def stale(self) -> tuple[int, str]:
        """Whether what is generated is fresh: files that are not are named."""
        fresh = ("tests/server/test_generated.py", "-k", "a_generated_file_is_fresh")
        return self.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *fresh)

    def code(self) -> str:
        """The hash by which a worker knows that other code than its own has made the cards."""
        asked = "import django; django.setup(); from dispatch.verbs.redrawing import code; print(code())"
        code, said = self.run(sys.executable, "-c", asked)
        assert code == 0, said
        return said

    def screens(self) -> tuple[int, str]:
        """The types of the screens, their tests among them."""
        return self.run("npx", "vue-tsc", "--noEmit", within="frontend")

    def read(self, name: str) -> str:
        """A file of it."""
        return (self.root / name).read_text(encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """All that belongs to the project, as it stands; what is installed is linked."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    for name in LINKED:
        (tmp_path / name).symlink_to(ROOT / name)
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", tmp_path / ".mypy_cache")
    return Copy(tmp_path)


def files_named_for(change: str) -> set[str]:
    """The files that CONTRIBUTING.md names in a worked example, in its numbered steps."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    steps = page.partition(change)[2].partition("\n1. ")[2].partition("\n\n")[0]
    return set(re.findall(r"`((?:[\w-]+/)+[\w-]+\.\w+)`", steps))


def test_amber_at_seventy_percent_is_one_line(copy: Copy) -> None:
    copy.edit("command/settings/registry.py", ("amber_share: int = 80", "amber_share: int = 70"))
    rules = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "tests/command/test_settings.py"]
    code, said = copy.run(*rules, "-k", "defaults_are_the_rules_figures")
    assert code == 1, said
    assert "amber_share" in said  # the rule was forgotten

    copy.edit("tests/command/test_settings.py", ('"amber_share": 80', '"amber_share": 70'))
    code, said = copy.run(*rules, "-k", "defaults_are_the_rules_figures")
    assert code == 0, said
    assert copy.product_files() == ["command/settings/registry.py"]


URGE: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "dispatch/matter/orders/states.py": (
        ('    RECALL = "recall", "撤回派遣单"\n', '    URGE = "urge", "催办"\n'),
        (
            "    (State.FED_BACK, Verb.RECALL): State.RECALLED,\n",
            "".join(
                f"    (State.{state}, Verb.URGE): State.{state},\n" for state in ("SENT", "ACKNOWLEDGED", "IN_HANDLING")
            ),
        ),
    ),
    "command/access.py": (
        ('    ORDERS_RECALL = "orders.recall"\n', '    ORDERS_URGE = "orders.urge"\n'),
        ("        Right.ORDERS_RECALL,\n        Right.REPLIES_MAKE,\n", "        Right.ORDERS_URGE,\n"),
    ),
    "dispatch/matter/orders/models.py": (
        (
            "    rework_count = models.PositiveIntegerField(default=0)\n",
            "    urge_count = models.PositiveIntegerField(default=0)\n",
        ),
    ),
    "frontend/src/phone/liaison/OrderItem.vue": (
        (
            '      <span v-if="waiting" class="waiting">{{ zh.phone.waiting }}</span>\n',
            '      <span v-if="card.urge_count" class="small">{{ VERBS.urge }} {{ card.urge_count }}</span>\n',
        ),
    ),
}
URGE_FILE: Final = '''"""催办: the desk urges a unit; the order counts how often."""

from dataclasses import dataclass
from typing import ClassVar

from command.access import Right
from dispatch.matter.audiences import unit_token
from dispatch.matter.facts import ObjectFact
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import Verb
from dispatch.verbs.declared import Act, OrderVerb
from dispatch.verbs.requests import Body


@dataclass(frozen=True, slots=True)
class OrderUrged(ObjectFact):
    """The desk urged the unit."""

    name: ClassVar[str] = "order.urged"
    zh: ClassVar[str] = "催办"
    object_kind: ClassVar[str] = "order"


URGE = OrderVerb[Body](verb=Verb.URGE, by=Right.ORDERS_URGE, body=None)


@URGE.does
def urge(order: Order, act: Act[Body]) -> None:
    """Counts, and tells the unit."""
    order.urge_count += 1
    act.record_for(unit_token(order), order, OrderUrged)
'''


def test_a_verb_that_counts_on_the_phone_is_six_files(copy: Copy) -> None:
    copy.write("dispatch/verbs/urge.py", URGE_FILE.replace('    zh: ClassVar[str] = "催办"\n', ""))
    for name, lines in URGE.items():
        copy.add(name, *lines)
    copy.edit(
        "frontend/src/phone/liaison/OrderItem.vue",
        ("import { STATES, wordFor }", "import { STATES, VERBS, wordFor }"),
    )
    code, said = copy.generate()
    assert code != 0
    assert "order.urged has no Chinese word" in said  # the fact's word was forgotten

    copy.write("dispatch/verbs/urge.py", URGE_FILE)
    copy.add("dispatch/matter/cards/orders.py", ("    rework_count: int\n", "    urge_count: int\n"))
    code, said = copy.mypy()
    assert code != 0
    assert 'Missing key "urge_count" for TypedDict "OrderCard"' in said  # the maker was forgotten

    copy.add(
        "dispatch/matter/cards/orders.py",
        ('        "rework_count": order.rework_count,\n', '        "urge_count": order.urge_count,\n'),
    )
    code, said = copy.run(sys.executable, "-m", "django", "makemigrations", "orders", "--skip-checks")
    assert code == 0, said
    code, said = copy.generate()
    assert code == 0, said
    copy.add("frontend/tests/cards.ts", ("  rework_count: 0,\n", "  urge_count: 0,\n"))
    for check in (copy.mypy, copy.screens):
        code, said = check()
        assert code == 0, said
    assert "/api/v1/orders/{order_id}/urge" in json.loads(copy.read("frontend/src/api/openapi.json"))["paths"]
    assert "  urge: { versioned: true, words: false, paper: false, danger: false }," in copy.read(
        "frontend/src/api/verbs.ts"
    )
    assert "  urge: '催办'," in copy.read("frontend/src/api/words.ts")
    assert "| `urge_count` |" in copy.read("docs/cards.md")
    assert len(copy.product_files()) <= 6
    assert set(copy.product_files()) == files_named_for("A verb, worked:")


def test_a_field_of_a_card_from_the_database_to_the_console_is_four_files(copy: Copy) -> None:
    drawn_by = copy.code()
    copy.add(
        "dispatch/matter/issues/models.py",
        (
            "    exercise = models.BooleanField(default=False)\n",
            "    campaign = models.TextField(null=True)  # which drive it belongs to\n",
        ),
    )
    copy.add(
        "dispatch/matter/cards/issues.py",
        ('        "channel": issue.channel,\n', '        "campaign": issue.campaign,\n'),
    )
    code, said = copy.mypy()
    assert code != 0
    assert 'Extra key "campaign" for TypedDict "IssueCard"' in said  # its type was forgotten

    copy.add(
        "dispatch/matter/cards/issues.py",
        ("    channel: str\n", "    campaign: str | None\n"),
    )
    copy.add(
        "frontend/src/shared/words/zh.ts",
        ("    reportedAt: '上报',\n", "    campaign: '专项行动',\n"),
    )
    copy.add(
        "frontend/src/console/IssueFacts.vue",
        (
            '<dt>{{ zh.detail.reportedAt }}</dt><dd class="digits">{{ when(card.reported_at, time.now) }}</dd></div>\n',
            '    <div v-if="card.campaign"><dt>{{ zh.detail.campaign }}</dt><dd>{{ card.campaign }}</dd></div>\n',
        ),
    )
    code, said = copy.run(sys.executable, "-m", "django", "makemigrations", "issues", "--skip-checks")
    assert code == 0, said
    code, said = copy.stale()
    assert code != 0
    assert "openapi.json" in said  # what is generated was not
    assert "docs/cards.md" in said

    code, said = copy.generate()
    assert code == 0, said
    code, said = copy.screens()
    assert code != 0
    assert "tests/cards.ts" in said  # the cards of the screens' tests are whole ones
    copy.add("frontend/tests/cards.ts", ("  channel: 'centre_phone',\n", "  campaign: null,\n"))
    for check in (copy.mypy, copy.screens, copy.stale):
        code, said = check()
        assert code == 0, said
    assert copy.code() != drawn_by  # so the worker tells what is open again: nobody asks for it
    assert copy.product_files() == [
        "dispatch/matter/cards/issues.py",
        "dispatch/matter/issues/models.py",
        "frontend/src/console/IssueFacts.vue",
        "frontend/src/shared/words/zh.ts",
    ]


def test_what_is_taken_away_is_named_where_it_is_read(copy: Copy) -> None:
    """A field of a card, of a fact's body, a setting: the types name each reader, in Python and on the screens."""
    copy.edit(
        "dispatch/matter/cards/issues.py",
        ("    suspended_until: Instant | None\n", ""),
        ('        "suspended_until": wire_or_none(issue.suspended_until),\n', ""),
    )
    copy.edit(
        "command/settings/registry.py",
        ('    public_url: str = ""  # where inhabitants reach the centre: on posters, slips and in QR codes\n', ""),
        ('    "public_url": ("公开网址", "", 0, 200),\n', ""),
    )
    copy.edit("dispatch/matter/viewings/facts.py", ("    reason: str\n", ""))
    code, said = copy.mypy()
    assert code != 0
    assert "dispatch/verbs/viewing.py" in said
    assert '"Settings" has no attribute "public_url"' in said
    code, said = copy.generate()
    assert code == 0, said
    code, said = copy.screens()
    assert code != 0
    assert "Property 'suspended_until' does not exist" in said
    assert "Property 'reason' does not exist" in said
    assert "src/admin/SettingsSection.vue" in said
