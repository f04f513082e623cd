"""How much two tellings may be of one happening: place, time, category, then words. Pure; numbers and reasons out.

It proposes, a person decides. No telling's words come out of here, only how near two are. Weights and what they find on
real pairs: docs/decisions/0010-duplicates-are-compared-in-the-process.md.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

EARTH_M: Final = 6_371_008.8
NEAR_M: Final = 60.0  # beyond their accuracies: a house or two; at this distance a place counts for 1/e
LONG_D: Final = 60.0  # days after which time counts half
LEAST: Final = 0.40  # below it nothing is offered
PLACE, KIND, TIME, WORDS = 0.35, 0.35, 0.15, 0.15  # what each weighs; together 1
SAME_ITEM, SAME_CATEGORY, SAME_DEPARTMENT = 1.0, 0.6, 0.4
BY_MICRO_GRID, BY_GRID, BY_COMMUNITY = 0.7, 0.4, 0.15  # of places known by a cell only
_STEPS: Final = {4: BY_MICRO_GRID, 3: BY_GRID, 2: BY_COMMUNITY}  # by how many steps under the root two paths share
_NOISE: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Compared:
    """A report as far as likeness goes. `position`: (lon, lat) degrees; `path` of its exact cell, root first."""

    id: UUID | str
    at: datetime
    item: str
    category: str
    department: str
    position: tuple[float, float] | None = None
    accuracy_m: float = 0.0
    path: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a candidate is, 0 to 1, and of what that is made."""

    id: UUID | str
    score: float
    metres: float | None  # between the points; None: one of them has none
    shared_path: str | None  # the lowest cell that holds both, where there are no points
    kind: str  # item, category, department or none
    minutes: float  # how much later the candidate was told; negative: earlier
    words: float  # 0 to 1


def ranked(new: Compared, others: Sequence[Compared], *, least: float = LEAST) -> list[Likeness]:
    """The candidates that are like enough, the likest first."""
    near = _nearness([new.words, *(other.words for other in others)])
    found = [_likeness(new, other, words) for other, words in zip(others, near, strict=True)]
    return sorted((one for one in found if one.score >= least), key=lambda one: (-one.score, str(one.id)))


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two points (lon, lat in degrees)."""
    (lon_a, lat_a), (lon_b, lat_b) = ((math.radians(lon), math.radians(lat)) for lon, lat in (one, other))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(min(1.0, half)))


def bigrams(words: str) -> Counter[str]:
    """Pairs of neighbouring characters, blanks and punctuation aside: what Chinese is compared by without a lexicon."""
    plain = _NOISE.sub("", words.casefold())
    return Counter(plain[at : at + 2] for at in range(len(plain) - 1))


def _likeness(new: Compared, other: Compared, words: float) -> Likeness:
    metres = metres_between(new.position, other.position) if new.position and other.position else None
    shared = _shared(new.path, other.path) if metres is None else None
    if metres is not None:
        place = math.exp(-max(0.0, metres - new.accuracy_m - other.accuracy_m) / NEAR_M)
    else:
        place = _STEPS.get(min(4, shared.count("/")), 0.0) if shared else 0.0
    kind, weight = _kind(new, other)
    minutes = (other.at - new.at).total_seconds() / 60
    time = 1 / (1 + abs(minutes) / 1440 / LONG_D)
    score = PLACE * place + (KIND * weight + TIME * time + WORDS * words) * math.sqrt(place)
    return Likeness(other.id, round(score, 4), metres, shared, kind, minutes, round(words, 4))


def _kind(new: Compared, other: Compared) -> tuple[str, float]:
    if new.item == other.item:
        return "item", SAME_ITEM
    if new.category == other.category:
        return "category", SAME_CATEGORY
    if new.department == other.department:
        return "department", SAME_DEPARTMENT
    return "none", 0.0


def _shared(one: str | None, other: str | None) -> str | None:
    """The lowest cell that holds both, if it is more than the district."""
    if one is None or other is None:
        return None
    steps: list[str] = []
    for here, there in zip(one.split("/"), other.split("/"), strict=False):
        if here != there:
            break
        steps.append(here)
    return "/".join(steps) if len(steps) > 1 else None


def _nearness(texts: Sequence[str]) -> list[float]:
    """How near each text but the first is to the first: cosine of bigrams, those rare among the texts counting more."""
    grams = [bigrams(text) for text in texts]
    spread = Counter(gram for each in grams for gram in each)
    weight = {gram: math.log(1 + len(texts) / times) for gram, times in spread.items()}
    vectors = [{gram: times * weight[gram] for gram, times in each.items()} for each in grams]
    return [_cosine(vectors[0], vector) for vector in vectors[1:]]


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if not one or not other:
        return 0.0
    dot = sum(value * other[gram] for gram, value in one.items() if gram in other)
    return min(1.0, dot / (_length(one) * _length(other)))


def _length(vector: Mapping[str, float]) -> float:
    return math.sqrt(sum(value * value for value in vector.values()))
