"""Terms of groups of texts, each grown to the whole name it is a part of; compiled, on arrays only.

It knows numbers of terms, and no word.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel, part
from storycluster.kernels.termlists import SENTENCE
from storycluster.kernels.tokens import READ_OFFSETS

#: Terms of the longest name.
LONGEST_NAME: Final = 5
#: Places of a term that are looked at for a constant neighbour; more do not change the answer.
MOST_PLACES: Final = 100

Terms = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]

_READ_TERMS: Final = "Array(int32, 1, 'C', readonly=True)"


@part
def _beside(tokens, names, begins, begin, end, term, step, of_name, of_word, found):  # type: ignore[no-untyped-def]
    """The name that stands before (``step`` -1) or after (1) a term in ``tokens[begin:end]`` nearly every time, or -1.

    Nearly: a share of ``of_name`` where the term is always a name itself, else ``of_word``. Sentences are not crossed.
    """
    places, count, always_name = 0, 0, True
    for place in range(begin, end):
        if tokens[place] != term:
            continue
        places += 1
        always_name &= names[place]
        beside = place + step
        is_near = begin <= beside < end and begins[max(place, beside)] != SENTENCE
        if is_near and names[beside] and tokens[beside] >= 0 and tokens[beside] != term:
            found[count] = tokens[beside]
            count += 1
        if places == found.size:
            break
    best, most = -1, 0
    for at in range(count):
        same = 0
        for other in range(count):
            same += found[other] == found[at]
        if same > most or (same == most and found[at] < best):
            best, most = found[at], same
    return best if most >= (of_name if always_name else of_word) * places else -1


@part
def _first_place(tokens, begin, end, phrase, size):  # type: ignore[no-untyped-def]
    """Where the first ``size`` terms of a phrase stand first in ``tokens[begin:end]``, or -1."""
    for place in range(begin, end - size + 1):
        at = 0
        while at < size and tokens[place + at] == phrase[at]:
            at += 1
        if at == size:
            return place
    return -1


def grow_phrases(
    tokens: Terms,
    names: npt.NDArray[np.bool_],
    begins: npt.NDArray[np.uint8],
    offsets: Integers,
    terms: Terms,
    *,
    of_name: float,
    of_word: float,
) -> tuple[Terms, Integers]:
    """Each of ``terms`` of each group with the names that stand beside it nearly every time, and its first place.

    Group g has the tokens ``offsets[g]`` to ``offsets[g + 1]``. A phrase ends with -1; one that stands nowhere as a
    whole is the term alone. ``of_name`` and ``of_word`` are what nearly means for a name and for another word, 0..1.
    """
    phrases = np.full((*terms.shape, LONGEST_NAME), -1, np.int32)
    places = np.full(terms.shape, -1, np.int64)
    room, flat = np.empty(MOST_PLACES, np.int32), (terms.size, LONGEST_NAME)
    _grow_phrases(
        tokens, names, begins, offsets, terms.reshape(-1), terms.shape[1], of_name, of_word, room,
        phrases.reshape(flat), places.reshape(-1),
    )  # fmt: skip
    nowhere = places < 0
    phrases[nowhere] = -1
    phrases[nowhere, 0] = terms[nowhere]
    return phrases, places


@part
def _holds(phrase, term):  # type: ignore[no-untyped-def]
    is_there = False
    for at in range(phrase.size):
        is_there |= phrase[at] == term
    return is_there


@kernel(
    f"void({_READ_TERMS}, Array(boolean, 1, 'C', readonly=True), Array(uint8, 1, 'C', readonly=True), {READ_OFFSETS}, "
    "int32[::1], int64, float64, float64, int32[::1], int32[:, ::1], int64[::1])"
)
def _grow_phrases(  # type: ignore[no-untyped-def]
    tokens, names, begins, offsets, terms, most, of_name, of_word, room, phrases, places
):  # fmt: skip
    for number in range(terms.size):
        if terms[number] < 0:
            continue
        begin, end = offsets[number // most], offsets[number // most + 1]
        phrase, size = phrases[number], np.int64(1)
        phrase[0] = terms[number]
        for step in (-1, 1):
            while size < LONGEST_NAME:
                edge = phrase[0 if step < 0 else size - 1]
                beside = _beside(tokens, names, begins, begin, end, edge, step, of_name, of_word, room)
                if beside < 0 or _holds(phrase, beside):
                    break
                if step < 0:
                    for at in range(size, 0, -1):
                        phrase[at] = phrase[at - 1]
                phrase[0 if step < 0 else size] = beside
                size += 1
        places[number] = _first_place(tokens, begin, end, phrase, size)
