"""The verbs and words of saying of a language, made ready for looking up.

Built once per language from the package data; no decision is taken here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from storycluster.text.rules import load_rules
from storycluster.text.speech.subjects import SubjectFinder, load_subject_finder
from storycluster.text.wordset import rare_words

_VERBS: Final = (
    "say",
    "report",
    "act",
    "participles",
    "states",
    "nouns",
    "inverting",
    "with_to",
    "telling",
    "calling",
    "plain",
)
_WORDS: Final = ("between", "blocking", "passive", "recipients", "adjunct", "pronouns", "sources", "auxiliaries")


@dataclass(frozen=True, slots=True)
class SpeechRules:
    """What ``frames`` and ``statements`` know of one language. ``listener`` is what may stand behind a verb.

    ``cues`` are words without which a sentence has no frame.
    """

    cues: frozenset[str]
    forms: frozenset[str]
    say: frozenset[str]
    plain: frozenset[str]
    report: frozenset[str]
    act: frozenset[str]
    participles: frozenset[str]
    states: frozenset[str]
    nouns: frozenset[str]
    inverting: frozenset[str]
    with_to: frozenset[str]
    telling: frozenset[str]
    calling: frozenset[str]
    between: frozenset[str]
    blocking: frozenset[str]
    passive: frozenset[str]
    recipients: frozenset[str]
    adjunct: frozenset[str]
    pronouns: frozenset[str]
    sources: frozenset[str]
    auxiliaries: frozenset[str]
    quoted_as: re.Pattern[str]
    attribution: re.Pattern[str]
    tail: re.Pattern[str]
    listener: re.Pattern[str]
    subjects: SubjectFinder


@cache
def load_speech_rules(language: str = "en") -> SpeechRules | None:
    """The rules of a language; None where it has none.

    >>> "said" in load_speech_rules("en").say, load_speech_rules("xx")
    (True, None)
    """
    rules = load_rules(language, "speech")
    if not rules:
        return None
    verbs, words, patterns = rules["verbs"], rules["words"], rules["patterns"]
    kinds = {key: frozenset(verbs[key].split()) for key in _VERBS}
    forms = frozenset(verb for kind in kinds.values() for verb in kind)
    return SpeechRules(
        cues=rare_words([*forms, *patterns["attribution"]]),
        forms=forms,
        **kinds,
        **{key: frozenset(words[key].casefold().split()) for key in _WORDS},
        quoted_as=re.compile(rf"\b(?:{'|'.join(patterns['quoted_as'])})\b", re.IGNORECASE),
        attribution=re.compile(rf"\b(?:{'|'.join(patterns['attribution'])})\s", re.IGNORECASE),
        tail=re.compile(rf",?\s(?=(?:{'|'.join(words['tail'].split())})\b)"),
        listener=re.compile("|".join(rf"\s(?:{pattern})" for pattern in patterns["listener"])),
        subjects=load_subject_finder(language),
    )
