"""The quick look never calls a text tidy that is not."""

import json
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from storycluster.text.cleaning import clean_text
from storycluster.text.tidiness import find_tidy

WORDS = st.text(alphabet="aéÃâ€™“ \n\t<&>\u00a0\u0301\u200b\u202e\u2028й\u0306Р”漢\x00\x9d")


@given(st.lists(st.one_of(WORDS, st.text())))
@example(["â€™ a", "a\ud800", "Â\u00a0", "e\u0301", "\u212b"])
def test_cleaning_changes_nothing_of_a_tidy_text_but_its_ends(texts: list[str]) -> None:
    for text, is_tidy in zip(texts, find_tidy(texts), strict=True):
        assert not is_tidy or clean_text(text) == text.strip()


def test_most_news_texts_are_tidy(corpora: Path) -> None:
    with (corpora / "ecbplus_dev" / "articles.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"].replace("\n", " ") for line in file]
    assert sum(find_tidy(texts)) > 0.8 * len(texts)
