"""Time windows: one window finds what the whole corpus finds; several cut no story, whatever the order of articles."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.config import StoriesConfig
from storycluster.runs import Run
from storycluster.stages import stories
from storycluster.stages.stories.windows import NO_DAY, plan_windows
from tests.window_runs import WINDOWED, Row, by_event, news, partition, run


def rounded(found: Run) -> dict[str, list[Row]]:
    """All rows, scores to six digits: windows add them up in another order."""
    return {
        name: [
            {key: round(value, 6) if isinstance(value, float) else value for key, value in row.items()}
            for row in found.tables[name].to_pylist()
        ]
        for name in WINDOWED
    }


@pytest.mark.parametrize("every", [0, 7])
def test_one_window_finds_what_the_whole_corpus_finds(monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    rows = news(every=every)
    whole = run(rows, 10_000)
    monkeypatch.setattr(stories, "need_windows", lambda *_: True)
    assert rounded(run(rows, 10_000)) == rounded(whole)
    assert partition(whole) == by_event(rows)


def test_no_story_is_cut_at_the_edge_of_a_window() -> None:
    rows = news()
    assert partition(run(rows, 9)) == by_event(rows)


def test_undated_articles_join_the_dated_ones_of_their_story() -> None:
    rows = news(every=9)
    assert partition(run(rows, 110)) == by_event(rows)


def test_a_pile_without_dates_is_one_window() -> None:
    rows = news(every=1)
    assert partition(run(rows, 9)) == by_event(rows)


def test_the_order_of_articles_changes_nothing() -> None:
    rows = news(every=11)
    one, other = run(rows, 15), run(rows[::-1], 15)
    assert all(one.tables[name].equals(other.tables[name]) for name in WINDOWED)


DAYS = st.dictionaries(st.integers(0, 200).map(lambda n: date(2024, 1, 1) + timedelta(days=n)), st.integers(1, 30))


@given(DAYS, st.integers(1, 60), st.integers(1, 20), st.integers(0, 5))
def test_a_day_is_at_home_once_and_seen_with_all_days_in_reach(
    days: dict[date, int], window_articles: int, window_days: int, undated: int
) -> None:
    counts = {**days, **({NO_DAY: undated} if undated else {})}
    config = StoriesConfig(window_articles=window_articles, window_days=float(window_days))
    rows = list(plan_windows({"en": counts}, config))
    homes = {row["day"]: row["number"] for row in rows if row["is_home"]}
    seen: dict[object, set[object]] = {}
    for row in rows:
        seen.setdefault(row["number"], set()).add(row["day"])
    assert sorted(row["day"] for row in rows if row["is_home"]) == sorted(counts)
    for day in days:
        near = {other for other in days if abs(other - day) <= timedelta(days=window_days)}
        assert near <= seen[homes[day]]
