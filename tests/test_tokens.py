"""Words of normalised texts: against a plain reading of the same rules, over all scripts."""

import itertools
import time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.kernels.tokens import LETTER, MARK, SEPARATOR, TABLE_END, UNSPACED, character_classes, tokenise
from storycluster.text.normalise import normalise, normalise_array

TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("ab 15,'é的新ไม่हिकी́カー👍한"))).map(normalise)


def class_of(character: str) -> int:
    code = ord(character)
    if code < TABLE_END:
        return int(character_classes()[code])
    return UNSPACED if code < 0x40000 else SEPARATOR


def plain_words(text: str) -> list[str]:
    """The rules of the module, character by character."""
    runs: list[tuple[int, list[str]]] = []
    previous = SEPARATOR
    for character in text:
        kind = class_of(character)
        if kind == MARK:
            kind = LETTER if previous == SEPARATOR else previous
            if previous != SEPARATOR:
                runs[-1][1][-1] += character
                continue
        if kind != SEPARATOR:
            if kind == previous:
                runs[-1][1].append(character)
            else:
                runs.append((kind, [character]))
        previous = kind
    words = []
    for kind, letters in runs:
        if kind == LETTER or len(letters) == 1:
            words.append("".join(letters))
        else:
            words += [first + second for first, second in itertools.pairwise(letters)]
    return words


def words_of(texts: list[str]) -> list[list[str]]:
    buffer, offsets = normalise_array(pa.array(texts, pa.string()))
    words = tokenise(buffer, offsets)
    spans = [bytes(buffer[start:end]).decode() for start, end in zip(words.starts, words.ends, strict=True)]
    ends = words.article_offsets.tolist()
    return [spans[start:end] for start, end in itertools.pairwise(ends)]


@given(st.lists(TEXTS))
def test_words_equal_a_plain_reading_of_the_rules(texts: list[str]) -> None:
    assert words_of(texts) == [plain_words(text) for text in texts]


@given(st.lists(TEXTS))
def test_words_are_equal_exactly_where_their_hashes_are(texts: list[str]) -> None:
    buffer, offsets = normalise_array(pa.array(texts, pa.string()))
    words = tokenise(buffer, offsets)
    spans = [bytes(buffer[start:end]) for start, end in zip(words.starts, words.ends, strict=True)]
    assert (
        len(set(spans)) == len(set(words.hashes.tolist())) == len(set(zip(spans, words.hashes.tolist(), strict=True)))
    )


@given(st.lists(TEXTS, min_size=1))
def test_a_text_has_the_same_words_alone_and_in_a_batch(texts: list[str]) -> None:
    assert words_of(texts) == [words_of([text])[0] for text in texts]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("हिन्दी में समाचार", ["हिन्दी", "में", "समाचार"]),
        ("مُحَمَّد قال", ["مُحَمَّد", "قال"]),
        ("地震で15人", ["地震", "震で", "15", "人"]),
        ("ไม่", ["ไม่"]),
        ("한국의 뉴스", ["한국의", "뉴스"]),
        ("don't", ["don", "t"]),
        ("covid19 1,500", ["covid19", "1", "500"]),
        ("𠀀𠀁𠀂", ["𠀀𠀁", "𠀁𠀂"]),
        ("!?…", []),
    ],
)
def test_words_follow_the_script(text: str, words: list[str]) -> None:
    assert words_of([text])[0] == words


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "?!." * 100_000, "的" * 300_000, "ไม่" * 100_000, "'" * 100_000, "é " * 300_000],
    ids=["one word", "no word", "one run of ideographs", "thai", "quotes", "short words"],
)
def test_a_hostile_text_of_a_megabyte_takes_less_than_two_seconds(text: str) -> None:
    buffer, offsets = normalise_array(pa.array([text]))
    start = time.thread_time()
    tokenise(buffer, offsets)
    assert time.thread_time() - start < 2


def test_words_take_read_only_and_writable_buffers() -> None:
    content = np.frombuffer(b"two words", np.uint8)
    offsets = np.array([0, 9])
    assert tokenise(content, offsets).hashes.tolist() == tokenise(content.copy(), offsets).hashes.tolist()
