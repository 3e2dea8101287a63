"""Where a stretch of a sentence parts into clauses: at conjunctions, relative words, participles and dashes.

Goes by closed lists of words and by whether a verb follows soon; it only cuts, joining small parts is done by
``clauses``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from storycluster.text.rules import load_rules

#: No part has fewer words than this before a cut.
MIN_WORDS: Final = 3
#: A joined noun phrase ("and an end to …") is a part of its own from this many words on.
MIN_PHRASE_WORDS: Final = 5
#: A phrase before the subject is a part of its own from this many words on.
MIN_LEAD_IN_WORDS: Final = 8
#: "Just a few days" before "after" has no more letters than this.
SPAN_REACH: Final = 40
#: A verb is looked for this far behind a conjunction.
VERB_REACH: Final = 80
#: Longer stretches (hostile text) are one part.
MAX_STRETCH: Final = 3000

_WORD: Final = re.compile(r"[\w'’-]+")
_ENOUGH_WORDS: Final = re.compile(rf"[^\w'’-]*(?:[\w'’-]+[^\w'’-]+){{{MIN_WORDS - 1}}}[\w'’-]")
_TWO_WORDS: Final = re.compile(rf"[^\w'’-]*(?:[\w'’-]+[^\w'’-]+){{{MIN_WORDS - 2}}}[\w'’-]")
_CONTENT: Final = re.compile(r"\d[\d,.]*|[^\W\d_]{3,}|[^\W\d_]{2}(?=\b)")
_UP_TO_COMMA: Final = re.compile(r"[^,;:]*")
_LEAD_IN: Final = re.compile(r"[^,;:\"“]{1,200},\s")
_PAST: Final = re.compile(r"\w{2,}ed\Z")


@dataclass(frozen=True, slots=True)
class _Cuts:
    pattern: re.Pattern[str]
    span: re.Pattern[str]
    after_span: re.Pattern[str]
    finite: frozenset[str]
    base: frozenset[str]
    no_clause_as: frozenset[str]
    no_participle: frozenset[str]
    stop: frozenset[str]
    control: frozenset[str]
    prepositions: frozenset[str]
    lead_in: frozenset[str]
    saying: frozenset[str]
    open_ends: frozenset[str]


@cache
def _rules(language: str) -> _Cuts | None:
    rules = load_rules(language, "clauses")
    if not rules:
        return None
    split, verbs = rules["split"], load_rules(language, "verbs")
    lists = {
        key: "|".join(split[key].split()) for key in ("after_comma", "anywhere", "before_verb", "joining", "resuming")
    }
    pattern = re.compile(
        r"(?=[\s,;:–—])(?:"  # most places are passed by this look ahead alone
        r"(?P<hard>;\s|:\s(?=\D)|\s?[–—]\s|\s--\s|\s(?=\d\.\s[a-z]))"
        rf"|(?P<resumed>,\s(?=(?:{lists['resuming']})\s))"
        rf"|(?P<comma>,['’\"”]*\s(?:and\s|but\s|or\s)?(?=(?:{lists['after_comma']})\b))"
        r"|(?P<participle>,\s(?:and\s)?(?=(?P<ing>\w{2,30}ing)\b))"
        rf"|(?P<join>(?<!-),?\s(?P<word>{lists['joining']})\s(?:then\s)?(?=[^\s-]))"
        rf"|(?P<anywhere>\s(?=(?:{lists['anywhere']})\b))"
        rf"|(?P<verb>\s(?=(?P<lead>{lists['before_verb']})\s))"
        rf"|(?P<purpose>\s(?=to\s[a-z])(?<=(?:\w)\s)))"
    )
    openers = "|".join(split["span_openers"].split())
    lengths = "|".join(split["spans"].split())
    span = re.compile(rf"\s(?:(?P<counted>(?:(?:{openers}|\d+)\s){{1,3}}(?:{lengths}))|(?:{lengths}))\Z")
    finite = {word for key in ("auxiliaries", "past", "present") for word in verbs[key].split()}
    return _Cuts(
        pattern=pattern,
        span=span,
        after_span=re.compile(rf"(?:{'|'.join(split['after_span'].split())})\s"),
        finite=frozenset(finite),
        base=frozenset(verbs["base"].split()),
        no_clause_as=frozenset(split["no_clause_as"].split()),
        no_participle=frozenset(split["no_participle"].split()),
        prepositions=frozenset(split["prepositions"].split()),
        control=frozenset(split["control"].split()),
        stop=frozenset(rules["stop"]["words"].split()),
        saying=frozenset(word for forms in load_rules(language, "speech")["verbs"].values() for word in forms.split()),
        lead_in=frozenset(load_rules(language, "speech")["words"]["lead_in"].split()),
        open_ends=frozenset(split["open_ends"].split()),
    )


def find_cuts(
    sentence: str, start: int, end: int, *, whole: Sequence[tuple[int, int]] = (), language: str = "en"
) -> list[tuple[int, int]]:
    """The parts of [start, end) in order; joining words between two parts belong to neither, ``whole`` is never cut.

    >>> find_cuts("It sank fast, but nobody was hurt", 0, 33)
    [(0, 12), (14, 33)]
    """
    rules = _rules(language)
    if rules is None or end - start > MAX_STRETCH:
        return [(start, end)]
    parts: list[tuple[int, int]] = []
    begin = _after_lead_in(sentence, start, end, rules)
    if begin > start:
        parts.append((start, begin))
    for match in rules.pattern.finditer(sentence, start, end):
        if match.start() <= begin or not _ENOUGH_WORDS.match(sentence, begin, match.start()):
            continue
        if any(first < match.start() < last for first, last in whole):
            continue
        if _last_word(sentence, match.start()) in rules.open_ends:
            continue
        if _cuts_here(sentence, match, (begin, end), rules):
            span = _span_before(sentence, match, begin, rules)
            parts.append((begin, span.start() if span else match.start()))
            begin = span.start("counted") if span and span["counted"] else match.end()
    parts.append((begin, end))
    return parts


def _after_lead_in(sentence: str, start: int, end: int, rules: _Cuts) -> int:
    """Past a long phrase before the subject ("As for further plans of the two governments, …"), else ``start``."""
    match = _LEAD_IN.match(sentence, start, end)
    words = _WORD.findall(match[0]) if match else []
    if match is None or len(words) < MIN_LEAD_IN_WORDS or words[0].casefold() not in rules.lead_in:
        return start
    return match.end() if _ENOUGH_WORDS.match(sentence, match.end(), end) else start


def _span_before(sentence: str, match: re.Match[str], begin: int, rules: _Cuts) -> re.Match[str] | None:
    """The length of time before a cut: "two days" belongs to "after the fire", a bare "days" to neither part."""
    if not rules.after_span.match(sentence, match.end()):
        return None
    return rules.span.search(sentence, max(begin, match.start() - SPAN_REACH), match.start())


def _cuts_here(sentence: str, match: re.Match[str], stretch: tuple[int, int], rules: _Cuts) -> bool:
    reach = min(stretch[1], match.end() + VERB_REACH)
    if not _TWO_WORDS.match(sentence, match.end(), reach):
        return False
    kind, before = match.lastgroup, sentence[stretch[0] : match.start()]
    if kind == "anywhere":
        return _last_word(sentence, match.start()) not in rules.prepositions
    if kind == "participle":
        return match["ing"] not in rules.no_participle
    if kind == "purpose":
        return _is_purpose(before, rules)
    if kind not in {"join", "verb"}:
        return True
    words = _WORD.findall(sentence, match.end(), reach)
    if kind == "join":
        near = _UP_TO_COMMA.match(sentence, match.end(), reach)
        return _joins_clause(before, match, _WORD.findall(near[0]) or words if near else words, rules)
    lead = match["lead"]
    if lead == "that" and _is_complement(before, rules):
        return False
    if len(words) > 1 and words[1] in (rules.no_clause_as if lead == "as" else {"of"}):
        return False
    return _has_verb(words[1:], rules) or (lead == "as" and words[1] in {"many", "he", "she", "they", "it"})


def _is_complement(before: str, rules: _Cuts) -> bool:
    """Whether "that …" is what a verb of saying says, or what a few words lead up to."""
    words = _WORD.findall(before)
    return len(words) <= MIN_WORDS or words[-1] in rules.saying


def _last_word(sentence: str, at: int) -> str:
    return sentence[max(0, at - 12) : at].rpartition(" ")[2]


def _joins_clause(before: str, match: re.Match[str], words: list[str], rules: _Cuts) -> bool:
    """Whether a clause or a long noun phrase follows "and", "but", "or"."""
    at = 1 if words[0].endswith("ly") or words[0] in {"also", "later", "then"} else 0
    word = words[min(at, len(words) - 1)]
    if word in rules.finite or _PAST.match(word) or (word == "to" and len(words) > 2):
        return len(words) > at + 1 and words[at + 1] not in _JOINING
    if match["join"].startswith(",") or match["word"] in {"but", "yet"}:
        return _has_verb(words, rules)
    if word in rules.base:
        return _INFINITIVE.search(before) is not None
    subject = word in {"he", "she", "it", "they", "we", "there"}
    if subject:
        return True
    return (
        word in {"a", "an"}
        and len(words) >= MIN_PHRASE_WORDS
        and words[1] != "half"
        and len(_WORD.findall(before)) >= MIN_PHRASE_WORDS
    )


_JOINING: Final = frozenset({"and", "but", "or"})
_INFINITIVE: Final = re.compile(r"\b(?:to|will|would|can|could|may|might|must|should|not|n't)\s")
_PURPOSE_BEFORE: Final = re.compile(
    r"(?:\b(?:week|month|year|today|tomorrow|yesterday|night|morning|evening|\w+day|years|weeks|months|days|hours)"
    r"|[A-Z][\w.]+|\d)\Z"
)


def _is_purpose(before: str, rules: _Cuts) -> bool:
    """Whether "to …" says what for: behind a time, a name or a number, not behind a verb that takes it."""
    last = before[before.rfind(" ") + 1 :]
    if not _PURPOSE_BEFORE.search(last) or rules.control.intersection(_WORD.findall(before)):
        return False
    return _INFINITIVE_OR_PAST.search(before) is not None


_INFINITIVE_OR_PAST: Final = re.compile(
    r"\b(?:will|would|to|has|have|had|is|are|was|were|\w{2,}ed|sent|met|went|came|flew)\s"
)


def _has_verb(words: list[str], rules: _Cuts) -> bool:
    return any(word in rules.finite or _PAST.match(word) for word in words[:10])


def has_content(sentence: str, span: tuple[int, int], *, least: int, language: str = "en") -> bool:
    """Whether a span has at least so many words of content: numbers, and words that are no stop words.

    >>> has_content("and the ferry sank", (0, 18), least=2), has_content("and the ferry sank", (0, 13), least=2)
    (True, False)
    """
    rules = _rules(language)
    stop = rules.stop if rules else frozenset()
    for word in _CONTENT.finditer(sentence, *span):
        if word[0].casefold() not in stop:
            least -= 1
        if least <= 0:
            return True
    return False
