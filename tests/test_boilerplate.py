"""Boilerplate: what a source repeats in different articles is left out and listed; versions of one article are not."""

from dataclasses import replace
from pathlib import Path

from storycluster.config import DedupConfig
from storycluster.pipeline import Options, find_duplicates
from storycluster.runs import Run
from tests.duplicate_runs import changed, news, run

NEWS = DedupConfig()
FOOTER = news(60, seed=1000)


def test_briefs_that_share_only_the_footer_of_their_source_are_not_pairs() -> None:
    texts = {f"n{seed:02}": f"{news(70, seed=seed)} {FOOTER}" for seed in range(30)}
    source = dict.fromkeys(texts, "Agency")
    config = replace(NEWS, threshold=0.28, permutations=256)
    assert len(run(texts, replace(config, boilerplate_articles=1000), source=source).pairs) == 30 * 29 // 2
    assert run(texts, config, source=source).pairs == []


def test_the_boilerplate_of_each_source_is_listed_with_its_count() -> None:
    texts = {f"n{seed:02}": f"{news(90, seed=seed)} {FOOTER}" for seed in range(30)}
    texts |= {f"other{seed}": news(90, seed=seed + 100) for seed in range(30)}
    found = run(texts, source={name: "Agency" if name[0] == "n" else "Paper" for name in texts})
    rows = found.engine.to_arrow("boilerplate").to_pylist()
    assert rows == [{"source": "Agency", "text": FOOTER, "articles": 30, "of": 30}]


def test_what_fewer_of_a_source_repeat_than_its_share_says_is_no_boilerplate() -> None:
    texts = {f"n{seed:02}": f"{news(90, seed=seed)} {FOOTER}" for seed in range(25)}
    texts |= {f"plain{seed:02}": news(90, seed=seed + 100) for seed in range(25)}
    source = dict.fromkeys(texts, "Agency")
    listed = [
        run(texts, replace(NEWS, boilerplate_share=share), source=source).engine.to_arrow("boilerplate").num_rows
        for share in (0.4, 0.6)
    ]
    assert listed == [1, 0]


def test_copies_with_the_footers_of_two_sources_are_compared_without_them() -> None:
    story = news(100, seed=500)
    texts = {f"a{seed}": f"{news(90, seed=seed)} {FOOTER}" for seed in range(25)}
    texts |= {f"b{seed}": f"{news(90, seed=seed + 100)} {news(60, seed=2000)}" for seed in range(25)}
    texts |= {"a-story": f"{story} {FOOTER}", "b-story": f"{story} {news(60, seed=2000)}"}
    found = run(texts, source={name: name[0] for name in texts})
    assert [(row["a"], row["b"], row["relation"]) for row in found.pairs] == [("a-story", "b-story", "near")]
    assert found.pairs[0]["jaccard"] > 0.9


def test_thirty_versions_of_one_article_of_a_source_are_still_copies() -> None:
    base = news(200, seed=1)
    texts = {f"v{number:02}": changed(base, [number]) for number in range(30)}
    texts |= {f"n{seed}": news(200, seed=seed + 10) for seed in range(10)}
    found = run(texts, source=dict.fromkeys(texts, "Agency"))
    assert [len(members) for members in found.copies().values()] == [30]


def test_signatures_do_not_depend_on_what_else_a_source_repeats() -> None:
    texts = {f"n{seed:02}": f"{news(90, seed=seed)} {FOOTER}" for seed in range(30)}
    alone = run({"n00": texts["n00"]}, source={"n00": "Agency"})
    together = run(texts, source=dict.fromkeys(texts, "Agency"))
    assert together.signatures[0] == alone.signatures[0]


def test_what_was_left_out_stands_in_the_run_folder_in_words(tmp_path: Path) -> None:
    records = [
        {"id": f"n{seed:02}", "text": f"{news(90, seed=seed)} {FOOTER}", "source": "Agency"} for seed in range(30)
    ]
    found = find_duplicates(records, options=Options(out=tmp_path / "run"))
    assert Run.open(tmp_path / "run").tables["boilerplate"].to_pylist() == [
        {"source": "Agency", "text": FOOTER, "articles": 30, "of": 30}
    ]
    assert found.tables["boilerplate"].num_rows == 1
