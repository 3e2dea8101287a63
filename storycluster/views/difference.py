"""Two texts word by word: what a copy left out, added or changed. Long equal stretches are folded to their edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import LCSseq

from storycluster.views.escape import clean

#: Words compared of each text; comparing takes memory with the product of both, a bit for each two words.
MOST_WORDS = 3_000
#: Equal words between two changes that are too few to be read as unchanged.
ISLAND_WORDS = 2
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
    steps = _align(left, right)
    return Difference(
        kept=list(_side(left, [(is_same, start, end) for is_same, start, end, _, _ in steps])),
        copy=list(_side(right, [(is_same, start, end) for is_same, _, _, start, end in steps])),
        is_cut=is_cut,
    )


#: Whether a stretch is the same in both, its first and last word on the left, and on the right.
_Step = tuple[bool, int, int, int, int]


def _align(left: Sequence[str], right: Sequence[str]) -> list[_Step]:
    """The longest common run of words, islands of a word or two taken as changed."""
    codes = list(LCSseq.opcodes(left, right))
    steps: list[_Step] = []
    for place, code in enumerate(codes):
        is_edge = place in (0, len(codes) - 1)
        is_same = code.tag == "equal" and (is_edge or code.src_end - code.src_start > ISLAND_WORDS)
        if steps and steps[-1][0] == is_same:
            last = steps.pop()
            steps.append((is_same, last[1], code.src_end, last[3], code.dest_end))
        else:
            steps.append((is_same, code.src_start, code.src_end, code.dest_start, code.dest_end))
    return steps


def _side(words: Sequence[str], steps: Sequence[tuple[bool, int, int]]) -> Iterator[Piece]:
    for number, (is_same, start, end) in enumerate(steps):
        if start == end:
            continue
        if not is_same:
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
