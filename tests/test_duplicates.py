"""Verified pairs: against brute force, and every trap that other tools fall into."""

from dataclasses import replace
from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.config import DedupConfig
from storycluster.errors import ConfigError
from storycluster.text.normalise import normalise
from tests.duplicate_runs import Found, article_table, changed, day, news, run

NEWS = DedupConfig()


def brute_force(texts: dict[str, str], config: DedupConfig) -> dict[tuple[str, str], tuple[float, float]]:
    """Jaccard and containment of every pair that passes, on plain Python sets."""
    width = config.shingle_words
    words = {name: normalise(text).split(" ") for name, text in texts.items()}
    sets = {name: {tuple(w[at : at + width]) for at in range(len(w) - width + 1)} for name, w in words.items()}
    found = {}
    for a, b in combinations(sorted(texts), 2):
        smaller = min(len(sets[a]), len(sets[b]))
        shared = len(sets[a] & sets[b])
        if words[a] == words[b] and words[a] != [""]:
            found[a, b] = (1.0, 1.0)
        elif smaller:
            jaccard, containment = shared / len(sets[a] | sets[b]), shared / smaller
            is_contained = containment >= config.containment_threshold and smaller >= config.least_contained_shingles
            if jaccard >= config.threshold or is_contained:
                found[a, b] = (jaccard, containment)
    return found


def family(base: str) -> list[str]:
    """A text with copies of every kind."""
    words = base.split()
    half = len(words) // 2
    return [
        base,
        base,
        changed(base, [3]),
        changed(base, range(0, len(words), 9)),
        " ".join(words[:half]),
        base + " " + base,
    ]


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from([1, 2, 3, 20, 90, 150])), max_size=6), st.booleans())
@settings(max_examples=15, deadline=None)
def test_pairs_equal_brute_force(families: list[tuple[int, int]], is_exact: bool) -> None:
    texts = [text for seed, length in families for text in family(news(length, seed=seed))]
    named = {f"article-{place:03}": text for place, text in enumerate(texts)}
    config = replace(NEWS, exact=is_exact, threshold=0.5)
    found = run(named, config)
    expected = brute_force(named, config)
    assert {(row["a"], row["b"]): (row["jaccard"], row["containment"]) for row in found.pairs} == expected


def test_every_pair_at_the_threshold_is_found_among_many_articles() -> None:
    texts = {}
    for seed in range(300):
        base = news(110, seed=seed)
        texts[f"{seed}-a"], texts[f"{seed}-b"] = base, changed(base, [10, 40, 70, 100][: 1 + seed % 4])
    found = run(texts)
    assert set(found.relations()) == set(brute_force(texts, NEWS))
    assert len(found.pairs) > 200


def test_one_changed_number_in_a_hundred_words_is_a_near_copy() -> None:
    text = news(99, seed=1) + " 12"
    found = run({"a": text, "b": text[:-2] + "15"})
    assert found.relations() == {("a", "b"): "near"}


def test_changed_digits_are_never_an_exact_copy() -> None:
    found = run({"a": news(300, seed=1) + " 12 dead", "b": news(300, seed=1) + " 15 dead"})
    assert [row["relation"] for row in found.pairs] == ["near"]


@pytest.mark.parametrize("is_exact", [False, True])
def test_different_texts_shorter_than_a_shingle_are_not_copies(is_exact: bool) -> None:
    found = run({"a": "Breaking", "b": "Developing", "c": "Two words", "d": "more"}, replace(NEWS, exact=is_exact))
    assert found.pairs == []
    assert found.groups == []


def test_equal_texts_shorter_than_a_shingle_are_exact_copies() -> None:
    assert run({"a": "Markets closed", "b": "MARKETS  CLOSED"}).relations() == {("a", "b"): "exact"}


def test_short_texts_under_different_titles_are_not_copies() -> None:
    found = run({"a": "In pictures", "b": "In pictures"}, title={"a": "Flood", "b": "Carnival"})
    assert found.pairs == []


@pytest.mark.parametrize("is_exact", [False, True])
@pytest.mark.parametrize("text", ["", " \n\t", "\u00ad\u200b"])
def test_empty_texts_are_not_copies_of_each_other(text: str, is_exact: bool) -> None:
    assert run({"a": text, "b": text, "c": "x"}, replace(NEWS, exact=is_exact)).pairs == []


def test_every_article_has_a_signature_however_short() -> None:
    found = run({"a": "", "b": "x", "c": news(50, seed=1)})
    assert [(row["article"], row["shingles"]) for row in found.signatures] == [("a", 0), ("b", 0), ("c", 48)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The caf\u00e9 re\u00f6pened", "The cafe\u0301 reo\u0308pened"),
        ("the \ufb01nal o\ufb03ce", "the final office"),
        ("he said \u201cno\u201d \u2013 it\u2019s over", 'he said "no" - it\'s over'),
        ("non\u2011breaking\u00a0spaces here", "non-breaking spaces here"),
        ("soft\u00adhyphens in words", "softhyphens in words"),
    ],
    ids=["composed letters", "ligatures", "quotes and dashes", "spaces and hyphens", "soft hyphens"],
)
def test_forms_of_one_text_are_exact_copies(one: str, other: str) -> None:
    assert run({"a": one, "b": other}).relations() == {("a", "b"): "exact"}


SCRIPTS = {
    "Hindi": "प्रधानमंत्री ने आज संसद में नया विधेयक पेश किया और विपक्ष ने इसका कड़ा विरोध किया",
    "Thai": "นายกรัฐมนตรีแถลงข่าวเกี่ยวกับสถานการณ์น้ำท่วมในภาคเหนือของประเทศไทยเมื่อวานนี้",
    "Arabic": "أَعْلَنَ الرئيس عن حزمة جديدة من الإصلاحات الاقتصادية في خطاب متلفز مساء أمس",
    "Chinese": "国务院总理昨日在北京会见来访的外国领导人双方就经贸合作等问题交换了意见并签署了多项协议",
    "Japanese": "気象庁は昨夜の地震について津波の心配はないと発表し今後の余震に注意するよう呼びかけました",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_text_of_any_script_is_compared_by_its_words(text: str) -> None:
    others = {name: other for name, other in SCRIPTS.items() if other != text}
    found = run({"a": text, "b": text + " 2024", **others}, replace(NEWS, threshold=0.7))
    assert found.relations() == {("a", "b"): "near"}


def test_an_abridged_copy_is_contained() -> None:
    text = news(400, seed=1)
    found = run({"long": text, "short": " ".join(text.split()[:120]), "other": news(400, seed=2)})
    assert [(row["relation"], row["containment"], row["shorter"]) for row in found.pairs] == [
        ("contained", 1.0, "short")
    ]


def test_a_contained_article_is_found_though_hundreds_share_its_footer() -> None:
    footer = news(60, seed=999)
    texts = {f"n{seed:03}": f"{news(200, seed=seed)} {footer}" for seed in range(300)}
    texts["long"] = f"{texts['n007']} {news(400, seed=500)}"
    found = run(texts, replace(NEWS, bucket_cap=50))
    assert found.relations() == {("long", "n007"): "contained"}


def test_a_quotation_too_short_to_be_an_article_is_not_contained() -> None:
    text = news(400, seed=1)
    assert run({"long": text, "quote": " ".join(text.split()[:30])}).pairs == []


def test_a_hot_bucket_is_capped_and_counted_and_still_grouped() -> None:
    base = news(200, seed=1)
    texts = {f"copy-{number:03}": f"{base} {number}" for number in range(120)}
    found = run(texts, replace(NEWS, bucket_cap=10))
    assert found.counts["hot_buckets"] > 0
    assert found.counts["articles_in_hot_buckets"] == 120
    assert len(found.pairs) < 120 * 119 // 2


def test_equal_texts_beyond_the_cap_are_counted_and_all_in_one_group() -> None:
    found = run({f"copy-{number:02}": news(50, seed=1) for number in range(40)}, replace(NEWS, bucket_cap=10))
    assert len(found.pairs) == 10 * 9 // 2 + 30
    assert found.counts["pairs_of_equal_texts_left_out"] == 40 * 39 // 2 - len(found.pairs)
    assert [len(members) for members in found.copies().values()] == [40]


def test_articles_further_apart_than_the_window_are_not_compared() -> None:
    text = news(100, seed=1)
    published = {"a": day(1), "b": day(2), "c": day(20)}
    found = run(dict.fromkeys("abcu", text), replace(NEWS, window_days=7), published=published)
    assert set(found.relations()) == {("a", "b"), ("a", "u"), ("b", "u"), ("c", "u")}


def test_a_threshold_too_low_for_the_permutations_names_the_number_that_would_do() -> None:
    with pytest.raises(ConfigError, match=r"dedup\.threshold 0\.1 .*; 918 permutations would do"):
        run({"a": "x"}, replace(NEWS, threshold=0.1))
    run({"a": "x"}, replace(NEWS, threshold=0.1, permutations=918))


def test_scores_do_not_depend_on_the_order_of_articles_or_on_threads() -> None:
    texts = {f"{seed}-{kind}": text for seed in range(40) for kind, text in enumerate(family(news(90, seed=seed)))}
    table = article_table(texts)
    runs = [
        Found(table, NEWS),
        Found(table, NEWS, threads=2),
        Found(table.take(pa.array(range(len(table) - 1, -1, -1))), NEWS),
    ]
    assert runs[0].pairs == runs[1].pairs == runs[2].pairs
    assert runs[0].groups == runs[1].groups == runs[2].groups
    assert runs[0].signatures == runs[1].signatures == runs[2].signatures


def test_ids_may_be_any_text() -> None:
    names = ["1", "01", "ü/ö", "a'b\"c", "x" * 500, " "]
    found = run(dict.fromkeys(names, news(50, seed=1)))
    assert found.copies() == {next(iter(found.copies())): set(names)}


def test_no_articles_have_no_pairs() -> None:
    found = run({})
    assert (found.signatures, found.pairs, found.groups) == ([], [], [])
