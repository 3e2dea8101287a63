"""Two texts word by word: what a copy left out, added or changed. Long equal stretches are folded to their edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from storycluster.views.escape import clean

#: Words compared of each text; comparing takes time with the product of both.
MOST_WORDS = 3_000
#: Words kept at each edge of a folded stretch.
EDGE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one side; ``fold`` says how many equal words it stands for."""

    kind: Literal["same", "changed", "fold"]
    words: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """Both sides of a comparison; ``is_cut`` where a text was longer than is compared."""

    kept: list[Piece]
    copy: list[Piece]
    is_cut: bool


def compare_words(kept: str, copy: str) -> Difference:
    """What differs between two texts, both in their own order.

    >>> [piece.words for piece in compare_words("Two ferries collided", "Two boats collided").copy]
    ['Two', 'boats', 'collided']
    """
    left, right = kept.split(), copy.split()
    is_cut = max(len(left), len(right)) > MOST_WORDS
    left, right = left[:MOST_WORDS], right[:MOST_WORDS]
    steps = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return Difference(
        kept=list(_side(left, [(tag, start, end) for tag, start, end, _, _ in steps])),
        copy=list(_side(right, [(tag, start, end) for tag, _, _, start, end in steps])),
        is_cut=is_cut,
    )


def _side(words: Sequence[str], steps: Sequence[tuple[str, int, int]]) -> Iterator[Piece]:
    for number, (tag, start, end) in enumerate(steps):
        if start == end:
            continue
        if tag != "equal":
            yield Piece("changed", _join(words[start:end]))
            continue
        before = EDGE_WORDS if number else 0
        after = EDGE_WORDS if number < len(steps) - 1 else 0
        hidden = end - start - before - after
        if hidden <= EDGE_WORDS:
            yield Piece("same", _join(words[start:end]))
            continue
        if before:
            yield Piece("same", _join(words[start : start + before]))
        yield Piece("fold", "", hidden)
        if after:
            yield Piece("same", _join(words[end - after : end]))


def _join(words: Sequence[str]) -> str:
    return clean(" ".join(words))
