"""Facts of the seeds against their annotation, with the annotated stories; and the measures on planted answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from storycluster.config import Config
from storycluster.evaluate.facts import FactsEvaluation, evaluate_facts
from storycluster.evaluate.slots import check_speakers, joined
from storycluster.model import ARCS, FACTS, GROUPS, MEMBERSHIPS, STORIES
from storycluster.pipeline import open_engine
from storycluster.progress import Silent
from storycluster.stages.facts import find_facts, track_figures
from storycluster.stages.read import read_articles
from storycluster.views.evaluation import write_facts_evaluation
from tests.story_tables import member_row

Gold = Mapping[str, Any]
Tables = dict[str, pa.Table]


@pytest.fixture(scope="module")
def gold() -> Gold:
    path = Path(__file__).parent / "gold" / "seeds.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def annotated_members(gold: Gold, articles: pa.Table) -> list[dict[str, Any]]:
    ids = {name: Path(entry["file"]).stem for name, entry in gold["files"].items()}
    texts = dict(zip(articles.column("id").to_pylist(), articles.column("text").to_pylist(), strict=True))
    rows = []
    for story in gold["stories"]:
        rows += [member_row(story["id"], ids[name]) for name in story["primary"]]
        for other in story["secondary"]:
            letters, places = joined(texts[ids[other["article"]]])
            starts = [letters.index(joined(sentence)[0]) for sentence in other["sentences"]]
            spans = [
                (places[start], places[start + len(joined(sentence)[0]) - 1] + 1)
                for start, sentence in zip(starts, other["sentences"], strict=True)
            ]
            rows.append(member_row(story["id"], ids[other["article"]], "secondary", spans))
    return rows


@pytest.fixture(scope="module")
def tables(gold: Gold, seeds: Path) -> Tables:
    config = Config()
    engine = open_engine(config.engine, Silent())
    articles, _ = read_articles([seeds], config.read, engine)
    made: Tables = {"articles": engine.to_arrow(articles)}
    names = [story["id"] for story in gold["stories"]]
    given: Tables = {
        "stories": pa.Table.from_pylist([{"id": name, "arc": "arc", "terms": []} for name in names], schema=STORIES),
        "arcs": pa.Table.from_pylist([{"id": "arc", "label": "", "stories": names}], schema=ARCS),
        "memberships": pa.Table.from_pylist(annotated_members(gold, made["articles"]), schema=MEMBERSHIPS),
        "groups": GROUPS.empty_table(),
    }
    named = {name: engine.table(name, table.to_batches(), table.schema) for name, table in given.items()}
    facts = find_facts(
        articles, named["groups"], named["stories"], named["arcs"], named["memberships"], config.facts, engine
    )
    figures = track_figures(articles, facts, named["stories"], named["arcs"], config.facts, engine)
    return made | given | {"facts": engine.to_arrow(facts), "figures": engine.to_arrow(figures)}


@pytest.fixture(scope="module")
def evaluation(gold: Gold, tables: Tables) -> FactsEvaluation:
    return evaluate_facts(tables, gold)


@pytest.mark.parametrize(
    ("measure", "least"),
    [
        ("new", 0.95),
        ("listed", 0.95),
        ("known", 0.70),
        ("series", 1.0),
        ("conflicts", 1.0),
        ("not_conflicts", 1.0),
        ("status_changes", 1.0),
        ("speakers", 0.80),
        ("times", 1.0),
        ("names", 1.0),
    ],
)
def test_the_seeds_reach_what_they_reached(evaluation: FactsEvaluation, measure: str, least: float) -> None:
    share = getattr(evaluation, measure)
    assert share.total > 0
    assert share.value >= least, share.missing


def test_without_facts_nothing_is_new_known_or_in_a_series(gold: Gold, tables: Tables) -> None:
    empty = evaluate_facts(tables | {"facts": FACTS.empty_table(), "figures": tables["figures"].slice(0, 0)}, gold)
    assert (empty.new.right, empty.known.right, empty.series.right, empty.speakers.right) == (0, 0, 0, 0)
    assert empty.not_conflicts.value == 1.0


def test_a_run_that_calls_all_known_finds_no_new_fact(gold: Gold, tables: Tables) -> None:
    rows = [row | {"status": "known"} for row in tables["facts"].to_pylist()]
    all_known = evaluate_facts(tables | {"facts": pa.Table.from_pylist(rows, schema=FACTS)}, gold)
    assert all_known.listed.right == all_known.listed.total - len(all_known.listed.missing)
    assert all_known.new.value < 0.05  # only entries that accept "known" as an alternative are right


def test_the_table_names_what_is_missing(evaluation: FactsEvaluation) -> None:
    words = " ".join(write_facts_evaluation(evaluation).split())
    assert all(name in words for name, _ in evaluation.rows())
    assert all(name in words for name in evaluation.known.missing)


def test_speakers_are_compared_by_name_state_or_initials() -> None:
    stated = [
        ("name", "Ada Kling", ["Mayor Kling"]),
        ("state", "French government", ["France"]),
        ("initials", "NHS", ["National Health Service"]),
        ("none", "Ada Kling", ["the mayor"]),
    ]
    assert check_speakers(stated).missing == ("none",)
