"""What a person would call a story or an arc: a headline, else a lead sentence, and a few distinctive words.

A label is always words of an article, whole and never empty; it is never composed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table
from storycluster.kernels.termlists import constant_neighbour, distinct
from storycluster.kernels.tfidf import Floats, Integers
from storycluster.model import ARCS, STORIES
from storycluster.text.sentences import find_sentences
from storycluster.text.speech import split_clauses
from storycluster.text.terms import background_share
from storycluster.vectors import TermIndex
from storycluster.wording import Wording

#: Terms shown per story: at most so many, and fewer only where an article has fewer words.
MAX_TERMS: Final = 6
#: Words from the beginning of an article that make its lead here.
LEAD_WORDS: Final = 60
#: Times a term stands in an article on average until it has half of the score that more could bring.
TF_FOR_HALF: Final = 2.0
#: What a term counts outside of every lead, where one in all leads counts 1 more.
OUTSIDE_LEAD: Final = 0.3
#: A neighbour that stands beside a name this part of the time belongs to it.
CONSTANT_SHARE: Final = 0.7
#: The same for a word that is no name by itself ("yeol" after "Suk").
CONSTANT_SHARE_OF_WORD: Final = 0.95
#: Words of the longest name shown as a term, and bytes in which the rest of a hyphenated name ends.
LONGEST_NAME: Final = 5
LONGEST_PART: Final = 40
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
_HYPHENATED: Final = re.compile(r"(?:[-‐‑][^\W\d_]{1,20}){1,2}(?!\w)")
#: Letters of scripts written without spaces: Thai to Lao, Myanmar, Khmer, kana and ideographs; two count as a word.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_UNSPACED}]{{1,2}}|(?:(?![{_UNSPACED}])\w)+")


@dataclass(frozen=True, slots=True)
class _Article:
    """What a label is made from: one kept primary member with its centrality."""

    id: str
    story: str
    title: str
    text: str
    language: str
    centrality: float


def label(
    wordings: Sequence[Wording],
    articles: Table,
    memberships: Table,
    stories: Table,
    arcs: Table,
    config: StoriesConfig,
    engine: Engine,
) -> tuple[Table, Table]:
    """``stories`` with labels and terms, and ``arcs`` with the label of their largest story."""
    language_of = {article: wording.language for wording in wordings for article in wording.ids}
    members = _members(articles, memberships, language_of, engine)
    terms = _distinctive_terms(wordings, members, config)
    by_story: dict[str, list[_Article]] = {}
    for member in members:
        by_story.setdefault(member.story, []).append(member)
    rows = engine.to_arrow(stories).to_pylist()
    for row in rows:
        row["terms"] = terms.get(row["id"], [])
        row["label"] = _label(by_story.get(row["id"], []), row["terms"])
    size = {row["id"]: (-row["articles"], str(row["first_published"] or "~"), row["id"]) for row in rows}
    names = {row["id"]: row["label"] for row in rows}
    arc_rows = engine.to_arrow(arcs).to_pylist()
    for arc in arc_rows:
        arc["label"] = names[min(arc["stories"], key=lambda story: size[story])]
    return _keep(engine, "stories", rows, STORIES), _keep(engine, "arcs", arc_rows, ARCS)


def _members(articles: Table, memberships: Table, language_of: Mapping[str, str], engine: Engine) -> list[_Article]:
    rows = engine.to_arrow(
        engine.sql(
            "labels__members",
            f"""SELECT a.id, m.story, coalesce(a.title, '') AS title, a.text, m.score
                FROM "{memberships}" m JOIN "{articles}" a ON a.id = m.article
                WHERE m.role = 'primary' AND m.copy_of IS NULL
                ORDER BY coalesce(a.published, a.published_from) NULLS LAST, a.content_hash, a.id""",
        )
    ).to_pylist()
    return [
        _Article(row["id"], row["story"], row["title"], row["text"], language_of[row["id"]], row["score"])
        for row in rows
    ]


# --- terms ---------------------------------------------------------------------------------------


def _distinctive_terms(
    wordings: Sequence[Wording], members: Sequence[_Article], config: StoriesConfig
) -> dict[str, list[str]]:
    """Up to ``MAX_TERMS`` words per story, as people write them, the most telling first."""
    found: dict[str, list[str]] = {}
    story_of = {member.id: member.story for member in members}
    by_id = {member.id: member for member in members}
    for wording in wordings:
        told = np.array([story_of[article] for article in wording.ids], object)
        order = np.argsort(told, kind="stable")
        index = wording.index.take(order)
        stories, of_article = np.unique(told[order], return_inverse=True)
        weight = -np.log(background_share(index.frequencies, config.article_words))
        first = np.searchsorted(of_article, np.arange(len(stories) + 1))
        ordered = [by_id[wording.ids[at]] for at in order]
        for story, terms in _best_terms(index, of_article.astype(np.int64), weight):
            found[stories[story]] = _phrases(index, terms, int(first[story]), int(first[story + 1]), ordered)
    return found


def _best_terms(index: TermIndex, story: Integers, weight: Floats) -> Iterator[tuple[int, list[int]]]:
    """For each story its terms, the most telling first, twice as many as are shown.

    The score is tf / (tf + ``TF_FOR_HALF``) times the background idf times the part of the story's articles that
    have the term times (their part / (their part + the part of all other articles)), times ``OUTSIDE_LEAD`` plus
    the part that has it in its lead.
    """
    terms = len(index.terms)
    tokens = index.tokens.astype(np.int64)
    content = (tokens >= 0) & ~np.append(index.is_number, True)[tokens]
    codes, counts = np.unique((np.repeat(story, np.diff(index.offsets)) * terms + tokens)[content], return_counts=True)
    of_story, term = codes // max(terms, 1), codes % max(terms, 1)
    held, corpus = _count_held(index, story, codes, np.iinfo(np.int64).max)
    lead, _ = _count_held(index, story, codes, LEAD_WORDS)
    size = np.bincount(story)[of_story]
    share, frequency = held / size, counts / size
    elsewhere = (corpus[term] - held) / np.maximum(len(index) - size, 1)
    score = frequency / (frequency + TF_FOR_HALF) * weight[term] * share * share / (share + elsewhere)
    score *= OUTSIDE_LEAD + lead / size
    order = np.lexsort((term, -score.round(9), of_story))
    bounds = np.searchsorted(of_story[order], np.arange(int(story.max(initial=-1)) + 2))
    for at in range(len(bounds) - 1):
        best = order[bounds[at] : min(bounds[at + 1], bounds[at] + 2 * MAX_TERMS)]
        yield at, term[best][score[best] > 0].tolist()


def _count_held(index: TermIndex, story: Integers, codes: Integers, words: int) -> tuple[Integers, Integers]:
    """Articles of each story that have each term among their first ``words``, by code; and of the corpus, by term."""
    columns, offsets = distinct(index.tokens.astype(np.int64), index.offsets, words)
    places = np.searchsorted(codes, np.repeat(story, np.diff(offsets)) * len(index.terms) + columns)
    known = np.append(codes, -1)[places] == np.repeat(story, np.diff(offsets)) * len(index.terms) + columns
    return np.bincount(places[known], minlength=len(codes)), np.bincount(columns, minlength=len(index.terms))


def _phrases(index: TermIndex, terms: Sequence[int], first: int, last: int, articles: Sequence[_Article]) -> list[str]:
    """Up to ``MAX_TERMS`` terms of the articles from ``first`` to ``last``, each as the whole name it is a part of.

    A longer name takes the place of its part: "Fred LaRue" that of "LaRue". A word beside a name is no part of it
    where it is written small.
    """
    found = list[tuple[set[int], str]]()
    for term in terms:
        if len(found) == MAX_TERMS:
            break
        phrase = [term]
        for step in (-1, 1):
            _grow(phrase, index, int(index.offsets[first]), int(index.offsets[last]), step)
        written = _written(index, phrase, first, last, articles) if len(phrase) > 1 else index.shown[term]
        if len(phrase) > 1 and any(word[0].islower() for word in written.split()):
            phrase, written = [term], index.shown[term]
        parts = [at for at, (other, _) in enumerate(found) if other < set(phrase)]
        if parts:
            found[parts[0]] = (set(phrase), written)
            found = [entry for at, entry in enumerate(found) if at not in parts[1:]]
        elif not any(term in other or len(other & set(phrase)) > 1 for other, _ in found):
            found.append((set(phrase), written))
    return list(dict.fromkeys(written for _, written in found))


def _grow(phrase: list[int], index: TermIndex, begin: int, end: int, step: int) -> None:
    """Add to a phrase, on one side, the names that stand there nearly every time."""
    while len(phrase) < LONGEST_NAME:
        edge = phrase[0] if step < 0 else phrase[-1]
        arguments = index.tokens, index.names, index.begins, begin, end, edge, step
        beside = int(constant_neighbour(*arguments, CONSTANT_SHARE, CONSTANT_SHARE_OF_WORD))
        if beside < 0 or beside in phrase:
            return
        phrase.insert(0 if step < 0 else len(phrase), beside)


def _written(index: TermIndex, phrase: Sequence[int], first: int, last: int, articles: Sequence[_Article]) -> str:
    """A phrase as the first article from ``first`` to ``last`` that has it writes it, hyphenated parts included."""
    begin, end = int(index.offsets[first]), int(index.offsets[last])
    size = end - begin - len(phrase) + 1
    found = np.ones(max(size, 0), np.bool_)
    for at, term in enumerate(phrase):
        found &= index.tokens[begin + at : begin + at + len(found)] == term
    if not found.any():
        return " ".join(index.shown[part] for part in phrase)
    place = begin + int(np.argmax(found))
    article = articles[int(np.searchsorted(index.offsets, place, side="right")) - 1]
    encoded = f"{article.title}\n{article.text}".encode("utf-8", "replace")
    rest = encoded[int(index.ends[place + len(phrase) - 1]) :][:LONGEST_PART].decode("utf-8", "ignore")
    written = encoded[int(index.starts[place]) : int(index.ends[place + len(phrase) - 1])].decode("utf-8", "replace")
    hyphenated = _HYPHENATED.match(rest)
    return " ".join((written + (hyphenated.group() if hyphenated else "")).split())


# --- labels --------------------------------------------------------------------------------------


def _label(members: Sequence[_Article], terms: Sequence[str]) -> str:
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


def _headline_score(member: _Article, terms: Sequence[str]) -> float:
    penalty = PENALTY ** sum(bool(kind.search(member.title.strip())) for kind in _LITTLE_SAID)
    return member.centrality * penalty * (1 + _tells(member.title, terms)) / (1 + len(member.title) // LONG_LABEL)


def _tells(text: str, terms: Sequence[str]) -> float:
    """Share of the terms, 0..1, that a text has, as written or at the beginning of a word."""
    words = {word.lower() for word in _WORD.findall(text)}
    parts = [[part[: max(4, len(part) - 2)] for part in term.lower().split()] for term in terms]
    told = sum(any(word.startswith(part) for word in words for part in term) for term in parts)
    return told / max(len(parts), 1)


def _leads(member: _Article) -> Iterable[str]:
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


def _keep(engine: Engine, name: str, rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> Table:
    return engine.table(name, pa.Table.from_pylist(list(rows), schema=schema).to_batches(), schema)
