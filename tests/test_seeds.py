"""The regression on the seed corpus: its stories, order, copies and what must not change."""

import json
import shutil
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest

from storycluster import Run, load_config, run

ROOT = Path(__file__).parents[1]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
NUMBER = {path.stem: path.name[:3] for path in SEEDS}

#: Words a person would name each story by, by the number of an article that tells it.
NAMING_WORDS = {
    "000": ({"delegation", "brief"}, {"nato", "eu", "brussels"}),
    "002": ({"nis", "intelligence"}, {"october 18", "confirm", "oct 18"}),
    "003": ({"borrell"}, {"seoul"}),
}


@cache
def seeds_run(*overrides: str) -> Run:
    return run(SEEDS, load_config(ROOT / "configs" / "default.toml", overrides))


def primary_stories(result: Run) -> set[frozenset[str]]:
    """The stories as sets of article ids, primary members only, copies left out."""
    members: dict[str, set[str]] = {}
    for row in result.tables["memberships"].to_pylist():
        if row["role"] == "primary" and row["copy_of"] is None:
            members.setdefault(row["story"], set()).add(row["article"])
    return {frozenset(articles) for articles in members.values()}


def by_number(stories: Iterable[Iterable[str]]) -> set[frozenset[str]]:
    return {frozenset(NUMBER[article] for article in story) for story in stories}


def story_of(result: Run, number: str) -> Mapping[str, object]:
    story = next(
        row["story"]
        for row in result.tables["memberships"].to_pylist()
        if row["role"] == "primary" and NUMBER[row["article"]] == number
    )
    return next(row for row in result.tables["stories"].to_pylist() if row["id"] == story)


THREE = {frozenset({"000", "001", "004"}), frozenset({"002"}), frozenset({"003"})}


@pytest.mark.parametrize("factor", [0.9, 0.95, 1.0, 1.05, 1.1])
def test_the_three_stories_hold_for_the_threshold_give_or_take_a_tenth(factor: float) -> None:
    threshold = load_config().stories.threshold * factor
    assert by_number(primary_stories(seeds_run(f"stories.threshold={threshold}"))) == THREE


def test_later_figures_of_000_are_found_as_a_passage_of_the_confirmation_story() -> None:
    result = seeds_run()
    story = story_of(result, "002")["id"]
    texts = {row["id"]: row["text"] for row in result.tables["articles"].to_pylist()}
    spans = [
        texts[row["article"]][span["start"] : span["end"]]
        for row in result.tables["memberships"].to_pylist()
        if row["story"] == story and NUMBER[row["article"]] == "000" and row["role"] in {"secondary", "mention"}
        for span in row["spans"]
    ]
    assert any("3,000 troops" in span for span in spans), spans


@pytest.mark.parametrize("number", sorted(NAMING_WORDS))
def test_label_or_terms_contain_the_words_a_person_would_use(number: str) -> None:
    story = story_of(seeds_run(), number)
    words = f"{story['label']} {' '.join(story['terms'])}".lower()  # type: ignore[arg-type]
    for choices in NAMING_WORDS[number]:
        assert any(choice in words for choice in choices), (choices, words)


def test_all_five_are_one_running_affair() -> None:
    arcs = seeds_run().tables["arcs"].to_pylist()
    assert [len(arc["stories"]) for arc in arcs] == [3]


def test_000_states_its_lower_bound_and_003_stays_undated() -> None:
    rows = {NUMBER[row["id"]]: row for row in seeds_run().tables["articles"].to_pylist()}
    assert rows["000"]["published"] is None
    assert rows["000"]["published_from"].date().isoformat() == "2024-10-23"
    assert rows["003"]["published"] is None
    assert rows["003"]["published_from"] is None
    assert [str(rows[number]["published"].date()) for number in ("002", "004", "001")] == [
        "2024-10-18",
        "2024-10-28",
        "2024-10-29",
    ]


def test_headlines_are_recognised_and_none_is_invented() -> None:
    gold = json.loads((ROOT / "tests" / "gold" / "seeds.json").read_text(encoding="utf-8"))["articles"]
    titles = {NUMBER[row["id"]]: row["title"] for row in seeds_run().tables["articles"].to_pylist()}
    assert titles == {number: article["title"] for number, article in gold.items()}


def test_no_seed_is_a_copy_of_another() -> None:
    assert seeds_run().tables["groups"].num_rows == 0


def test_every_span_shows_the_words_it_claims() -> None:
    result = seeds_run()
    articles = {row["id"]: row for row in result.tables["articles"].to_pylist()}
    facts = result.tables["facts"].to_pylist()
    assert facts
    for fact in facts:
        field = articles[fact["article"]][fact["span"]["field"] or "text"]
        assert field[fact["span"]["start"] : fact["span"]["end"]] == fact["text"]
        assert fact["sentence"]["start"] <= fact["span"]["start"] < fact["span"]["end"] <= fact["sentence"]["end"]


# --- what must not change -------------------------------------------------------------------------


def rendered(result: Run) -> dict[str, list[dict[str, object]]]:
    return {name: result.tables[name].to_pylist() for name in result.tables}


def test_the_order_of_the_files_changes_nothing() -> None:
    assert rendered(run(SEEDS[::-1])) == rendered(run(SEEDS))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_threads_changes_nothing(threads: int) -> None:
    assert rendered(run(SEEDS, load_config(None, [f"engine.threads={threads}"]))) == rendered(seeds_run())


def test_renaming_the_files_changes_names_only(tmp_path: Path) -> None:
    renamed = {path.stem: f"{letter}-article" for path, letter in zip(SEEDS, "qhxba", strict=True)}
    for path in SEEDS:
        shutil.copy(path, tmp_path / f"{renamed[path.stem]}.txt")
    result = run(sorted(tmp_path.glob("*.txt")))
    expected = {frozenset(renamed[article] for article in story) for story in primary_stories(seeds_run())}
    assert primary_stories(result) == expected
    labels = sorted(row["label"] for row in seeds_run().tables["stories"].to_pylist())
    assert sorted(row["label"] for row in result.tables["stories"].to_pylist()) == labels

    def statements(table_run: Run, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
        return sorted(
            (names[row["article"]], row["text"], row["status"]) for row in table_run.tables["facts"].to_pylist()
        )

    own = {name: name for name in renamed.values()}
    assert statements(result, own) == statements(seeds_run(), renamed)


@pytest.mark.parametrize("removed", SEEDS, ids=lambda path: path.name[:3])
def test_removing_an_article_leaves_the_other_stories_as_they_are(removed: Path) -> None:
    left = run([path for path in SEEDS if path != removed])
    expected = {story - {removed.stem} for story in primary_stories(seeds_run())} - {frozenset()}
    assert primary_stories(left) == expected


@pytest.mark.parametrize("copied", SEEDS, ids=lambda path: path.name[:3])
def test_a_copied_article_joins_a_group_and_adds_no_facts(copied: Path, tmp_path: Path) -> None:
    shutil.copy(copied, tmp_path / "zz-copy.txt")
    result = run([*SEEDS, tmp_path / "zz-copy.txt"])
    assert {row["article"] for row in result.tables["groups"].to_pylist()} == {copied.stem, "zz-copy"}
    assert {row["relation"] for row in result.tables["groups"].to_pylist()} == {"kept", "exact"}
    before = {row["id"] for row in seeds_run().tables["facts"].to_pylist()}
    assert {row["id"] for row in result.tables["facts"].to_pylist()} == before


def test_a_copy_with_one_number_changed_adds_one_changed_figure(tmp_path: Path) -> None:
    source = next(path for path in SEEDS if NUMBER[path.stem] == "002")
    text = source.read_text(encoding="utf-8").replace("a total of 12,000 troops", "a total of 15,000 troops")
    (tmp_path / "zz-copy.txt").write_text(text, encoding="utf-8")
    result = run([*SEEDS, tmp_path / "zz-copy.txt"])
    assert {row["relation"] for row in result.tables["groups"].to_pylist()} == {"kept", "near"}
    news = [
        row
        for row in result.tables["facts"].to_pylist()
        if row["article"] == "zz-copy" and row["status"] not in {"known"}
    ]
    assert [row["status"] for row in news] in (["conflicting"], ["updated"]), [(r["status"], r["text"]) for r in news]
    assert "15,000" in news[0]["text"]
