"""Similarities, stories and arcs of small piles."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from storycluster.config import StoriesConfig

from .story_runs import Found, News, find_stories

FERRY = (
    "Two ferries collided off Dover on Monday and 40 passengers were taken to hospital, the coastguard said. "
    "The Calais Star struck the Kent Queen in thick fog near the Goodwin Sands."
)
FERRY_LATER = (
    "Investigators boarded the ferry Calais Star after its collision with the Kent Queen off Dover. "
    "The coastguard said fog hid the Goodwin Sands and 40 passengers were hurt."
)
STRIKE = (
    "Bakers in Lyon walked out over flour prices and closed 300 shops, the union leader Odile Marchand said. "
    "The bakers want a subsidy from the prefecture before Friday."
)
STRIKE_LATER = (
    "The prefecture offered the bakers of Lyon a flour subsidy, and union leader Odile Marchand called it too small. "
    "About 300 shops stayed closed."
)
PILE = [
    News("ferry-1", FERRY, published="2024-05-06"),
    News("ferry-2", FERRY_LATER, published="2024-05-07"),
    News("strike-1", STRIKE, published="2024-05-06"),
    News("strike-2", STRIKE_LATER, published="2024-05-08"),
    News("alone", "A vintage tram returned to the streets of Lisbon after nine years of repairs."),
]
TWO_STORIES = {frozenset({"ferry-1", "ferry-2"}), frozenset({"strike-1", "strike-2"}), frozenset({"alone"})}


def without_ids(found: Found, names: dict[str, str]) -> list[tuple[object, ...]]:
    return sorted(
        (*sorted((names[r["a"]], names[r["b"]])), r["score"], r["words"], r["time"]) for r in found.similarities
    )


def test_two_stories_of_two_and_one_alone_are_found_among_five_articles() -> None:
    assert find_stories(PILE).partition() == TWO_STORIES


@pytest.mark.parametrize("seed", range(3))
def test_order_and_threads_change_nothing(seed: int) -> None:
    shuffled = random.Random(seed).sample(PILE, len(PILE))  # noqa: S311 - an order, no secret
    assert find_stories(shuffled, threads=seed + 1) == find_stories(PILE)


def test_other_ids_change_names_only() -> None:
    names = {news.id: f"{letter}-article" for news, letter in zip(PILE, "qhxba", strict=True)}
    renamed = find_stories([replace(news, id=names[news.id]) for news in PILE])
    own = {name: name for name in names.values()}
    assert without_ids(renamed, own) == without_ids(find_stories(PILE), names)
    assert renamed.partition() == {frozenset(names[article] for article in story) for story in TWO_STORIES}
    assert [row["label"] for row in renamed.stories] == [row["label"] for row in find_stories(PILE).stories]


@pytest.mark.parametrize("removed", range(len(PILE)))
def test_without_one_article_the_others_stay_together(removed: int) -> None:
    left = [news for news in PILE if news is not PILE[removed]]
    expected = {story - {PILE[removed].id} for story in TWO_STORIES} - {frozenset()}
    assert find_stories(left).partition() == expected


def test_the_same_words_far_apart_in_time_score_less_and_beyond_the_window_nothing() -> None:
    scores = []
    for day in ("2024-05-07", "2024-05-20", "2024-07-01"):
        pair = find_stories([PILE[0], replace(PILE[1], published=day)]).score("ferry-1", "ferry-2")
        scores.append(pair["score"] if pair else 0.0)
    assert scores[0] > scores[1] > scores[2] == 0.0


def test_a_lower_bound_speaks_against_earlier_articles_only() -> None:
    bound = replace(PILE[1], published=None, published_from="2024-05-20")
    before = find_stories([PILE[0], bound]).score("ferry-1", "ferry-2")
    after = find_stories([replace(PILE[0], published="2024-05-28"), bound]).score("ferry-1", "ferry-2")
    assert before
    assert after
    assert before["time"] < 0.1
    assert after["time"] is None
    assert after["score"] > before["score"]


@pytest.mark.parametrize("other", [None, "2024-05-06", "2030-01-01"])
def test_between_articles_without_a_date_a_lower_bound_changes_no_score(other: str | None) -> None:
    undated = [replace(news, published=None) for news in PILE]
    bound = [replace(undated[0], published_from="2009-01-01"), replace(undated[1], published_from=other)]
    expected = find_stories(undated).score("ferry-1", "ferry-2")
    found = find_stories([*bound, *undated[2:]]).score("ferry-1", "ferry-2")
    assert expected
    assert found
    assert found["score"] == pytest.approx(expected["score"])


def test_an_old_lower_bound_keeps_an_article_out_of_no_window() -> None:
    bound = replace(PILE[1], published=None, published_from="2009-01-01")
    assert find_stories([PILE[0], bound]).score("ferry-1", "ferry-2")


def test_a_higher_threshold_gives_smaller_stories_and_a_lower_arc_threshold_larger_arcs() -> None:
    assert len(find_stories(PILE, StoriesConfig(threshold=1.0)).stories) == len(PILE)
    assert len(find_stories(PILE, StoriesConfig(arc_threshold=0.99)).arcs) == 3
    merged = find_stories([*PILE[:2], replace(PILE[0], id="ferry-3", text=FERRY.replace("40", "41"))])
    assert len(merged.arcs) == 1


def test_each_channel_can_be_weighed_to_nothing() -> None:
    for name in ("words", "word_pairs", "names", "lead"):
        less = find_stories(PILE, StoriesConfig(**{name: 0.0})).score("ferry-1", "ferry-2")
        full = find_stories(PILE).score("ferry-1", "ferry-2")
        assert less
        assert full
        assert less["score"] < full["score"]
        assert less[name] == full[name]


def test_short_texts_are_lifted_more_than_long_ones() -> None:
    def gain(news: Sequence[News]) -> float:
        plain = find_stories(news, StoriesConfig(short_lift=0.0)).score("ferry-1", "ferry-2")
        lifted = find_stories(news).score("ferry-1", "ferry-2")
        assert plain
        assert lifted
        return lifted["score"] / plain["score"]

    short = [replace(news, text=" ".join(news.text.split()[:12])) for news in PILE[:2]]
    assert gain(short) > gain(PILE[:2]) > 1.0


def test_notices_of_one_pattern_about_different_names_stay_apart() -> None:
    companies = ("Aldgate Tin", "Borrowby Looms", "Caxton Presses", "Dunmore Kilns")
    notices = [
        News(
            f"notice-{at}",
            f"{name} declared a quarterly dividend of {at + 11} cents a share, payable to holders of record. "
            f"{name} chairman {name.split()[0]}son approved it.",
            published="2024-05-06",
        )
        for at, name in enumerate(companies)
    ]
    assert len(find_stories(notices).stories) == len(notices)
    blind = find_stories(notices, StoriesConfig(name_agreement=0.0)).score("notice-0", "notice-1")
    seeing = find_stories(notices, StoriesConfig(name_agreement=1.0)).score("notice-0", "notice-1")
    assert blind
    assert blind["score"] > (seeing["score"] if seeing else 0.0)


def test_a_sure_pair_stays_together_though_each_has_nearer_neighbours_elsewhere() -> None:
    tram = "A vintage tram returned to the streets of Lisbon after nine years, and mayor Rui Quental rang its bell."
    mixed = [
        News("a", f"{FERRY} {STRIKE}"),
        News("b", f"{FERRY_LATER} {tram}"),
        News("strike-1", STRIKE),
        News("tram-1", tram),
    ]
    for sure, is_raised in ((0.01, True), (1.0, False)):
        pair = find_stories(mixed, StoriesConfig(sure_similarity=sure)).score("a", "b")
        direct = find_stories(mixed, StoriesConfig(support=0.0)).score("a", "b")
        assert pair
        assert direct
        assert (pair["score"] >= direct["score"]) == is_raised


def test_articles_of_two_languages_are_not_compared() -> None:
    english = [News("a", FERRY), News("b", FERRY, language="fr")]
    assert find_stories(english).similarities == []
    assert find_stories([english[0], replace(english[1], language=None)]).similarities


def test_a_copy_inherits_the_story_of_its_kept_article_and_moves_no_score() -> None:
    copied = [*PILE, News("copy", FERRY + " Reuters", published="2024-05-06", source="Gazette")]
    found = find_stories(copied, copies={"copy": "ferry-1"})
    assert found.similarities == find_stories(PILE).similarities
    story = {row["article"]: row for row in found.memberships if row["role"] == "primary"}
    assert story["copy"]["story"] == story["ferry-1"]["story"]
    assert story["copy"]["copy_of"] == "ferry-1"
    assert next(row for row in found.stories if row["id"] == story["copy"]["story"])["articles"] == 3


def test_channels_and_scores_are_shares() -> None:
    for row in find_stories(PILE).similarities:
        for name in ("score", "words", "word_pairs", "names", "lead"):
            assert 0.0 <= row[name] <= 1.0


def test_nothing_to_compare_gives_empty_tables_and_stories_of_one() -> None:
    assert find_stories([News("only", "Fog.")]).partition() == {frozenset({"only"})}
    two = find_stories([News("a", "The of."), News("b", "1")])
    assert two.similarities == []
    assert len(two.stories) == 2


def test_a_planted_story_stays_one_and_pairs_are_found_among_strangers() -> None:
    chooser = random.Random(3)  # noqa: S311 - texts, no secrets
    vocabulary = [
        f"{a}{b}{c}" for a in "bdfgklmn" for b in ("ala", "oro", "esi", "uno") for c in ("ta", "vik", "sen", "dor")
    ]

    def text(topic: list[str]) -> str:
        return " ".join(chooser.sample(topic, 14) + chooser.sample(vocabulary, 20)).capitalize()

    large = [f"Xa{word}" for word in vocabulary[:24]]
    pile = [News(f"large-{at}", text(large)) for at in range(120)]
    for pair in range(20):
        topic = [f"Qu{pair}{word}x" for word in vocabulary[:16]]
        pile += [News(f"pair-{pair}-{side}", text(topic)) for side in range(2)]
    expected = {frozenset(f"large-{at}" for at in range(120))}
    expected |= {frozenset(f"pair-{pair}-{side}" for side in range(2)) for pair in range(20)}
    assert find_stories(pile).partition() == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("number_weight", 3.0),
        ("lead_words", 5),
        ("background_articles", 10.0),
        ("article_words", 3_000),
        ("far_in_time", 0.9),
        ("time_width_days", 0.1),
        ("window_days", 1.0),
        ("support", 0.0),
        ("support_floor", 0.99),
        ("support_neighbours", 0),
        ("least_similarity", 0.9),
        ("most_neighbours", 1),
        ("unknown_in_time", 0.1),
    ],
)
def test_each_setting_of_the_similarity_has_an_effect(key: str, value: float) -> None:
    more = [
        *PILE,
        News(
            "ferry-3",
            "The Calais Star, hurt in fog off Dover, is repaired, 40 workers said.",
            published="2024-05-09",
        ),
        News("ferry-4", f"{FERRY} The mayor of Calais asked for a ferry inquiry.", published="2024-05-12"),
    ]
    assert find_stories(more, StoriesConfig(**{key: value})).similarities != find_stories(more).similarities


def test_common_terms_find_no_pairs_where_they_are_common() -> None:
    few = StoriesConfig(common_term_share=0.01, common_term_articles=1)
    assert not find_stories(PILE[:2], few).similarities
    assert find_stories(PILE[:2]).similarities


def test_a_low_merge_share_joins_stories_that_share_something() -> None:
    loose = StoriesConfig(threshold=0.99, merge_share=0.05, sure_similarity=1.0, support=0.0)
    strict = StoriesConfig(threshold=0.99, merge_share=1.0, sure_similarity=1.0, support=0.0)
    pile = [*PILE[:2], News("ferry-3", FERRY + " Fog.", published="2024-05-06")]
    assert len(find_stories(pile, loose).stories) < len(find_stories(pile, strict).stories)
