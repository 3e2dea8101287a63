"""How much of a statement an earlier sentence says where words need not be the same, only spelled nearly alike.

"Redeployed" says most of "deployment". It compares spelling alone and knows no meanings.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel
from rapidfuzz.process import extractOne

from storycluster.stages.facts.statements import Told
from storycluster.stages.facts.terms import FIGURE_MARK, NAME_MARK
from storycluster.text.lexicon import NUMBER_MARK

#: Unrelated words have so much of their letters in common, in order.
_BY_CHANCE: Final = 0.4
#: A term that is nearer than this to one of a sentence is nearly in it.
NEARLY: Final = 0.5
#: Marks of terms that are the same or not: 150 is not nearly 160.
_EXACT: Final = frozenset({NUMBER_MARK, FIGURE_MARK})


class Said(NamedTuple):
    """What one earlier sentence says of a statement: ``share`` of its weight, and of each term, 0..1."""

    share: float
    terms: Mapping[str, float]

    @property
    def missing(self) -> int:
        """How many terms of the statement are not nearly in the sentence."""
        return sum([near < NEARLY for near in self.terms.values()])


def said_by(weights: Mapping[str, float], told: Told) -> Said:
    """The part of a statement that a sentence says, half by the whole sentence, half by its closest clause.

    share = ½ Σ w(t)·near(t, sentence) / Σ w(t) + ½ max over clauses of the same, with the ``weights`` w of the
    statement's terms. Words scattered over a long sentence say less than words of one clause.
    """
    total = sum(weights.values()) or 1.0
    terms = nearest(weights, told.terms)
    whole = _weight(weights, terms)
    clause = whole
    if len(told.statements) > 1:
        clause = max([_weight(weights, nearest(weights, each.terms)) for each in told.statements])
    return Said((whole + clause) / (2 * total), terms)


def _weight(weights: Mapping[str, float], terms: Mapping[str, float]) -> float:
    return sum([weights[term] * near for term, near in terms.items()])


def nearest(wanted: Collection[str], present: Collection[str]) -> dict[str, float]:
    """How near each wanted term is to the nearest present one: 1 for the same, 0 for nothing in common.

    near = (s - 0.4) / 0.6 of the share s of letters in common, in order; numbers are the same or not.

    >>> {term: round(near, 2) for term, near in nearest(["deploy", "=150"], ["redeploy", "=160"]).items()}
    {'deploy': 0.76, '=150': 0.0}
    """
    held = set(present)
    found = dict.fromkeys(wanted, 1.0)
    absent = [term for term in wanted if term not in held]
    if not absent:
        return found
    words = [term.removeprefix(NAME_MARK) for term in held if term[0] not in _EXACT]
    for term in absent:
        if term[0] in _EXACT:
            found[term] = 0.0
        else:
            best = extractOne(
                term.removeprefix(NAME_MARK), words, scorer=Indel.normalized_similarity, score_cutoff=_BY_CHANCE
            )
            found[term] = (best[1] - _BY_CHANCE) / (1.0 - _BY_CHANCE) if best else 0.0
    return found
