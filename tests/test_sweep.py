"""Sweeps: every row is what a run at that threshold finds; pictures are the same bytes each time."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from storycluster.config import load_config
from storycluster.errors import EngineError, InputError
from storycluster.pipeline import find_duplicates
from storycluster.sweep import sweep_groups, sweep_stories
from storycluster.views.sweep_plot import check_plot, draw_sweeps
from storycluster.views.sweeps import write_sweeps
from tests.small_runs import articles, run_of, small_run


@pytest.mark.parametrize("threshold", [0.1, 0.25, 0.4, 0.6])
def test_a_row_counts_the_stories_a_run_at_that_threshold_finds(threshold: float) -> None:
    row = sweep_stories(small_run(), [threshold])[0]
    stories = small_run(f"stories.threshold={threshold}").tables["stories"]
    sizes = Counter(stories.column("articles").to_pylist())
    assert row.stories == stories.num_rows
    assert (row.alone, row.pairs) == (sizes[1], sizes[2])
    assert row.largest == max(sizes)
    assert row.is_run == (threshold == 0.25)


def test_higher_thresholds_have_as_many_articles() -> None:
    total = small_run().tables["articles"].num_rows
    for row in sweep_stories(small_run()):
        assert row.alone_share == pytest.approx(row.alone / total)
        assert row.largest_share == pytest.approx(row.largest / total)


def test_a_row_counts_the_groups_a_run_at_that_threshold_finds() -> None:
    texts = [*articles(), *articles()[:3]]
    for number, article in enumerate(texts[-3:]):
        words = article.text.split()
        texts[-3 + number] = type(article)(id=f"edited-{number}", text=" ".join(words[: -2 - number]))
    config = ["dedup.exact=true", "dedup.threshold=0.5", "dedup.containment_threshold=1.0"]
    run = find_duplicates(texts, load_config(None, config))
    rows = sweep_groups(run)
    assert rows[0].copies > rows[-1].copies > 0
    for row in rows[:: len(rows) // 4]:
        again = find_duplicates(texts, load_config(None, [*config, f"dedup.threshold={row.threshold}"]))
        groups = again.tables["groups"]
        assert row.groups == len(set(groups.column("id").to_pylist()))
        assert row.copies == groups.num_rows - row.groups
        assert row.kept == len(texts) - row.copies


def test_a_run_with_given_stories_has_nothing_to_sweep() -> None:
    run = run_of([("a", "s", "primary"), ("b", "s", "primary")])
    with pytest.raises(InputError, match="given"):
        sweep_stories(run)


def test_a_run_without_stories_says_so() -> None:
    with pytest.raises(InputError, match="no stories"):
        sweep_stories(run_of([("a", "s", "primary")], stages=("read", "duplicates")))


def test_the_tables_fit_80_columns() -> None:
    printed = write_sweeps(sweep_groups(small_run()), sweep_stories(small_run()))
    assert max(map(len, printed.splitlines())) <= 80
    assert "*0.25" in printed
    assert "*0.90" in printed


@pytest.mark.parametrize("name", ["sweep.svg", "sweep.png"])
def test_a_picture_is_the_same_bytes_each_time(name: str, tmp_path: Path) -> None:
    groups, stories = sweep_groups(small_run()), sweep_stories(small_run())
    written = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        draw_sweeps(groups, stories, tmp_path / folder / name)
        written.append((tmp_path / folder / name).read_bytes())
    assert written[0] == written[1]
    assert written[0].startswith(b"<?xml" if name.endswith("svg") else b"\x89PNG")


def test_another_ending_is_refused_before_anything_is_read() -> None:
    with pytest.raises(InputError, match=r"must end with \.svg or \.png"):
        check_plot(Path("sweep.gif"))


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(EngineError, match="pip install"):
        check_plot(Path("sweep.svg"))
