"""Quoted parts of a sentence, also where a quote begins or ends elsewhere."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.text.speech.quotes import find_quotes, share_inside


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        ('He said "go" and "stay".', ["go", "stay"]),
        ("“Go,” he said.", ["Go,"]),
        ("`` Go , '' he said .", [" Go , "]),
        ("`` Go, `` he said.", [" Go, "]),
        ('It must close," he said.', ["It must close,"]),
        ('It must close, " he said.', ["It must close, "]),
        ('He said: "It must close', ["It must close"]),
        ("It's what he's got.", []),
        ("«Va,» dit-il.", ["Va,"]),
    ],
)
def test_quotes_are_found_in_every_style(sentence: str, quoted: list[str]) -> None:
    assert [sentence[start:end] for start, end in find_quotes(sentence)] == quoted


@given(st.text(alphabet="ab \"“”`'«».,", max_size=60))
def test_quotes_are_disjoint_and_inside_the_sentence(sentence: str) -> None:
    found = find_quotes(sentence)
    assert all(0 <= start <= end <= len(sentence) for start, end in found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))


def test_quotes_of_a_long_text_take_linear_time() -> None:
    started = time.process_time()
    assert len(find_quotes('a " " b ' * 100_000)) == 100_000
    assert time.process_time() - started < 4


def test_the_share_is_of_the_span_asked_for() -> None:
    assert share_inside(0, 4, [(0, 1), (3, 9)]) == 0.5
    assert share_inside(4, 4, [(0, 9)]) == 0.0
