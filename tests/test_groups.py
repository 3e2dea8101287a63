"""Groups of copies: who is kept, who is a copy, and what a chain must not join."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.config import DedupConfig
from storycluster.stages.duplicates.groups import copied_shares
from tests.duplicate_runs import Found, changed, day, news, run

NEWS = DedupConfig()
TEXT = news(200, seed=1)


def test_a_chain_is_split_where_its_ends_are_not_copies() -> None:
    steps = [changed(TEXT, range(0, 16 * step, 2)) for step in range(6)]
    found = run({f"v{step}": text for step, text in enumerate(steps)}, published={f"v{n}": day(1, n) for n in range(6)})
    assert len(found.copies()) > 1
    check_every_copy_is_verified_against_the_kept_one(found, NEWS)


def check_every_copy_is_verified_against_the_kept_one(found: Found, config: DedupConfig) -> None:
    scores = {(row["a"], row["b"]): row for row in found.pairs}
    members = [row["article"] for row in found.groups]
    assert len(members) == len(set(members))
    for row in found.groups:
        if row["article"] != row["kept"]:
            pair = scores[min(row["article"], row["kept"]), max(row["article"], row["kept"])]
            assert (row["jaccard"], row["containment"], row["relation"]) == (
                pair["jaccard"],
                pair["containment"],
                pair["relation"],
            )
            assert row["jaccard"] >= config.threshold or row["containment"] >= config.containment_threshold


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 199), st.integers(0, 60), st.integers(60, 200)), max_size=14),
    st.sampled_from(["earliest", "latest", "longest", "source"]),
)
@settings(max_examples=15, deadline=None)
def test_every_copy_is_verified_against_the_kept_article_of_its_one_group(
    edits: list[tuple[int, int, int, int]], keep: str
) -> None:
    texts = {
        f"n{number}": " ".join(changed(news(200, seed=seed), range(at, at + width)).split()[:length])
        for number, (seed, at, width, length) in enumerate(edits)
    }
    config = replace(NEWS, keep=keep)
    check_every_copy_is_verified_against_the_kept_one(run(texts, config), config)


@pytest.mark.parametrize(("keep", "kept"), [("earliest", "b"), ("latest", "c"), ("longest", "a"), ("source", "d")])
def test_the_kept_article_follows_the_policy(keep: str, kept: str) -> None:
    found = run(
        {"a": TEXT + " one two three", "b": TEXT, "c": TEXT, "d": TEXT, "u": TEXT},
        replace(NEWS, keep=keep, sources=["agency", "paper"]),
        published={"a": day(2), "b": day(1), "c": day(4), "d": day(3)},
        source={"a": "blog", "b": "paper", "c": "paper", "d": "agency"},
    )
    assert found.copies() == {kept: set("abcdu")}


def test_an_undated_article_is_kept_after_all_dated_ones() -> None:
    for keep in ("earliest", "latest"):
        found = run(dict.fromkeys("abc", TEXT), replace(NEWS, keep=keep), published={"c": day(1)})
        assert list(found.copies()) == ["c"]


def test_ties_are_broken_by_content_hash_then_id() -> None:
    from tests.duplicate_runs import article_table

    table = article_table(dict.fromkeys("abcd", TEXT))
    hashes = {"a": 7, "b": 3, "c": 3, "d": 9}
    rows = [{**row, "content_hash": hashes[row["id"]]} for row in table.to_pylist()]
    found = Found(type(table).from_pylist(rows, schema=table.schema), NEWS)
    assert list(found.copies()) == ["b"]


def test_a_later_abridged_article_is_a_copy_of_the_earlier_whole() -> None:
    found = run({"long": TEXT, "short": " ".join(TEXT.split()[:60])}, published={"long": day(1), "short": day(2)})
    assert found.copies() == {"long": {"long", "short"}}
    assert [row["relation"] for row in found.groups] == ["kept", "contained"]


def test_an_undated_abridged_article_is_a_copy_of_the_whole_whatever_the_content_hash() -> None:
    for seed in range(6):
        text = news(200, seed=seed)
        found = run({f"long{seed}": text, f"short{seed}": " ".join(text.split()[:60])})
        assert list(found.copies()) == [f"long{seed}"]


@pytest.mark.parametrize(("copied_share", "copies"), [(0.5, {"longer"}), (0.7, set())])
def test_a_longer_article_is_a_copy_of_what_it_contains_from_its_copied_share_on(
    copied_share: float, copies: set[str]
) -> None:
    brief = news(120, seed=1)
    texts = {"brief": brief, "longer": f"{brief} {news(80, seed=2)}"}
    found = run(texts, replace(NEWS, copied_share=copied_share), published={"brief": day(1), "longer": day(2)})
    assert found.relations() == {("brief", "longer"): "contained"}
    assert set().union(*found.copies().values()) - {"brief"} == copies


def test_a_later_round_up_is_not_a_copy_of_the_brief_it_contains() -> None:
    brief = news(80, seed=5)
    found = run({"brief": brief, "round-up": f"{brief} {TEXT}"}, published={"brief": day(1), "round-up": day(2)})
    assert [row["relation"] for row in found.pairs] == ["contained"]
    assert found.groups == []


@pytest.mark.parametrize("keep", ["earliest", "longest"])
def test_the_parts_of_an_undated_round_up_are_not_copies_of_it(keep: str) -> None:
    one, other = news(90, seed=5), news(90, seed=6)
    found = run({"one": one, "other": other, "round-up": f"{one} {other} {TEXT}"}, replace(NEWS, keep=keep))
    assert found.relations() == {("one", "round-up"): "contained", ("other", "round-up"): "contained"}
    assert found.groups == []


def test_two_later_excerpts_of_one_article_are_copies_of_it() -> None:
    words = TEXT.split()
    found = run(
        {"whole": TEXT, "first": " ".join(words[:70]), "last": " ".join(words[-70:])},
        published={"whole": day(1), "first": day(2), "last": day(2)},
    )
    assert found.copies() == {"whole": {"whole", "first", "last"}}


def test_nested_undated_excerpts_are_copies_of_the_whole() -> None:
    words = TEXT.split()
    found = run({"whole": TEXT, "half": " ".join(words[:100]), "lead": " ".join(words[:60])})
    assert found.copies() == {"whole": {"whole", "half", "lead"}}


def test_a_group_is_named_for_its_kept_article_which_comes_first_in_scores() -> None:
    found = run({"a": TEXT, "b": changed(TEXT, [5])}, published={"a": day(1), "b": day(2)})
    assert [(row["id"], row["kept"], row["article"], row["relation"]) for row in found.groups] == [
        ("copies-of:a", "a", "a", "kept"),
        ("copies-of:a", "a", "b", "near"),
    ]


@given(st.integers(1, 50), st.integers(1, 50), st.integers(1, 50))
def test_the_copied_share_follows_from_the_two_scores(shared: int, only_smaller: int, more: int) -> None:
    smaller, larger = shared + only_smaller, shared + only_smaller + more
    jaccard, containment = shared / (smaller + larger - shared), shared / smaller
    result = copied_shares(np.array([jaccard]), np.array([containment]))[0]
    assert result == pytest.approx(shared / larger)
