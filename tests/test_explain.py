"""Explanations: every number is the stored one or counted from stored ones, and a threshold told does change it."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import pytest

from storycluster.config import Config, StoriesConfig, load_config
from storycluster.errors import InputError
from storycluster.explain.article import ArticleExplanation
from storycluster.explain.explain import explain
from storycluster.explain.pair import PairExplanation
from storycluster.model import Article
from storycluster.pipeline import cluster_stories
from storycluster.runs import Run
from storycluster.stages.stories import find_stories
from storycluster.stored import primary_stories, read_scores
from storycluster.views.explanation import write_explanation
from tests.small_runs import articles, run_of, small_run


def article(run: Run, a: str) -> ArticleExplanation:
    found = explain(run, a)
    assert isinstance(found, ArticleExplanation)
    return found


def pair(run: Run, a: str, b: str) -> PairExplanation:
    found = explain(run, a, b)
    assert isinstance(found, PairExplanation)
    return found


def scores(run: Run) -> dict[frozenset[str], Mapping[str, float]]:
    return {frozenset((row["a"], row["b"])): row for row in run.tables["similarities"].to_pylist()}


def test_an_unknown_id_is_an_input_error_with_the_nearest_ids() -> None:
    with pytest.raises(InputError, match=r"ferry-9.*ferry-"):
        explain(small_run(), "ferry-9")
    with pytest.raises(InputError, match="commet"):
        explain(small_run(), "ferry-0", "commet-1")


def test_an_article_is_not_compared_with_itself() -> None:
    with pytest.raises(InputError, match="'ferry-1' is named twice; name two articles, or one alone"):
        explain(small_run(), "ferry-1", "ferry-1")


def test_the_channels_of_two_articles_are_the_stored_ones() -> None:
    stored = scores(small_run())[frozenset(("ferry-0", "ferry-1"))]
    channels = pair(small_run(), "ferry-1", "ferry-0").channels
    assert channels is not None
    assert (channels.score, channels.names, channels.lead) == (stored["score"], stored["names"], stored["lead"])


def test_a_pair_without_a_score_is_told_to_be_below_the_floor() -> None:
    found = pair(small_run("stories.least_similarity=0.5"), "ferry-0", "comet-1")
    assert (found.channels, found.unmeasured, found.floor) == (None, "below", 0.5)
    assert "below 0.5" in write_explanation(found)


def test_copies_are_told_with_their_scores() -> None:
    run = small_run()
    found = pair(run, "ferry-0", "ferry-copy")
    assert (found.copies.relation, found.copies.jaccard, found.copies.is_group) == ("exact", 1.0, True)
    assert found.unmeasured == "copies"
    group = article(run, "ferry-copy").group
    assert group is not None
    assert (group.kept, group.relation) == ("ferry-0", "exact")
    assert article(run, "ferry-0").group is not None
    assert not pair(run, "ferry-0", "comet-0").copies.is_group


def test_a_copy_is_compared_through_its_kept_article() -> None:
    found = pair(small_run(), "ferry-copy", "ferry-1")
    assert found.compared == ("ferry-0", "ferry-1")
    assert found.channels == pair(small_run(), "ferry-0", "ferry-1").channels


def test_the_mean_between_two_stories_is_that_of_all_their_pairs() -> None:
    run, stored = small_run("stories.threshold=0.6"), scores(small_run("stories.threshold=0.6"))
    told = primary_stories(run)
    kept = [each.id for each in articles() if each.id and each.id != "ferry-copy"]
    apart = [names for names in itertools.combinations(kept, 2) if told[names[0]] != told[names[1]]]
    for a, b in apart:
        one, other = ([name for name in kept if told[name] == told[each]] for each in (a, b))
        values = [stored.get(frozenset((x, y)), {"score": 0.0})["score"] for x in one for y in other]
        together = pair(run, a, b).together
        assert together is not None
        assert together.mean_between == pytest.approx(sum(values) / len(values))


def test_above_its_mean_score_an_article_is_better_alone() -> None:
    run, stored = small_run(), scores(small_run())
    others = [name for name, story in primary_stories(run).items() if story == primary_stories(run)["ferry-1"]]
    values = [stored[frozenset(("ferry-1", name))]["score"] for name in others if name not in ("ferry-1", "ferry-copy")]
    assert article(run, "ferry-1").alone_above == pytest.approx(sum(values) / len(values))


def test_the_threshold_that_changes_the_answer_does_change_it() -> None:
    for own, a, b, changes in (
        ("0.25", "ferry-1", "ferry-2", True),
        ("0.25", "ferry-1", "strike-1", False),
        ("0.95", "comet-0", "comet-2", True),
    ):
        together = pair(small_run(f"stories.threshold={own}"), a, b).together
        assert together is not None
        assert (together.is_tried, together.changes_at is not None) == (True, changes)
        for threshold, is_story in (
            (own, together.is_story),
            (together.changes_at or own, together.is_story ^ changes),
        ):
            told = primary_stories(small_run(f"stories.threshold={threshold}"))
            assert (told[a] == told[b]) == is_story


def test_shared_terms_stand_where_they_are_said_to_stand() -> None:
    texts = {each.id: each for each in articles()}
    found = pair(small_run(), "ferry-0", "ferry-1")
    assert {"Brindle", "Kling"} <= {term.term for term in found.terms}
    for term in found.terms:
        for name, place in (("ferry-0", term.a), ("ferry-1", term.b)):
            assert place.field == "text"
            assert texts[name].text[place.start : place.end] == place.words
    assert [term.weight for term in found.terms] == sorted((term.weight for term in found.terms), reverse=True)


def test_terms_are_as_rare_as_the_settings_of_the_run_say() -> None:
    rare, common = (
        {
            term.term: term.weight
            for term in pair(small_run(f"stories.article_words={words}"), "ferry-0", "ferry-1").terms
        }
        for words in (100, 3_000)
    )
    assert rare["Brindle"] > common["Brindle"]


def test_terms_of_a_title_are_placed_in_the_title() -> None:
    title, text = "Brindle ferries collide – “fog”", "In Brindle two ferries collided on Tuesday morning."
    pieces = [Article(id="a", title=title, text=text), Article(id="b", title=None, text=f"Fähre: {text}")]
    found = pair(cluster_stories(pieces), "a", "b")
    place = {term.term: term for term in found.terms}["Brindle"]
    assert (place.a.field, title[place.a.start : place.a.end]) == ("title", "Brindle")
    assert (place.b.field, pieces[1].text[place.b.start : place.b.end]) == ("text", "Brindle")


def test_articles_of_two_languages_and_far_dates_are_told_apart_from_low_scores() -> None:
    text = articles()[0].text
    pieces = [
        Article(id="a", text=text, published="2024-01-01", language="en"),
        Article(id="b", text=text + " It was cold.", published="2024-06-01", language="en"),
        Article(id="c", text=articles()[3].text, published="2024-01-01", language="fr"),
    ]
    run = cluster_stories(pieces, load_config(None, ["dedup.threshold=1.0", "dedup.containment_threshold=1.0"]))
    assert pair(run, "a", "c").unmeasured == "language"
    if pair(run, "a", "b").compared == ("a", "b"):
        assert pair(run, "a", "b").unmeasured == "window"
        assert "30" in write_explanation(pair(run, "a", "b"))


def test_given_stories_are_explained_without_similarities() -> None:
    stories = [{"id": "s", "label": "A story", "arc": "s", "articles": 2}]
    run = run_of([("a", "s", "primary"), ("b", "s", "primary")], stories=stories)
    assert not article(run, "a").measured
    assert pair(run, "a", "b").unmeasured == "given"
    assert "given" in write_explanation(explain(run, "a", "b"))


def test_an_explanation_fits_80_columns_and_carries_no_controls() -> None:
    hostile = Article(id="evil", title="Two \x1b[31mferries\u202e", text=articles()[0].text + " \x1b[2J" * 3)
    run = cluster_stories([hostile, *articles()])
    for found in (explain(run, "evil"), explain(run, "evil", "ferry-1"), explain(run, "comet-1")):
        printed = write_explanation(found)
        assert max(map(len, printed.splitlines())) <= 80
        assert not set(printed) & {"\x1b", "\u202e"}


def apart(between: Sequence[float]) -> Run:
    """A run that holds a and b to be one story, c and d another; their four pairs have such scores."""
    scored = zip(("ab", "cd", "ac", "ad", "bc", "bd"), (0.9, 0.9, *between), strict=True)
    channels = dict.fromkeys(("words", "word_pairs", "names", "lead"), 0.1)
    run = run_of(
        [(name, f"story-{name in 'cd'}", "primary") for name in "abcd"],
        similarities=[{"a": pair[0], "b": pair[1], "score": score, **channels} for pair, score in scored],
        stories=[{"id": f"story-{last}", "label": "", "arc": "arc"} for last in (False, True)],
    )
    return Run(run.tables, run.stages, {"config": asdict(Config())})


def test_a_mean_above_the_threshold_is_told_with_the_threshold_below_which_two_stories_are_one() -> None:
    weak = apart((0.39, 0.39, 0.12, 0.12))
    together = pair(weak, "a", "c").together
    assert together is not None
    assert together.mean_between == pytest.approx(0.255)
    assert together.merges_below == pytest.approx(0.24)
    assert together.threshold == 0.25
    graph = read_scores(weak).graph
    for threshold, stories in ((0.25, 2), (0.241, 2), (0.239, 1)):
        assert len(set(find_stories(graph, StoriesConfig(threshold=threshold)).tolist())) == stories
    words = " ".join(write_explanation(pair(weak, "a", "c")).split())
    assert "is 0.255, but scores below half the threshold count as 0" in words
    assert "lower than 0.240, they would fit better as one story" in words


def test_stories_apart_although_their_mean_is_above_the_threshold_are_not_said_to_need_a_lower_one() -> None:
    words = " ".join(write_explanation(pair(apart((0.4, 0.4, 0.4, 0.4)), "a", "c")).split())
    assert "is 0.400. That is above stories.threshold (now 0.25), yet they are apart" in words
    assert "fit better as one" not in words


def test_where_every_score_counts_two_stories_are_one_below_their_mean() -> None:
    words = " ".join(write_explanation(pair(apart((0.2, 0.2, 0.2, 0.2)), "a", "c")).split())
    assert "is 0.200. If stories.threshold (now 0.25) were lower than that, they would fit better as one" in words
