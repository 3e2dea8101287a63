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
#: A label may not be longer than this where a shorter headline or sentence is there to take.
LONG_LABEL: Final = 300
#: Letters of a lead sentence above which its first clause is the label.
LONG_SENTENCE: Final = 120
#: Fewer words than this do not say what happened.
MIN_LABEL_WORDS: Final = 3
#: What is left of the centrality of a headline of a kind that tells little: a question, a quote, a live page …
PENALTY: Final = 0.6
_LITTLE_SAID: Final = (
    re.compile(r"\?\s*$"),
    re.compile(r"^[\"'“‘«„]"),
    re.compile(r"^(?:live|watch|video|photos?|gallery|opinion|analysis|explainer|quiz|podcast|round-?up)\b", re.I),
    re.compile(r"^(?:\d+|five|ten|seven|three) (?:things|reasons|ways|facts)\b", re.I),
    re.compile(r"\b(?:live updates?|as it happened|you need to know|won't believe)\b", re.I),
)
#: Letters of scripts written without spaces: Thai to Lao, Myanmar, Khmer, kana and ideographs; two count as a word.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_UNSPACED}]{{1,2}}|(?:(?![{_UNSPACED}])\w)+")


def choose_label(members: Sequence[Member], terms: Sequence[str]) -> str:
    """The best headline of the members, else the best lead sentence, else the terms or the first words there are."""
    headlines = [member for member in members if len(_WORD.findall(member.title)) >= MIN_LABEL_WORDS]
    if headlines:
        best = headlines[0]
        if len(headlines) > 1:
            best = min(headlines, key=lambda member: (-_headline_score(member, terms), member.title))
        return " ".join(best.title.split())
    leads = [lead for member in members for lead in _leads(member)]
    if leads:
        return min(leads, key=lambda lead: (-_tells(lead, terms) / (1 + len(lead) // LONG_LABEL), lead))
    written = [member.title.strip() or member.text for member in members]
    return " ".join(min(written, key=len).split()[:LONG_LABEL]) if written else " ".join(terms)


def _headline_score(member: Member, terms: Sequence[str]) -> float:
    penalty = PENALTY ** sum(bool(kind.search(member.title.strip())) for kind in _LITTLE_SAID)
    return member.centrality * penalty * (1 + _tells(member.title, terms)) / (1 + len(member.title) // LONG_LABEL)


def _tells(text: str, terms: Sequence[str]) -> float:
    """Share of the terms, 0..1, that a text has, as written or at the beginning of a word."""
    words = {word.lower() for word in _WORD.findall(text)}
    parts = [[part[: max(4, len(part) - 2)] for part in term.lower().split()] for term in terms]
    told = sum(any(word.startswith(part) for word in words for part in term) for term in parts)
    return told / max(len(parts), 1)


def _leads(member: Member) -> Iterable[str]:
    text = member.text[:LEAD_REACH]
    sentences = find_sentences(text, title=member.title or None, language=member.language)
    told = [s for s in sentences if s.role in ("headline", "standfirst", "body")] or sentences
    whole = [s for s in told if s.end < len(text) or len(text) == len(member.text)]
    for sentence in whole[:LEAD_SENTENCES]:
        words = _main_clause(text[sentence.start : sentence.end], member.language)
        if len(_WORD.findall(words)) >= MIN_LABEL_WORDS:
            yield words


def _main_clause(sentence: str, language: str) -> str:
    """The sentence on one line; of a long one the first clause that could be a label."""
    if len(sentence) > LONG_SENTENCE:
        clauses = (sentence[clause.start : clause.end] for clause in split_clauses(sentence, language=language))
        sentence = next((clause for clause in clauses if len(_WORD.findall(clause)) >= MIN_LABEL_WORDS), sentence)
    return " ".join(sentence.split())
