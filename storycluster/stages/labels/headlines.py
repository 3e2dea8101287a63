"""The label of a story: its best headline, else its best lead sentence, whole and never empty.

It takes the words of an article as they stand and never composes any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from storycluster.stages.labels.members import Member
from storycluster.text.sentences import find_sentences
from storycluster.text.speech import split_clauses

#: Characters of a text that are looked at for a lead sentence.
LEAD_REACH: Final = 2_000
#: Sentences among which the best lead sentence is looked for.
LEAD_SENTENCES: Final = 4
#: Letters of a label at which half of its score is left: a label is read at a glance.
LONG_LABEL: Final = 600
#: Words of an article that stand for a label where it has no sentence.
SPARE_WORDS: Final = 300
#: Letters of a lead sentence above which its first clause is the label.
LONG_SENTENCE: Final = 120
#: Fewer words than this do not say what happened.
MIN_LABEL_WORDS: Final = 3
#: Nor does a clause of fewer words than this that is cut from a long sentence.
MIN_CLAUSE_WORDS: Final = 6
#: What is left of the centrality of a headline of a kind that tells little: a question, a quote, a live page …
PENALTY: Final = 0.6
_GOES_ON: Final = re.compile(
    r"^(?:it|its|he|his|she|her|they|their|we|our|this|that|these|those|there|who|whose|whom|which)\b", re.I
)
_LITTLE_SAID: Final = (
    re.compile(r"\?\s*$"),
    re.compile(r"^[\"'“‘«„]"),
    re.compile(r"^(?:live|watch|video|photos?|gallery|opinion|analysis|explainer|quiz|podcast|round-?up)\b", re.I),
    re.compile(r"^(?:\d+|five|ten|seven|three) (?:things|reasons|ways|facts)\b", re.I),
    re.compile(r"\b(?:live updates?|as it happened|you need to know|won't believe)\b", re.I),
    _GOES_ON,
    re.compile(r"^\d{1,2}\s?[./-]\s?\d"),
)
#: What is left of a lead for each sentence that stands before it.
LATER: Final = 0.9
#: The full stop of a sentence, as headlines have none; that of "Jr." or "U.S." stays.
_FULL_STOP: Final = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=[\d)%]))\.$")
#: Letters of scripts written without spaces: Thai to Lao, Myanmar, Khmer, kana and ideographs; two count as a word.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_UNSPACED}]{{1,2}}|(?:(?![{_UNSPACED}])\w)+")


def choose_label(members: Sequence[Member], terms: Sequence[str]) -> str:
    """The best headline of the members, else the best lead sentence, else the terms or the first words there are."""
    headlines = [member for member in members if len(_WORD.findall(member.title)) >= MIN_LABEL_WORDS]
    beginnings = [[f" {part[: max(4, len(part) - 2)]}" for part in term.lower().split()] for term in terms]
    if headlines:
        best = headlines[0]
        if len(headlines) > 1:
            best = min(headlines, key=lambda member: (-_headline_score(member, beginnings), member.title))
        return _on_a_line(best.title)
    leads = [(lead, member.centrality * LATER**at) for member in members for at, lead in _leads(member)]
    if leads:
        return min((-_lead_score(lead, beginnings, place=place), lead) for lead, place in leads)[1]
    written = [member.title.strip() or member.text for member in members]
    return " ".join(min(written, key=len).split()[:SPARE_WORDS]) if written else " ".join(terms)


def _headline_score(member: Member, beginnings: Sequence[Sequence[str]]) -> float:
    return member.centrality * (1 + _tells(member.title, beginnings)) * _says_something(member.title.strip())


def _lead_score(lead: str, beginnings: Sequence[Sequence[str]], *, place: float) -> float:
    """``place`` is what the article and the sentences before it leave, 0..1."""
    goes_on = PENALTY if lead[0].islower() else 1.0
    return place * _tells(lead, beginnings) * goes_on * _says_something(lead)


def _says_something(label: str) -> float:
    """Less than 1 for a label of a kind that tells little, and the less the longer it is."""
    return float(PENALTY ** sum(bool(kind.search(label)) for kind in _LITTLE_SAID)) / (1 + len(label) / LONG_LABEL)


def _on_a_line(label: str) -> str:
    return _FULL_STOP.sub("", " ".join(label.split()))


def _tells(text: str, beginnings: Sequence[Sequence[str]]) -> float:
    """Share of some terms, 0..1, that a text has: a word of it begins as one of the term, each given after a space."""
    words = " ".join(["", *_WORD.findall(text)]).lower()
    told = sum(any(part in words for part in parts) for parts in beginnings)
    return told / max(len(beginnings), 1)


def _leads(member: Member) -> Iterable[tuple[int, str]]:
    """The sentences of a lead that could be labels, with their places from 0."""
    text = member.text[:LEAD_REACH]
    sentences = find_sentences(text, title=member.title or None, language=member.language)
    told = [s for s in sentences if s.role in ("headline", "standfirst", "body")] or sentences
    whole = [s for s in told if s.end < len(text) or len(text) == len(member.text)]
    for at, sentence in enumerate(whole[:LEAD_SENTENCES]):
        words = _main_clause(text[sentence.start : sentence.end], member.language)
        if len(_WORD.findall(words)) >= MIN_LABEL_WORDS:
            yield at, words


def _main_clause(sentence: str, language: str) -> str:
    """The sentence on one line; of a long one the first clause that could be a label."""
    if len(sentence) > LONG_SENTENCE:
        clauses = (sentence[clause.start : clause.end] for clause in split_clauses(sentence, language=language))
        sentence = next((clause for clause in clauses if _stands_alone(clause)), sentence)
    return _on_a_line(sentence)


def _stands_alone(clause: str) -> bool:
    return len(_WORD.findall(clause)) >= MIN_CLAUSE_WORDS and not _GOES_ON.match(clause)
