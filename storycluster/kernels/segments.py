"""Maximum-sum blocks: the stretch of a sequence whose gains add up to most.

Numbers in, numbers out; it knows nothing of sentences.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from storycluster.compiling import kernel, part

Floats = npt.NDArray[np.float64]

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
    begin, end, total = _best_block(np.ascontiguousarray(gains, np.float64))
    return int(begin), int(end), float(total)


@kernel("Tuple((int64, int64, float64))(float64[::1])")
def _best_block(gains):  # type: ignore[no-untyped-def]
    best_begin, best_end, best = 0, 0, 0.0
    begin, total = 0, 0.0
    for at in range(gains.size):
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


@kernel(f"float64[::1]({_READ_FLOATS}, {_READ_FLOATS}, float64)")
def contrast(other, home, against):  # type: ignore[no-untyped-def]
    """``other - against * home`` of each pair of values, or NaN where both are above 0 and about the same."""
    result = np.empty(other.size)
    for at in range(other.size):
        result[at] = _contrast(other[at], home[at], against)
    return result


@part
def _first_in_block(terms, blocks):  # type: ignore[no-untyped-def]
    """The terms, -1 where a token has no block or the same term stands before it in its block."""
    first = terms.copy()
    begin, current = 0, -1
    for token in range(terms.size):
        if blocks[token] != current:
            begin, current = token, blocks[token]
        if current < 0:
            first[token] = -1
        for before in range(max(begin, token - MAX_REPEAT), token):
            if terms[before] == terms[token]:
                first[token] = -1
                break
    return first


@part
def _sum_gains(first, blocks, count, weights, evidence, cost):  # type: ignore[no-untyped-def]
    gains = np.zeros(count)
    for token in range(first.size):
        term = first[token]
        if term >= 0 and not np.isnan(evidence[term]):
            gains[blocks[token]] += weights[term] * (evidence[term] - cost)
    return gains


@kernel(f"float64[::1]({_READ_TERMS}, {_READ_TERMS}, int64, {_READ_FLOATS}, {_READ_FLOATS}, float64)")
def block_gains(terms, blocks, count, weights, evidence, cost):  # type: ignore[no-untyped-def]
    """For each of ``count`` blocks the sum of weight * (evidence - cost) over its distinct terms.

    ``terms`` and ``blocks`` give each token's term (-1: none) and block (-1: none, else rising); a term whose
    evidence is NaN is left out.
    """
    return _sum_gains(_first_in_block(terms, blocks), blocks, count, weights, evidence, cost)


@part
def _seek(values, begin, value):  # type: ignore[no-untyped-def]
    """The first place from ``begin`` on where sorted ``values`` are at least ``value``; fast where it is near."""
    step = 1
    while begin + step <= values.size and values[begin + step - 1] < value:
        begin, step = begin + step, step * 2
    end = min(begin + step, values.size)
    while begin < end:
        middle = (begin + end) >> 1
        if values[middle] < value:
            begin = middle + 1
        else:
            end = middle
    return begin


@part
def _count_members(own, members_of, members):  # type: ignore[no-untyped-def]
    """How many texts of a group have each term of a text."""
    found, place = np.zeros(own.size), 0
    for at in range(own.size):
        place = _seek(members_of, place, own[at])
        if place < members_of.size and members_of[place] == own[at]:
            found[at] = members[place]
    return found


@part
def _count_blocks(terms, blocks, counts):  # type: ignore[no-untyped-def]
    """Add to ``counts`` how many blocks have each term, less one."""
    last = np.full(counts.size, -1)
    for token in range(terms.size):
        term = terms[token]
        if term >= 0 and last[term] != blocks[token]:
            counts[term] += last[term] >= 0
            last[term] = blocks[token]


@part
def _number_own(terms, own):  # type: ignore[no-untyped-def]
    """The place in sorted ``own`` of the term of each token; -1 for none."""
    numbers = np.full(terms.size, -1, np.int32)
    for token in range(terms.size):
        if terms[token] >= 0:
            numbers[token] = _seek(own, 0, terms[token])
    return numbers


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
def _best_of(gains):  # type: ignore[no-untyped-def]
    """The first of the blocks that gain most."""
    best = 0
    for block in range(gains.size):
        if gains[block] > gains[best]:
            best = block
    return best


@kernel(
    f"Tuple((float64[::1], boolean[::1]))({_READ_TERMS}, {_READ_TERMS}, {_READ_FLAGS}, {_READ_INT}, {_READ_INT}, "
    f"{_READ_TERMS}, {_COUNTS}, {_READ_INT}, {_READ_INT}, {_READ_INT}, {_READ_TERMS}, {_READ_FLOATS}, "
    "UniTuple(float64, 7))"
)
def screen_candidates(  # type: ignore[no-untyped-def]
    terms, blocks, names, offsets, own_ptr, own, ptr, members_of, members, group, sizes, candidate_ptr, candidates,
    weights, rules,
):  # fmt: skip
    """For every candidate group of every text the gain of its best block over the text's own group, and any mention.

    ``own`` are the distinct terms of each text, ``members`` of a group the number of its texts with a term;
    n texts speak for a term with n / (n + half), the text itself not counted. Where a text is alone in its
    group, n is the number of its blocks with the term, less one. Blocks count from 0 in each text. ``rules``
    are half, against (see ``contrast``), the cost of a block, the cost and least gain of a mention, and what
    ``_tells_rare`` asks for: a block that does not tell it gains nothing.
    """
    half, against, cost, mention_cost, least, rare_weight, shared = rules
    result, mentions = np.zeros(candidates.size), np.zeros(candidates.size, np.bool_)
    for text in range(offsets.size - 1):
        inside = slice(offsets[text], offsets[text + 1])
        if candidate_ptr[text] == candidate_ptr[text + 1] or offsets[text] == offsets[text + 1]:
            continue
        mine, at_home = own[own_ptr[text] : own_ptr[text + 1]], slice(ptr[group[text]], ptr[group[text] + 1])
        told, within = _number_own(terms[inside], mine), blocks[inside]
        first, held, count = _first_in_block(told, within), weights[mine], within[-1] + 1
        home = _count_members(mine, members_of[at_home], members[at_home]) - 1.0
        if sizes[group[text]] == 1:
            _count_blocks(told, within, home)
        for candidate in range(candidate_ptr[text], candidate_ptr[text + 1]):
            there = slice(ptr[candidates[candidate]], ptr[candidates[candidate] + 1])
            found = _count_members(mine, members_of[there], members[there])
            speaks = found / (found + half)
            evidence = np.empty(mine.size)
            for at in range(mine.size):
                evidence[at] = _contrast(speaks[at], home[at] / (home[at] + half), against)
            begin, end, gain = _best_block(_sum_gains(first, within, count, held, evidence, cost))
            rare = held, evidence, evidence, rare_weight, shared
            result[candidate] = gain if _tells_rare(told, within, names[inside], begin, end + 1, *rare) else 0.0
            gains = _sum_gains(first, within, count, held, evidence, mention_cost)
            best = _best_of(gains)
            if gains[best] >= least:
                rare = held, evidence, speaks, rare_weight, shared
                mentions[candidate] = _tells_rare(told, within, names[inside], best, best + 1, *rare)
    return result, mentions
