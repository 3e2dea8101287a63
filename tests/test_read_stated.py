"""What texts say about themselves: the fast scan over a batch leaves nothing out that the exact rules find."""

import json
from datetime import datetime, time
from pathlib import Path

import pyarrow as pa

from storycluster.stages.read.stated import find_batch_credits, find_lower_bounds
from storycluster.text.cleaning import clean_text
from storycluster.text.credits import find_credits
from storycluster.text.dates import latest_absolute_date

NOW = datetime(2030, 1, 1)


def _news(corpora: Path) -> list[str]:
    with (corpora / "ecbplus_dev" / "articles.jsonl").open(encoding="utf-8") as file:
        return [clean_text(json.loads(line)["text"]) for line in file][::3]


def test_credits_of_a_batch_are_those_of_each_text(corpora: Path) -> None:
    texts = _news(corpora)
    found = find_batch_credits(pa.array(texts), ["en"] * len(texts))
    assert found == [find_credits(text) for text in texts]
    assert sum(map(bool, found)) > 10


def test_lower_bounds_of_a_batch_are_those_of_each_text(corpora: Path) -> None:
    texts = _news(corpora)
    found = find_lower_bounds(pa.array(texts), ["en"] * len(texts), range(len(texts)), now=NOW)
    days = [latest_absolute_date(text) for text in texts]
    assert found == [None if day is None else datetime.combine(day, time()) for day in days]
    assert sum(day is not None for day in days) > 10


def test_only_the_rows_asked_for_get_a_lower_bound() -> None:
    texts = pa.array(["It sank on May 2, 2023."] * 2)
    assert find_lower_bounds(texts, ["en"] * 2, [1], now=NOW) == [None, datetime(2023, 5, 2)]


def test_a_day_after_now_is_no_lower_bound() -> None:
    texts = pa.array(["It sank on May 2, 2031."])
    assert find_lower_bounds(texts, ["en"], [0], now=NOW) == [None]


def test_a_language_without_rules_has_no_credits() -> None:
    texts = pa.array(["He left, citing Yonhap."] * 2)
    assert find_batch_credits(texts, ["xx", "en"]) == [[], ["Yonhap"]]


def test_an_agency_alone_on_the_last_line_is_a_credit() -> None:
    assert find_batch_credits(pa.array(["Two people died. Many swam.\nReuters"]), ["en"]) == [["Reuters"]]


def test_an_agency_line_further_up_does_not_hide_the_one_at_the_end() -> None:
    text = "Two people died.\nAFP Photo\nMany swam to the shore.\nReuters"
    assert find_batch_credits(pa.array([text]), ["en"]) == [find_credits(text)] == [["Reuters"]]
