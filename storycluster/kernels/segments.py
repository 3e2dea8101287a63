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
Counts = npt.NDArray[np.float32]

#: Evidence for two groups that differs by less than this says nothing: the term is left out.
SAME_EVIDENCE: Final = 0.35
#: Tokens looked back at for a repeat inside a block; bounds the work on text without sentence ends.
MAX_REPEAT: Final = 200
_READ_INT: Final = "Array(int64, 1, 'C', readonly=True)"
_READ_TERMS: Final = "Array(int32, 1, 'C', readonly=True)"
_READ_FLOATS: Final = "Array(float64, 1, 'C', readonly=True)"
_READ_FLAGS: Final = "Array(boolean, 1, 'C', readonly=True)"
_COUNTS: Final = f"{_READ_INT}, {_READ_TERMS}, Array(float32, 1, 'C', readonly=True)"


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


def contrast(other: Floats, home: Floats, against: float) -> Floats:
    """``other - against * home`` of each pair of values, or NaN where both are above 0 and about the same.

    >>> contrast(np.array([0.5, 0.5]), np.array([0.5, 0.0]), 0.5)
    array([nan, 0.5])
    """
    is_same = (other > 0.0) & (home > 0.0) & (np.abs(other - home) < SAME_EVIDENCE)
    return np.where(is_same, np.nan, other - against * home)


@part
def _first_in_block(terms, blocks, first):  # type: ignore[no-untyped-def]
    """Write the terms, -1 where a token has no block or the same term stands before it in its block."""
    begin, current = 0, -1
    for token in range(blocks.size):
        if blocks[token] != current:
            begin, current = token, blocks[token]
        first[token] = terms[token] if current >= 0 else -1
        for before in range(max(begin, token - MAX_REPEAT), token):
            if terms[before] == terms[token]:
                first[token] = -1
                break


@part
def _sum_gains(first, blocks, weights, evidence, cost, count, gains):  # type: ignore[no-untyped-def]
    for block in range(count):
        gains[block] = 0.0
    for token in range(blocks.size):
        term = first[token]
        if term >= 0 and not np.isnan(evidence[term]):
            gains[blocks[token]] += weights[term] * (evidence[term] - cost)


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
    _block_gains(terms, blocks, weights, evidence, cost, count, np.empty(len(terms), np.int32), gains)
    return gains


@kernel(f"void(int32[::1], {_READ_TERMS}, float64[::1], float64[::1], float64, int64, int32[::1], float64[::1])")
def _block_gains(terms, blocks, weights, evidence, cost, count, first, gains):  # type: ignore[no-untyped-def]
    _first_in_block(terms, blocks, first)
    _sum_gains(first, blocks, weights, evidence, cost, count, gains)


@part
def _seek(values, begin, end, value):  # type: ignore[no-untyped-def]
    """The first place of sorted ``values[begin:end]`` that is at least ``value``; fast where it is near the begin."""
    step = 1
    while begin + step <= end and values[begin + step - 1] < value:
        begin, step = begin + step, step * 2
    end = min(begin + step, end)
    while begin < end:
        middle = (begin + end) >> 1
        if values[middle] < value:
            begin = middle + 1
        else:
            end = middle
    return begin


@part
def _count_members(own, members_of, members, begin, end, found):  # type: ignore[no-untyped-def]
    """Write how many texts of the group from ``begin`` to ``end`` have each term of a text."""
    for at in range(own.size):
        begin = _seek(members_of, begin, end, own[at])
        is_there = begin < end and members_of[begin] == own[at]
        found[at] = members[begin] if is_there else 0.0


@part
def _number_own(terms, own, told):  # type: ignore[no-untyped-def]
    """Write the place in sorted ``own`` of the term of each token; -1 for none."""
    for token in range(terms.size):
        told[token] = _seek(own, np.int64(0), own.size, terms[token]) if terms[token] >= 0 else -1


@part
def _count_blocks(terms, blocks, own, last, counts):  # type: ignore[no-untyped-def]
    """Add to ``counts`` how many blocks have each term, less one; ``last`` is room for a block per term."""
    for at in range(own.size):
        last[at] = -1
    for token in range(blocks.size):
        term = terms[token]
        if term >= 0 and last[term] != blocks[token]:
            counts[term] += last[term] >= 0
            last[term] = blocks[token]


@part
def _weigh_evidence(own, home, half, against, speaks, evidence):  # type: ignore[no-untyped-def]
    """Turn the counts in ``speaks`` into shares, and write their contrast to those of ``home`` (see ``contrast``)."""
    for at in range(own.size):
        other, here = speaks[at] / (speaks[at] + half), home[at] / (home[at] + half)
        is_same = other > 0.0 and here > 0.0 and abs(other - here) < SAME_EVIDENCE
        speaks[at], evidence[at] = other, np.nan if is_same else other - against * here


@part
def _tells_rare(  # type: ignore[no-untyped-def]
    terms, blocks, names, begin, end, weights, evidence, says, rare_weight, shared
):  # fmt: skip
    """Whether the blocks from ``begin`` to ``end`` have a rare name of the group's own and a second rare term.

    Rare is a weight of ``rare_weight``; own an evidence of at least ``shared``; the other term only ``says`` so much.
    """
    own_name, first_rare, second_rare = False, -1, False
    for token in range(blocks.size):
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
    groups: tuple[Integers, Numbers, Counts, Integers, Integers],
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
    longest, richest = np.diff(tokens[3]).max(initial=0), np.diff(own[0]).max(initial=0)
    of_tokens = np.empty(longest, np.int32), np.empty(longest, np.int32)
    of_terms = np.empty(richest, np.int32), *(np.empty(richest) for _ in range(4))
    gains = np.empty(int(tokens[1].max(initial=-1)) + 1)
    _screen_candidates(
        *tokens, *own, *groups, *candidates, weights, rules, *of_tokens, *of_terms, gains, result, mentions
    )
    return result, mentions


@kernel(
    f"void({_READ_TERMS}, {_READ_TERMS}, {_READ_FLAGS}, {_READ_INT}, {_READ_INT}, {_READ_TERMS}, {_COUNTS}, "
    f"{_READ_INT}, {_READ_INT}, {_READ_INT}, {_READ_TERMS}, {_READ_FLOATS}, UniTuple(float64, 7), int32[::1], "
    "int32[::1], int32[::1], float64[::1], float64[::1], float64[::1], float64[::1], float64[::1], float64[::1], "
    "boolean[::1])"
)
def _screen_candidates(  # type: ignore[no-untyped-def]
    terms, blocks, names, offsets, own_ptr, own, ptr, members_of, members, group, sizes, candidate_ptr, candidates,
    weights, rules, told, first, last, held, home, speaks, evidence, gains, result, mentions,
):  # fmt: skip
    half, against, cost, mention_cost, least, rare_weight, shared = rules
    for text in range(offsets.size - 1):
        begin, end = offsets[text], offsets[text + 1]
        if candidate_ptr[text] == candidate_ptr[text + 1] or begin == end:
            continue
        said, within, named = terms[begin:end], blocks[begin:end], names[begin:end]
        mine, count = own[own_ptr[text] : own_ptr[text + 1]], np.int64(blocks[end - 1] + 1)
        for at in range(mine.size):
            held[at] = weights[mine[at]]
        _number_own(said, mine, told)
        _first_in_block(told, within, first)
        ours = group[text]
        _count_members(mine, members_of, members, ptr[ours], ptr[ours + 1], home)
        for at in range(mine.size):
            home[at] -= 1.0
        if sizes[ours] == 1:
            _count_blocks(told, within, mine, last, home)
        for candidate in range(candidate_ptr[text], candidate_ptr[text + 1]):
            other = candidates[candidate]
            _count_members(mine, members_of, members, ptr[other], ptr[other + 1], speaks)
            _weigh_evidence(mine, home, half, against, speaks, evidence)
            _sum_gains(first, within, held, evidence, cost, count, gains)
            begin, end, gain = _best_block(gains, count)
            if _tells_rare(told, within, named, begin, end + 1, held, evidence, evidence, rare_weight, shared):
                result[candidate] = gain
            _sum_gains(first, within, held, evidence, mention_cost, count, gains)
            best = _best_of(gains, count)
            mentions[candidate] = gains[best] >= least and _tells_rare(
                told, within, named, best, best + 1, held, evidence, speaks, rare_weight, shared
            )
