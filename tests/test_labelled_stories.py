"""Labelled news through everything that `cluster` does: reading, copies, stories, passages."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from storycluster import Article, cluster_stories
from storycluster.evaluate.stories import evaluate

#: Words that are left of a text, and the BCubed F1 that is reached at least, some way below what is measured.
CUTS = [(None, 0.94), (60, 0.91), (25, 0.85)]


def cut(path: Path, words: int | None) -> Iterator[Article]:
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record["text"] if words is None else " ".join(record["text"].split()[:words])
        yield Article(id=record["id"], text=text)


@pytest.mark.parametrize(("words", "least"), CUTS)
def test_stories_of_labelled_news_are_found(corpora: Path, words: int | None, least: float) -> None:
    folder = corpora / "ecbplus_dev"
    run = cluster_stories(cut(folder / "articles.jsonl", words))
    assert evaluate(run, folder / "gold.jsonl").bcubed.f1 >= least
