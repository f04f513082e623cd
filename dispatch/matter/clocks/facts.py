"""What happens on the ladder. Past tense, no personal data, no free text. Pure."""

from dataclasses import dataclass
from typing import ClassVar

from dispatch.matter.facts import ObjectFact


@dataclass(frozen=True, slots=True)
class EscalationFact(ObjectFact):
    """A change of an escalation's card."""

    object_kind: ClassVar[str] = "escalation"


@dataclass(frozen=True, slots=True)
class EscalationRaised(EscalationFact):
    """A clock had run far, or run out, and somebody was told; the breach of a relay waits for an answer."""

    name: ClassVar[str] = "escalation.raised"
    zh: ClassVar[str] = "超时升级"


@dataclass(frozen=True, slots=True)
class EscalationAnswered(EscalationFact):
    """Somebody answered: the relay that was breached has ended."""

    name: ClassVar[str] = "escalation.answered"
    zh: ClassVar[str] = "升级已应答"


@dataclass(frozen=True, slots=True)
class EscalationDropped(EscalationFact):
    """Nobody has to answer any more: its issue was voided or withdrawn."""

    name: ClassVar[str] = "escalation.dropped"
    zh: ClassVar[str] = "升级撤下"


@dataclass(frozen=True, slots=True)
class EscalationReaddressed(EscalationFact):
    """Its issue became sensitive, or is no longer, or lies elsewhere: others may see it now."""

    name: ClassVar[str] = "escalation.readdressed"
    zh: ClassVar[str] = "升级知悉范围调整"


@dataclass(frozen=True, slots=True)
class EscalationRedrawn(EscalationFact):
    """A release makes another card of it. Nothing happened: no timeline shows this."""

    name: ClassVar[str] = "escalation.redrawn"
    zh: ClassVar[str] = "显示更新"
