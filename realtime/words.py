"""Closed lists of codes whose members carry their Chinese word. Pure.

The word stands with its code, once: refusals, printed pages and the screens' catalogue take it from here
(`./relay generate` writes frontend/src/api/words.ts), and a code without a word can't be written. docs/glossary.csv
decides the words.
"""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A code with its Chinese word: `ACCEPT = "accept", "受理"`. It is its code; `zh` is the word."""

    zh: str

    def __new__(cls, code: str, zh: str = "") -> Self:  # the default is for mypy, which reads `State(code)` as a making
        """A member. Raises TypeError for a code without a word, as the class is read."""
        if not zh:
            raise TypeError(f"{cls.__name__} {code!r} has no Chinese word")
        word = str.__new__(cls, code)
        word._value_ = code
        word.zh = zh
        return word

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Code and word of each, as a model's field takes them."""
        return [(word.value, word.zh) for word in cls]
