"""Labelled news through everything that `cluster` does: reading, copies, stories, passages."""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from storycluster import Article, Config, cluster_stories, load_config
from storycluster.config import StoriesConfig
from storycluster.evaluate.stories import evaluate
from storycluster.explain.explain import explain
from storycluster.explain.pair import PairExplanation
from storycluster.stages.stories.channels import CHANNELS
from storycluster.stored import primary_stories
from storycluster.views.explanation import write_explanation

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


def test_explanations_of_a_wrong_and_of_a_missed_join_say_what_decided_and_what_would_change_it(corpora: Path) -> None:
    folder = corpora / "ecbplus_dev"
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    gold = {str(row["id"]): str(row["story"]) for row in map(json.loads, lines)}
    run = cluster_stories(cut(folder / "articles.jsonl", 60))
    told = primary_stories(run)
    pairs = list(combinations(sorted(told), 2))
    wrong = next((a, b) for a, b in pairs if told[a] == told[b] and gold[a] != gold[b])
    missed = next((a, b) for a, b in pairs if told[a] != told[b] and gold[a] == gold[b])
    for a, b in (wrong, missed):
        found = explain(run, a, b)
        assert isinstance(found, PairExplanation)
        assert found.together is not None
        assert found.channels is not None
        changes = found.together.changes_at
        assert changes is not None
        assert (changes > found.together.threshold) == ((a, b) == wrong)
        written = " ".join(write_explanation(found).split())
        assert f"--set stories.threshold={changes}" in written
        assert "a date is unknown" in written
        assert found.terms[0].a.words in written
        stories = primary_stories(cluster_stories(cut(folder / "articles.jsonl", 60), at_threshold(changes)))
        assert (stories[a] == stories[b]) == ((a, b) == missed)


def at_threshold(threshold: float) -> Config:
    return load_config(None, [f"stories.threshold={threshold}"])


def test_the_weights_that_ship_are_those_that_the_report_says_were_learned() -> None:
    report = Path(__file__).parents[1] / "reports" / "stories_weights.md"
    rows = [line.strip("| ").split(" | ") for line in report.read_text(encoding="utf-8").splitlines() if "|" in line]
    names = rows[0][:4]
    learned = next(row for row in rows if row[0].startswith("learned"))
    assert names == list(CHANNELS)
    assert [float(value) for value in learned[1:5]] == [getattr(StoriesConfig(), name) for name in names]
