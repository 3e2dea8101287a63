"""Articles as lists of terms: the bridge between what is known of words and the compiled kernels.

Used by the stages that compare articles by their words. It keeps positions, not texts, and judges nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from storycluster.kernels.termlists import NO_TERM, SENTENCE, find_starts, join_numbers, number_words
from storycluster.kernels.tokens import Words, tokenise
from storycluster.text.terms import WordFacts, describe_words

Integers = npt.NDArray[np.int64]
_Value = TypeVar("_Value", bound=np.generic)

#: Texts that are turned into terms at a time; bounds the memory of the raw words.
BATCH_TEXTS: Final = 4_096
#: A sentence of at least so many content words, this part of which have capitals, is a headline in capitals.
SHOUTED_WORDS: Final = 3
SHOUTED_SHARE: Final = 0.8
#: Language of articles whose own is unknown, where no other article has a known one.
DEFAULT_LANGUAGE: Final = "en"
UNKNOWN_LANGUAGES: Final = frozenset({"", "und"})
#: A language of fewer articles than this, and of less than this share of them, counts as unknown.
RARE_LANGUAGE: Final = 20
RARE_LANGUAGE_SHARE: Final = 0.01
#: What speaks for a name: nothing; a capital that a sentence may give any word; a capital elsewhere; it is one anyway.
_NO_NAME: Final = 0
_CAPITAL_ANYWAY: Final = 1
_CAPITAL: Final = 2
_SURE: Final = 3


@dataclass(frozen=True, slots=True)
class TermIndex:
    """The words of texts as numbers of terms, in reading order.

    Text ``i`` has the tokens ``offsets[i]`` to ``offsets[i + 1]``; ``tokens`` holds numbers into ``terms``
    (sorted), -1 for stop words; ``starts`` and ``ends`` are byte positions inside the text; ``begins`` is
    2 at the first word of a sentence; ``names`` marks names and numbers. ``shown`` is each term as people
    write it, ``frequencies`` its background frequency. ``marks``, ``as_name`` and ``as_word`` are what names are
    found by (see ``find_name_tokens``). The texts may be a part of a corpus of ``articles``, where a term is in
    ``scale`` times as many articles as here, at least 1.
    """

    terms: list[str]
    shown: list[str]
    frequencies: npt.NDArray[np.float64]
    is_number: npt.NDArray[np.bool_]
    tokens: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    begins: npt.NDArray[np.uint8]
    names: npt.NDArray[np.bool_]
    offsets: Integers
    marks: npt.NDArray[np.uint8]
    as_name: Integers
    as_word: Integers
    articles: int
    scale: npt.NDArray[np.float64]

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.offsets) - 1

    def count_articles(self, columns: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.float64]:
        """Articles of the corpus that have each term; ``columns`` lists each term once per text that has it."""
        counts: npt.NDArray[np.float64] = np.bincount(columns, minlength=len(self.terms)) * self.scale
        return counts

    def take(self, order: Integers) -> TermIndex:
        """The index of the same texts in another order, or of some of them; its terms stay the same."""
        lengths = np.diff(self.offsets)[order]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        spans = list(zip(self.offsets[:-1][order].tolist(), self.offsets[1:][order].tolist(), strict=True))
        return replace(
            self,
            offsets=offsets,
            tokens=_join(self.tokens, spans),
            starts=_join(self.starts, spans),
            ends=_join(self.ends, spans),
            begins=_join(self.begins, spans),
            names=_join(self.names, spans),
            marks=_join(self.marks, spans),
        )


def _join(values: npt.NDArray[_Value], spans: Sequence[tuple[int, int]]) -> npt.NDArray[_Value]:
    """The values of all spans in their order, without an array of their places."""
    return np.concatenate([values[:0], *(values[begin:end] for begin, end in spans)])


def index_terms(texts: Sequence[str], language: str) -> TermIndex:
    """The terms of texts in one language; the same texts in another order have the same terms.

    >>> index = index_terms(["Two ferries sank.", "A ferry sank"], "en")
    >>> index.terms, index.tokens.tolist()
    (['ferri', 'sank'], [-1, 0, 1, -1, 0, 1])
    """
    words = _WordNumbers()
    batches = (words.add(texts[at : at + BATCH_TEXTS]) for at in range(0, max(len(texts), 1), BATCH_TEXTS))
    columns = [list(parts) for parts in zip(*batches, strict=True)]
    surface, starts, ends, begins, lengths = (np.concatenate(columns.pop(0)) for _ in range(len(columns)))
    facts = describe_words(words.found, language)
    terms = sorted({term for term in facts.terms if term})
    number = {term: at for at, term in enumerate(terms)}
    term_of_word = np.array([number.get(term, NO_TERM) for term in facts.terms], np.int32)
    counts = np.bincount(surface, minlength=len(words.found))
    shown, frequencies = _describe_terms(terms, term_of_word, facts, words.found, counts)
    is_number = np.zeros(len(terms), np.bool_)
    is_number[term_of_word[facts.number & (term_of_word >= 0)]] = True
    tokens = term_of_word[surface]
    marks, as_name, as_word = _mark_names(tokens, facts, surface, begins, len(terms))
    return TermIndex(
        terms=terms,
        shown=shown,
        frequencies=frequencies,
        is_number=is_number,
        tokens=tokens,
        starts=starts,
        ends=ends,
        begins=begins,
        names=find_name_tokens(tokens, marks, as_name, as_word),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        marks=marks,
        as_name=as_name,
        as_word=as_word,
        articles=len(texts),
        scale=np.ones(len(terms)),
    )


class _WordNumbers:
    """The different words seen so far, each with a number."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._hashes = np.empty(0, np.uint64)  # sorted, with the number of each
        self._numbers = np.empty(0, np.int64)

    def add(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.generic], ...]:
        """Word numbers, byte positions and beginnings of the words of ``texts``, and the words per text."""
        encoded = [text.encode("utf-8", "replace") for text in texts]
        buffer = np.frombuffer(b"\n".join(encoded) or b"\n", np.uint8)
        bounds = np.concatenate([[0], np.cumsum([len(text) + 1 for text in encoded])]).astype(np.int64)
        bounds[-1] = min(bounds[-1], buffer.size)
        words = join_numbers(buffer, tokenise(buffer, bounds))
        begins = find_starts(buffer, words)
        lengths = np.diff(words.article_offsets)
        before = np.repeat(bounds[:-1], lengths)
        starts, ends = ((places - before).astype(np.int32) for places in (words.starts, words.ends))
        return self._number(buffer, words), starts, ends, begins, lengths

    def _number(self, buffer: npt.NDArray[np.uint8], words: Words) -> npt.NDArray[np.int32]:
        numbers, first = number_words(words.hashes)
        hashes, raw = words.hashes[first], buffer.tobytes()
        places = np.minimum(np.searchsorted(self._hashes, hashes), max(len(self._hashes) - 1, 0))
        is_new = self._hashes[places] != hashes if len(self._hashes) else np.ones(len(hashes), np.bool_)
        of_batch = np.empty(len(hashes), np.int64)
        of_batch[~is_new] = self._numbers[places[~is_new]]
        of_batch[is_new] = len(self.found) + np.arange(np.count_nonzero(is_new))
        spans = zip(words.starts[first][is_new].tolist(), words.ends[first][is_new].tolist(), strict=True)
        self.found += [raw[start:end].decode("utf-8", "replace") for start, end in spans]
        known = np.concatenate([self._hashes, hashes[is_new]])
        order = np.argsort(known)
        self._hashes = known[order]
        self._numbers = np.concatenate([self._numbers, of_batch[is_new]])[order]
        of_word: npt.NDArray[np.int32] = of_batch.astype(np.int32)[numbers]
        return of_word


def _describe_terms(
    terms: Sequence[str],
    term_of_word: npt.NDArray[np.int32],
    facts: WordFacts,
    words: Sequence[str],
    counts: Integers,
) -> tuple[list[str], npt.NDArray[np.float64]]:
    """The commonest written form of each term, and its background frequency: that of its commonest form."""
    frequencies = np.zeros(len(terms))
    content = term_of_word >= 0
    np.maximum.at(frequencies, term_of_word[content], facts.frequencies[content])
    best: dict[int, tuple[int, str]] = {}
    for word in np.flatnonzero(content).tolist():
        choice = (-int(counts[word]), words[word])
        term = int(term_of_word[word])
        if term not in best or choice < best[term]:
            best[term] = choice
    return [best[term][1] for term in range(len(terms))], frequencies


def find_name_tokens(
    tokens: npt.NDArray[np.int32], marks: npt.NDArray[np.uint8], as_name: Integers, as_word: Integers
) -> npt.NDArray[np.bool_]:
    """Whether each token is a number or part of a name.

    A term is a name where it has a capital inside a sentence (``as_name`` times) at least as often as it is written
    small (``as_word``); at the beginning of a sentence, where every word may have one, it must be seen more often so.
    """
    if not len(as_name):
        return tokens >= 0
    safe = np.where(tokens >= 0, tokens, 0)
    at_least, more = (as_name >= as_word)[safe], (as_name > as_word)[safe]
    is_name: npt.NDArray[np.bool_] = (
        (marks == _SURE) | ((marks == _CAPITAL) & at_least) | ((marks == _CAPITAL_ANYWAY) & more)
    )
    return is_name


def _mark_names(
    tokens: npt.NDArray[np.int32],
    facts: WordFacts,
    surface: npt.NDArray[np.int32],
    begins: npt.NDArray[np.uint8],
    terms: int,
) -> tuple[npt.NDArray[np.uint8], Integers, Integers]:
    """How each token is marked as a name, and how often each term has a capital inside a sentence and is written small.

    Lines all in capitals prove nothing: there a term is a name unless it is written small elsewhere. Months and
    weekdays are no names. Scripts without capitals: rare words.
    """
    content = tokens >= 0
    capital = facts.capital[surface] & content
    shouted = _shouted(capital, content & ~facts.number[surface], begins)
    inside = (begins == 0) & ~shouted
    as_name = np.bincount(tokens[capital & inside], minlength=terms)
    as_word = np.bincount(tokens[content & ~capital], minlength=terms)
    named = capital & ~facts.calendar[surface]
    sure = content & (facts.number[surface] | facts.caseless[surface])
    marks = np.where(named, np.where(inside | shouted, _CAPITAL, _CAPITAL_ANYWAY), _NO_NAME)
    return np.where(sure, _SURE, marks).astype(np.uint8), as_name.astype(np.int64), as_word.astype(np.int64)


def _shouted(
    capital: npt.NDArray[np.bool_], words: npt.NDArray[np.bool_], begins: npt.NDArray[np.uint8]
) -> npt.NDArray[np.bool_]:
    """Whether each token stands in a sentence nearly all of whose content words have capitals."""
    starts = np.flatnonzero(begins == SENTENCE)
    if not len(starts):
        return np.zeros(len(begins), np.bool_)
    total = np.add.reduceat(words.astype(np.int64), starts)
    capitals = np.add.reduceat((capital & words).astype(np.int64), starts)
    loud = (total >= SHOUTED_WORDS) & (capitals >= SHOUTED_SHARE * total)
    return np.repeat(loud, np.diff(np.append(starts, len(begins))))


def common_language(languages: Sequence[str | None]) -> list[str]:
    """A language for each article: its own, and the commonest known one where it has none or a very rare one.

    >>> common_language(["fr", None, "und"])
    ['fr', 'fr', 'fr']
    """
    written = [language or "" for language in languages]
    chosen = choose_languages(Counter(written))
    return [chosen[language] for language in written]


def choose_languages(counts: Mapping[str, int]) -> dict[str, str]:
    """The language taken for each one that articles have, by how many have it (see ``common_language``).

    A handful among thousands is more often a wrong guess than a language, and nothing is lost where it is one.
    """
    known = {language: count for language, count in counts.items() if language not in UNKNOWN_LANGUAGES}
    commonest = min(known, key=lambda language: (-known[language], language)) if known else DEFAULT_LANGUAGE
    rare = min(RARE_LANGUAGE, RARE_LANGUAGE_SHARE * sum(counts.values()))
    return {language: language if known.get(language, 0) >= rare else commonest for language in counts}
