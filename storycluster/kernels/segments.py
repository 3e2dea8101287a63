"""Maximum-sum blocks: the stretch of a sequence whose gains add up to most.

Numbers in, numbers out; it knows nothing of sentences.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel, part

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Marks = npt.NDArray[np.bool_]

#: Evidence for two groups that differs by less than this says nothing: the term is left out.
SAME_EVIDENCE: Final = 0.35
#: Tokens looked back at for a repeat inside a block; bounds the work on text without sentence ends.
MAX_REPEAT: Final = 200
_READ_INT: Final = "Array(int64, 1, 'C', readonly=True)"
_READ_TERMS: Final = "Array(int32, 1, 'C', readonly=True)"
_READ_FLOATS: Final = "Array(float64, 1, 'C', readonly=True)"
_READ_FLAGS: Final = "Array(boolean, 1, 'C', readonly=True)"
_MATRIX: Final = f"{_READ_INT}, {_READ_TERMS}, {_READ_FLOATS}"


def best_block(gains: Floats) -> tuple[int, int, float]:
    """Begin, end (exclusive) and sum of the contiguous block with the largest sum; (0, 0, 0.0) where none is above 0.

    The first and shortest of equal blocks. Linear time (Kadane, in Bentley 1984).

    >>> best_block(np.array([-1.0, 2.0, -0.5, 1.0, -3.0]))
    (1, 4, 2.5)
    """
    begin, end, total = _best_block(np.ascontiguousarray(gains, np.float64), len(gains))
    return int(begin), int(end), float(total)


@kernel("Tuple((int64, int64, float64))(float64[::1], int64)")
def _best_block(gains, count):  # type: ignore[no-untyped-def]
    best_begin, best_end, best = 0, 0, 0.0
    begin, total = 0, 0.0
    for at in range(count):
        if total <= 0.0:
            begin, total = at, 0.0
        total += gains[at]
        if total > best:
            best_begin, best_end, best = begin, at + 1, total
    return best_begin, best_end, best


@part
def _contrast(other, home, against):  # type: ignore[no-untyped-def]
    if other > 0.0 and home > 0.0 and abs(other - home) < SAME_EVIDENCE:
        return np.nan
    return other - against * home


def contrast(other: Floats, home: Floats, against: float) -> Floats:
    """``other - against * home`` of each pair of values, or NaN where both are above 0 and about the same.

    >>> contrast(np.array([0.5, 0.5]), np.array([0.5, 0.0]), 0.5)
    array([nan, 0.5])
    """
    is_same = (other > 0.0) & (home > 0.0) & (np.abs(other - home) < SAME_EVIDENCE)
    return np.where(is_same, np.nan, other - against * home)


def block_gains(
    terms: Numbers, blocks: Numbers, count: int, *, weights: Floats, evidence: Floats, cost: float
) -> Floats:
    """For each of ``count`` blocks the sum of weight * (evidence - cost) over its distinct terms.

    ``terms`` and ``blocks`` give each token's term (-1: none) and block (-1: none, else rising); a term whose
    evidence is NaN is left out.

    >>> one = np.array([1.0])
    >>> block_gains(np.zeros(2, np.int32), np.zeros(2, np.int32), 1, weights=one, evidence=one, cost=0.25)
    array([0.75])
    """
    gains = np.empty(count)
    _block_gains(terms, blocks, count, weights, evidence, cost, gains)
    return gains


@kernel(f"void({_READ_TERMS}, {_READ_TERMS}, int64, {_READ_FLOATS}, {_READ_FLOATS}, float64, float64[::1])")
def _block_gains(terms, blocks, count, weights, evidence, cost, gains):  # type: ignore[no-untyped-def]
    for block in range(count):
        gains[block] = 0.0
    begin, current = 0, -1
    for token in range(terms.size):
        block, term = blocks[token], terms[token]
        if block != current:
            begin, current = token, block
        if block < 0 or term < 0 or np.isnan(evidence[term]):
            continue
        seen = False
        for before in range(max(begin, token - MAX_REPEAT), token):
            if terms[before] == term:
                seen = True
                break
        if not seen:
            gains[block] += weights[term] * (evidence[term] - cost)


@part
def _place(values, value):  # type: ignore[no-untyped-def]
    """Where ``value`` stands in sorted ``values`` that have it."""
    low, high = 0, values.size
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _clear(values, places):  # type: ignore[no-untyped-def]
    for place in places:
        values[place] = 0.0


@part
def _count_home(terms, blocks, own, members_of, members, alone, told, home):  # type: ignore[no-untyped-def]
    """Write how many others of its group have each term of a text; alone, how many of its other blocks have it.

    ``told`` is room for the last block that had each term.
    """
    for at in range(members_of.size):
        home[members_of[at]] = members[at]
    for at in range(own.size):
        home[own[at]] -= 1.0
        told[at] = -1
    if alone:
        for token in range(terms.size):
            if terms[token] >= 0:
                place = _place(own, terms[token])
                if told[place] != blocks[token]:
                    home[terms[token]] += told[place] >= 0
                    told[place] = blocks[token]


@part
def _weigh_evidence(own, members_of, members, home, half, against, evidence, speaks):  # type: ignore[no-untyped-def]
    """Write what each term of a text and of a group says for the group over the text's own, and for it alone."""
    for term in own:
        evidence[term] = -against * home[term] / (home[term] + half)
    for at in range(members_of.size):
        term = members_of[at]
        speaks[term] = members[at] / (members[at] + half)
        evidence[term] = _contrast(speaks[term], home[term] / (home[term] + half), against)


@part
def _tells_rare(  # type: ignore[no-untyped-def]
    terms, blocks, names, begin, end, weights, evidence, says, rare_weight, shared
):  # fmt: skip
    """Whether the blocks from ``begin`` to ``end`` have a rare name of the group's own and a second rare term.

    Rare is a weight of ``rare_weight``; own an evidence of at least ``shared``; the other term only ``says`` so much.
    """
    own_name, first_rare, second_rare = False, -1, False
    for token in range(terms.size):
        term = terms[token]
        if term < 0 or not begin <= blocks[token] < end or weights[term] < rare_weight:
            continue
        own_name |= names[token] and evidence[term] >= shared
        if says[term] >= shared and term != first_rare:
            second_rare |= first_rare >= 0
            first_rare = term if first_rare < 0 else first_rare
    return own_name and second_rare


@part
def _best_of(gains, count):  # type: ignore[no-untyped-def]
    """The first of the blocks that gain most."""
    best = 0
    for block in range(count):
        if gains[block] > gains[best]:
            best = block
    return best


def screen_candidates(
    tokens: tuple[Numbers, Numbers, Marks, Integers],
    own: tuple[Integers, Numbers],
    *,
    groups: tuple[Integers, Numbers, Floats, Integers, Integers],
    candidates: tuple[Integers, Numbers],
    weights: Floats,
    rules: tuple[float, ...],
) -> tuple[Floats, Marks]:
    """For every candidate group of every text the gain of its best block over the text's own group, and any mention.

    ``tokens`` are the terms, blocks (counted from 0 in each text) and names of all texts, and the bounds of each text;
    ``own`` bounds and numbers of the distinct terms of each text; ``groups`` bounds, terms and number of texts with
    each term of a group, the group of each text and the sizes of groups; ``candidates`` bounds and groups of each text.

    n texts speak for a term with n / (n + half), the text itself not counted. Where a text is alone in its
    group, n is the number of its blocks with the term, less one. ``rules``
    are half, against (see ``contrast``), the cost of a block, the cost and least gain of a mention, and what
    ``_tells_rare`` asks for: a block that does not tell it gains nothing.
    """
    result, mentions = np.zeros(len(candidates[1])), np.zeros(len(candidates[1]), np.bool_)
    by_term = np.zeros(len(weights)), np.zeros(len(weights)), np.zeros(len(weights))
    room = np.empty(np.diff(own[0]).max(initial=0), np.int32), np.empty(tokens[1].max(initial=0) + 1)
    _screen_candidates(*tokens, *own, *groups, *candidates, weights, rules, *by_term, *room, result, mentions)
    return result, mentions


@kernel(
    f"void({_READ_TERMS}, {_READ_TERMS}, {_READ_FLAGS}, {_READ_INT}, {_READ_INT}, {_READ_TERMS}, {_MATRIX}, "
    f"{_READ_INT}, {_READ_INT}, {_READ_INT}, {_READ_TERMS}, {_READ_FLOATS}, UniTuple(float64, 7), "
    "float64[::1], float64[::1], float64[::1], int32[::1], float64[::1], float64[::1], boolean[::1])"
)
def _screen_candidates(  # type: ignore[no-untyped-def]
    terms, blocks, names, offsets, own_ptr, own, ptr, members_of, members, group, sizes, candidate_ptr, candidates,
    weights, rules, home, evidence, speaks, told, gains, result, mentions,
):  # fmt: skip
    half, against, cost, mention_cost, least, rare_weight, shared = rules
    for text in range(offsets.size - 1):
        first, last = offsets[text], offsets[text + 1]
        if candidate_ptr[text] == candidate_ptr[text + 1] or first == last:
            continue
        said, parts, named = terms[first:last], blocks[first:last], names[first:last]
        mine = own[own_ptr[text] : own_ptr[text + 1]]
        first, last = ptr[group[text]], ptr[group[text] + 1]
        home_of, at_home = members_of[first:last], members[first:last]
        _count_home(said, parts, mine, home_of, at_home, sizes[group[text]] == 1, told, home)
        count = parts[parts.size - 1] + np.int64(1)
        for candidate in range(candidate_ptr[text], candidate_ptr[text + 1]):
            other = candidates[candidate]
            if other == group[text]:
                continue
            first, last = ptr[other], ptr[other + 1]
            there_of, there = members_of[first:last], members[first:last]
            _weigh_evidence(mine, there_of, there, home, half, against, evidence, speaks)
            _block_gains(said, parts, count, weights, evidence, cost, gains)
            begin, end, gain = _best_block(gains, count)
            if _tells_rare(said, parts, named, begin, end + 1, weights, evidence, evidence, rare_weight, shared):
                result[candidate] = gain
            _block_gains(said, parts, count, weights, evidence, mention_cost, gains)
            best = _best_of(gains, count)
            mentions[candidate] = gains[best] >= least and _tells_rare(
                said, parts, named, best, best + 1, weights, evidence, speaks, rare_weight, shared
            )
            _clear(evidence, there_of)
            _clear(speaks, there_of)
        _clear(evidence, mine)
        _clear(home, home_of)
