"""What a number counts: the noun phrase behind it (or before it), its class, and whether it is planned or a part.

Looks only at the words of one sentence near the number; where they do not tell, the class is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from storycluster.text.alternation import either
from storycluster.text.rules import load_rules
from storycluster.text.wordset import Cue, rare_words, word_set

#: Words behind a number that are looked at for its noun.
NOUN_REACH: Final = 7
#: Words kept as what is counted where none of them looks like a plural.
BARE_NOUN: Final = 2
#: Characters read before and behind a number for verbs and marks.
CLAUSE_REACH: Final = 160
#: A verb that says what is planned begins at most this far behind what is counted.
PREDICATE_REACH: Final = 36
#: The phrase that ends right before a number is at most this long.
PHRASE_REACH: Final = 32
#: "35 people, including three children, were killed": characters of the part between commas.
ASIDE_REACH: Final = 80

_TOKEN: Final = re.compile(r"(?:\s-\s|-|\s{1,6})([^\W\d_](?:[\w.]|['’-](?=\w))*)")
_CLAUSE_CUT: Final = re.compile(r"(?=[;:()—–\"“”,-])(?:[;:()—–\"“”]|,(?=\s)|(?<=\s)--(?=\s))")
#: Words but for owners: a company's staff is no company.
_WORDS: Final = re.compile(r"[^\W\d_]+\b(?!['’]s\b)")
_SHORTEST_PLURAL: Final = 4


class Counted(NamedTuple):
    """The words counted, the end of them in the sentence, and their class."""

    words: str
    end: int
    count_class: str | None


@dataclass(frozen=True, slots=True)
class CountWords:
    """Word lists and patterns of what is counted, of one language."""

    classes: Mapping[str, str]
    known: frozenset[str]
    happenings: frozenset[str]
    plurals: frozenset[str]
    things: frozenset[str]
    stops: frozenset[str]
    skipped: frozenset[str]
    joining: frozenset[str]
    no_nouns: tuple[str, ...]
    fate_before: tuple[tuple[str, re.Pattern[str]], ...]
    fate_cues: frozenset[str]
    fate_behind: re.Pattern[str]
    fates: Mapping[str, str]
    risen_to: Cue
    planned: Cue
    happened: re.Pattern[str]
    part_before: Cue
    previous: Cue
    part_behind: re.Pattern[str]
    rest_behind: re.Pattern[str]
    place: Cue
    two_things: Cue
    cut_words: re.Pattern[str]


@cache
def count_words(language: str) -> CountWords:
    """The word lists of a language; empty ones where it has none.

    >>> count_words("en").classes["soldier"]
    'troops'
    """
    rules = load_rules(language, "quantities")
    status, links, stops = (rules.get(topic, {}) for topic in ("status", "links", "stops"))
    before, behind = rules.get("fates_before", {}), rules.get("fates_behind", {})
    fates = {word: name for name, members in behind.items() for word in members}
    clause = load_rules(language, "dates").get("tense", {}).get("clause_words", ())
    return CountWords(
        classes={word: name for name, members in rules.get("classes", {}).items() for word in members},
        known=frozenset([*rules.get("classes", {}), *behind]),
        plurals=frozenset(rules.get("plurals", {}).get("words", ())),
        things=frozenset(links.get("things", ())),
        happenings=frozenset([*before, *behind]),
        stops=frozenset(stops.get("words", ())),
        skipped=frozenset(stops.get("skipped", ())),
        joining=frozenset(stops.get("joining", ())),
        no_nouns=tuple(stops.get("no_nouns", ())),
        fates=fates,
        fate_before=tuple((name, re.compile(rf"\b(?:{either(some)})\s*\Z", re.I)) for name, some in before.items()),
        fate_cues=rare_words([word for some in before.values() for word in some]),
        fate_behind=re.compile(rf"\s(?:(?:{either(links.get('be', ()))})\s){{0,4}}(?P<fate>{either(fates)})\b", re.I),
        risen_to=_risen_to(links),
        planned=_planned(status),
        happened=re.compile(rf"\b(?:{either(status.get('happened', ()))})\b", re.I),
        part_before=ending(status.get("part_before", [])),
        previous=ending(status.get("previous", []), before=r"\d[^,;\d]{0,24}\s"),
        part_behind=re.compile(rf"\s?\b(?:{either(status.get('part_behind', ()))})\b", re.I),
        rest_behind=re.compile(rf"\s(?:{either(status.get('rest_behind', ()))})\b", re.I),
        place=_place(status),
        two_things=_two_things(status),
        cut_words=re.compile(rf"\b(?:{either(clause)})\b"),
    )


#: The short form of "will" hangs on the word before it.
_SHORT_WILL: Final = "'ll"


def _planned(status: Mapping[str, list[str]]) -> Cue:
    phrases = status.get("planned", [])
    pattern = rf"(?<!\w)(?:{either(phrases)})\b|(?<=\w)(?:'ll|’ll)\b"
    return Cue(re.compile(pattern, re.I), rare_words([*phrases, _SHORT_WILL]))


def ending(phrases: Sequence[str], before: str = r"\b") -> Cue:
    """One of the phrases at the end of a text, behind the pattern ``before``.

    >>> bool(ending(["a total of"]).search("It has a total of ")), bool(ending(["a total of"]).search("a total of 5"))
    (True, False)
    """
    return Cue(re.compile(rf"{before}(?:{either(phrases)})\s*\Z", re.I), rare_words(phrases))


def _risen_to(links: Mapping[str, list[str]]) -> Cue:
    rise, to, reach = (links.get(key, []) for key in ("rise", "to", "reach"))
    risen = rf"\b(?:{either(rise)})(?:\s\w{{1,16}}){{0,2}}\s(?:{either(to)})\s*\Z"
    return Cue(re.compile(rf"{risen}|\b(?:{either(reach)})\s*\Z", re.I), rare_words([*rise, *reach]))


def _place(status: Mapping[str, list[str]]) -> Cue:
    near, places = status.get("place_words", []), status.get("places", [])
    pattern = rf"\b(?:{either(near)})\s(?:[^\s,;.]{{1,24}}\s){{0,4}}(?:{either(places)})\b"
    return Cue(re.compile(pattern, re.I), rare_words(places))


def _two_things(status: Mapping[str, list[str]]) -> Cue:
    first, second = status.get("first_of_two", []), status.get("second_of_two", [])
    pattern = rf"\b(?:{either(first)})\s[^.;]{{0,{CLAUSE_REACH}}}?\b(?:{either(second)})\s"
    return Cue(re.compile(pattern, re.I), rare_words(first))


def singular(word: str) -> str:
    """A noun without the ending of its plural.

    >>> singular("vessels"), singular("countries"), singular("crashes")
    ('vessel', 'country', 'crash')
    """
    if word.endswith("ies") and len(word) > len("dies"):
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "sses", "xes", "zes")) or (word.endswith("uses") and word[-5:-4] not in "aeo"):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def read_counted(
    sentence: str, at: int, before: str, words: CountWords, *, qualifier: str = "", single: bool = False
) -> Counted:
    """What the number that ends at ``at`` counts; ``before`` is the sentence up to its ``qualifier`` ("above").

    ``single`` allows a noun that is no plural: behind "one", and behind a hyphen ("a 15-member crew").
    """
    if not words.stops:
        return Counted("", at, None)
    tokens = _tokens(sentence, at, words)
    head = _head(tokens, words, single=single)
    if head is None:
        return _without_noun(sentence, at, (before, qualifier), tokens, words)
    start, end = tokens[0][1], tokens[head][2]
    noun = tokens[head][0].lower()
    one = noun if noun in words.plurals else singular(noun)
    known = words.classes.get(noun) or words.classes.get(one)
    fate = None if known in words.things else _fate(sentence, end, before, words)
    return Counted(sentence[start:end], end, fate or known or one)


def _tokens(sentence: str, at: int, words: CountWords) -> list[tuple[str, int, int]]:
    """Words behind a number up to one that cannot belong to its noun phrase."""
    tokens: list[tuple[str, int, int]] = []
    while len(tokens) < NOUN_REACH:
        match = _TOKEN.match(sentence, at)
        if not match:
            break
        word = match.group(1).rstrip(".")
        lower = word.lower()
        at = match.start(1) + len(word)
        if lower in words.skipped and not tokens:
            continue
        if lower in words.joining and tokens and tokens[-1][0][0].isupper() and _next_is_upper(sentence, at):
            continue
        if lower in words.stops or lower.removesuffix("'s").removesuffix("’s") in words.stops:
            break
        tokens.append((word, match.start(1), at))
        if len(word) < len(match.group(1)) and "." not in word:
            break
        at = match.end()
    return tokens


def _next_is_upper(sentence: str, at: int) -> bool:
    following = _TOKEN.match(sentence, at)
    return bool(following and following.group(1)[0].isupper())


def _head(tokens: list[tuple[str, int, int]], words: CountWords, *, single: bool) -> int | None:
    """Index of the noun counted: the last of the first run of plurals and known nouns."""
    head = None
    for index, (word, _, _) in enumerate(tokens):
        lower = word.lower()
        if _is_noun(word, lower, words):
            head = index
        elif (head is not None and not word[0].isupper()) or lower in words.fates:
            break
    if head is None and single:
        known = (index for index, token in enumerate(tokens) if token[0].lower() in words.classes)
        return next(known, None)
    return head


def _is_noun(word: str, lower: str, words: CountWords) -> bool:
    if lower in words.fates:
        return False
    if lower in words.plurals:
        return True
    return len(word) >= _SHORTEST_PLURAL and lower.endswith("s") and not lower.endswith(("ss", "us", "is", "'s", "’s"))


def _without_noun(
    sentence: str, at: int, led_by: tuple[str, str], tokens: list[tuple[str, int, int]], words: CountWords
) -> Counted:
    """What happened ("35 killed", "the death toll rose to 35"); else the next word or two, without a class."""
    before, qualifier = led_by
    fate = _fate(sentence, at, before, words)
    if fate:
        return Counted("", at, fate)
    if words.risen_to.search(before, of=sentence) or words.risen_to.search(before + qualifier, of=sentence):
        known = _known_in(_CLAUSE_CUT.split(before)[-1].lower(), words)
        if known:
            return Counted("", at, known)
    bare = [token for token in tokens[:BARE_NOUN] if not token[0].endswith(words.no_nouns)]
    if not tokens or bare[:1] != tokens[:1]:
        return Counted("", at, None)
    return Counted(sentence[bare[0][1] : bare[-1][2]], bare[-1][2], None)


def _known_in(clause: str, words: CountWords) -> str | None:
    """The class of the last word that tells one, of what happens to people before other things.

    "The toll of the quake" and "the number of people killed in the quake" count the dead, not the quakes.
    """
    found = [
        words.classes.get(word) or words.classes.get(singular(word)) or words.fates.get(word)
        for word in reversed(_WORDS.findall(clause))
    ]
    known = [name for name in found if name]
    return next((name for name in known if name in words.happenings), known[0] if known else None)


def _fate(sentence: str, at: int, before: str, words: CountWords) -> str | None:
    """What happened to those counted, by the words around: killed, injured, arrested …"""
    if not words.fate_cues.isdisjoint(word_set(sentence)):
        near = before[-PHRASE_REACH:]
        for name, pattern in words.fate_before:
            if pattern.search(near):
                return name
    behind = sentence[at : at + CLAUSE_REACH]
    if behind.startswith(","):
        aside = behind.find(",", 1, ASIDE_REACH)
        behind = behind[aside + 1 :] if aside > 0 else ""
    match = words.fate_behind.match(behind)
    return words.fates[match["fate"].lower()] if match else None


def is_planned(sentence: str, start: int, end: int, words: CountWords) -> bool:
    """Whether the clause around a number speaks of a plan, an expectation or a possibility.

    >>> is_planned("He decided to send 50 tanks.", 19, 21, count_words("en"))
    True
    """
    if words.planned.words.isdisjoint(word_set(sentence)):
        return False
    left = _CLAUSE_CUT.split(sentence[max(0, start - CLAUSE_REACH) : start])[-1]
    left = words.cut_words.split(left)[-1]
    before = list(words.planned.pattern.finditer(left))
    if before:
        return not words.happened.search(left, before[-1].end())
    right = _CLAUSE_CUT.split(sentence[end : end + CLAUSE_REACH], maxsplit=1)[0]
    right = words.cut_words.split(right, maxsplit=1)[0][:PREDICATE_REACH]
    planned, happened = words.planned.pattern.search(right), words.happened.search(right)
    if planned is None or words.happened.search(left):
        return False
    return happened is None or planned.start() < happened.start()


def is_part(
    sentence: str, number: tuple[int, int], end: int, noun_end: int, words: CountWords, *, happened: bool = False
) -> bool:
    """Whether a number is of a part, or of one of several, by the words next to it.

    ``number`` is where its qualifiers begin and where it begins; ``end`` and ``noun_end`` where it and its noun end;
    ``happened`` where it counts what happened to them.

    >>> is_part("Some of the 50 tanks left.", (8, 12), 14, 20, count_words("en"))
    True
    """
    left, own = sentence[max(0, number[0] - PHRASE_REACH) : number[0]], sentence[number[0] : number[1]]
    if (
        words.previous.search(left, of=sentence)
        or words.part_before.search(left, of=sentence)
        or words.part_before.search(own, of=sentence)
    ):
        return True
    if words.part_behind.match(sentence, end) or words.part_behind.match(sentence, noun_end):
        return True
    if not happened and words.rest_behind.match(sentence, end):
        return True
    if words.two_things.search(sentence[max(0, number[0] - CLAUSE_REACH) : noun_end + CLAUSE_REACH], of=sentence):
        return True
    right = _CLAUSE_CUT.split(sentence[noun_end : noun_end + CLAUSE_REACH], maxsplit=1)[0]
    return bool(words.place.search(right[:ASIDE_REACH], of=sentence))
