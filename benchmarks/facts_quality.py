"""Facts of the seeds against their annotation, with the stories found and with the annotated stories.

    python benchmarks/facts_quality.py [--write]

``--write`` puts the tables into reports/seeds_facts.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
from tabulate import tabulate

from storycluster.config import Config
from storycluster.evaluate.facts import FactsEvaluation, evaluate_facts
from storycluster.evaluate.slots import joined
from storycluster.model import ARCS, GROUPS, MEMBERSHIPS, STORIES
from storycluster.pipeline import open_engine, run
from storycluster.progress import Silent
from storycluster.stages.facts import find_facts, track_figures
from storycluster.stages.read import read_articles

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
GOLD = ROOT / "tests" / "gold" / "seeds.json"
REPORT = ROOT / "reports" / "seeds_facts.md"

Gold = Mapping[str, object]
HEAD = """# Facts of the seeds against their annotation

Measured by `python benchmarks/facts_quality.py --write`. One annotator; doubtful entries are right with either
label, minor ones count only where they are reported. "Missing" names the entries of `tests/gold/seeds.json`. An
entry of a secondary member counts as missing where the stories found do not hold its passage.
"""


def given_stories(gold: dict[str, object], articles: pa.Table) -> dict[str, pa.Table]:
    """Stories, arcs, memberships and (no) groups as annotated; secondary members have their passages as spans."""
    ids = {name: Path(entry["file"]).stem for name, entry in gold["files"].items()}
    texts = dict(zip(articles.column("id").to_pylist(), articles.column("text").to_pylist(), strict=True))
    members = []
    for story in gold["stories"]:
        members += [member(story["id"], ids[name], "primary", []) for name in story["primary"]]
        for other in story["secondary"]:
            text = texts[ids[other["article"]]]
            members.append(member(story["id"], ids[other["article"]], "secondary", passages(text, other["sentences"])))
    names = [story["id"] for story in gold["stories"]]
    return {
        "stories": pa.Table.from_pylist([{"id": name, "arc": "T0", "terms": []} for name in names], schema=STORIES),
        "arcs": pa.Table.from_pylist([{"id": "T0", "label": "", "stories": names}], schema=ARCS),
        "memberships": pa.Table.from_pylist(members, schema=MEMBERSHIPS),
        "groups": GROUPS.empty_table(),
    }


def member(story: str, article: str, role: str, spans: list[dict[str, object]]) -> dict[str, object]:
    empty = dict.fromkeys(MEMBERSHIPS.names)
    return empty | {"story": story, "article": article, "role": role, "spans": spans, "evidence": []}


def passages(text: str, sentences: list[str]) -> list[dict[str, object]]:
    letters, places = joined(text)
    spans = []
    for sentence in sentences:
        wanted, _ = joined(sentence)
        start = letters.index(wanted)
        spans.append({"start": places[start], "end": places[start + len(wanted) - 1] + 1, "field": None})
    return spans


def one_story(articles: pa.Table) -> dict[str, pa.Table]:
    """All articles as primary members of one story."""
    names = articles.column("id").to_pylist()
    return {
        "stories": pa.Table.from_pylist([{"id": "T0", "arc": "T0", "terms": []}], schema=STORIES),
        "arcs": pa.Table.from_pylist([{"id": "T0", "label": "", "stories": ["T0"]}], schema=ARCS),
        "memberships": pa.Table.from_pylist([member("T0", name, "primary", []) for name in names], schema=MEMBERSHIPS),
        "groups": GROUPS.empty_table(),
    }


def tables_of_given_stories(gold: dict[str, object], *, umbrella: bool = False) -> dict[str, pa.Table]:
    config = Config()
    engine = open_engine(config.engine, Silent())
    articles, _ = read_articles([SEEDS], config.read, engine)
    tables = {"articles": engine.to_arrow(articles)}
    given = one_story(tables["articles"]) if umbrella else given_stories(gold, tables["articles"])
    named = {name: engine.table(name, table.to_batches(), table.schema) for name, table in given.items()}
    facts = find_facts(
        articles, named["groups"], named["stories"], named["arcs"], named["memberships"], config.facts, engine
    )
    figures = track_figures(articles, facts, named["stories"], named["arcs"], config.facts, engine)
    return tables | given | {"facts": engine.to_arrow(facts), "figures": engine.to_arrow(figures)}


def facts_table(evaluation: FactsEvaluation) -> str:
    """The measures as a Markdown table: right, of how many, share, and what is missing."""
    rows = [
        (name, share.right, share.total, f"{share.value:.1%}", ", ".join(share.missing) or "–")
        for name, share in evaluation.rows()
    ]
    return str(tabulate(rows, headers=("measure", "right", "of", "share", "missing"), tablefmt="pipe"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--given-only", action="store_true", help="leave out the run with the stories found")
    asked = parser.parse_args()
    gold = json.loads(GOLD.read_text(encoding="utf-8"))
    parts = [HEAD]
    if not asked.given_only:
        parts += ["## With the stories found\n", facts_table(evaluate_facts(run([SEEDS]).tables, gold)) + "\n"]
    parts += [
        "## With the annotated stories\n",
        facts_table(evaluate_facts(tables_of_given_stories(gold), gold)) + "\n",
    ]
    parts += [
        "## With all five in one given story\n",
        facts_table(evaluate_facts(tables_of_given_stories(gold, umbrella=True), gold)) + "\n",
    ]
    text = "\n".join(parts)
    print(text)
    if asked.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
