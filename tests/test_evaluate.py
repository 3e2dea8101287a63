"""Stories against gold: planted answers, oracles of scikit-learn and brute force, and gold that is wrong."""

import itertools
import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from sklearn.metrics.cluster import pair_confusion_matrix

from storycluster.errors import InputError
from storycluster.evaluate.gold import read_gold
from storycluster.evaluate.overlap import match_stories, span_iou
from storycluster.evaluate.sentences import evaluate_sentences
from storycluster.evaluate.stories import bootstrap_interval, evaluate
from tests.small_runs import run_of


def gold_file(folder: Path, *records: dict[str, object]) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_a_perfect_run_has_1_everywhere(tmp_path: Path) -> None:
    run = run_of([("a", "s1", "primary"), ("b", "s1", "primary"), ("c", "s2", "primary")])
    gold = gold_file(tmp_path, *({"id": name, "story": story} for name, story in zip("abc", "xxy", strict=True)))
    found = evaluate(run, gold)
    assert (found.bcubed.f1, found.extended.f1, found.pairs.f1, found.ami, found.ari) == (1.0, 1.0, 1.0, 1.0, 1.0)
    assert found.interval == (1.0, 1.0)
    assert (found.stories, found.gold_stories) == (2, 2)
    assert found.singleton_share == pytest.approx(1 / 3)


def test_labels_agree_with_scikit_learn_and_counted_pairs(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    system, labels = generator.integers(0, 6, 60), generator.integers(0, 5, 60)
    run = run_of([(f"a{at:02}", f"s{story}", "primary") for at, story in enumerate(system)])
    gold = gold_file(tmp_path, *({"id": f"a{at:02}", "story": f"g{label}"} for at, label in enumerate(labels)))
    found = evaluate(run, gold)
    assert found.ami == pytest.approx(adjusted_mutual_info_score(labels, system))
    assert found.ari == pytest.approx(adjusted_rand_score(labels, system))
    (_, wrong), (missed, right) = pair_confusion_matrix(labels, system)
    assert found.pairs.precision == pytest.approx(right / (right + wrong))
    assert found.pairs.recall == pytest.approx(right / (right + missed))


def test_ids_that_are_not_in_the_run_and_articles_without_label_are_counted_and_left_out(tmp_path: Path) -> None:
    run = run_of([("a", "s1", "primary"), ("b", "s1", "primary"), ("extra", "s1", "primary")])
    gold = gold_file(tmp_path, *({"id": name, "story": "x"} for name in ("a", "b", "gone")))
    found = evaluate(run, gold)
    assert (found.articles, found.missing, found.unlabelled) == (2, ("gone",), 1)
    assert found.bcubed.f1 == 1.0


def test_secondary_stories_are_compared_through_the_stories_matched(tmp_path: Path) -> None:
    members = [(f"a{at}", "s1", "primary") for at in range(3)] + [(f"b{at}", "s2", "primary") for at in range(3)]
    run = run_of([*members, ("a0", "s2", "secondary"), ("b0", "s1", "secondary"), ("a1", "s2", "mention")])
    records = [
        {"id": name, "story": "x" if name[0] == "a" else "y", "secondary": ["y"] if name in ("a0", "a2") else []}
        for name, _, _ in members
    ]
    overlap = evaluate(run, gold_file(tmp_path, *records)).overlap
    assert (overlap.secondary.precision, overlap.secondary.recall) == (0.5, 0.5)
    assert (overlap.overlapping, overlap.all_found, overlap.added) == (2, 0.5, 0.25)
    assert (overlap.memberships.precision, overlap.memberships.recall) == (1.0, 0.75)


def test_passages_are_compared_letter_by_letter(tmp_path: Path) -> None:
    span = {"start": 0, "end": 100, "field": "text"}
    row = {"article": "a", "role": "primary", "score": 1.0, "spans": [], "share": 1.0, "evidence": []}
    rows = [
        {**row, "story": "s1"},
        {**row, "story": "s2", "role": "secondary", "spans": [span]},
        {**row, "article": "b", "story": "s2"},
    ]
    run = run_of([("a", "s1", "primary"), ("b", "s2", "primary")], memberships=rows)
    records = (
        {"id": "a", "story": "x", "secondary": "y", "spans": {"y": [[50, 100], [100, 150]]}},
        {"id": "b", "story": "y"},
    )
    overlap = evaluate(run, gold_file(tmp_path, *records)).overlap
    assert overlap.span_iou == pytest.approx(50 / 150)
    assert overlap.spans == 1


@given(*[st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5)] * 2)
def test_the_overlap_of_spans_is_that_of_sets_of_letters(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    one, other = ({at for span in spans for at in range(*span)} for spans in (left, right))
    assert span_iou(left, right) == pytest.approx(len(one & other) / len(one | other) if one | other else 0.0)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), min_size=1, max_size=30))
def test_stories_are_matched_one_to_one_whatever_the_order(cells: list[tuple[str, str]]) -> None:
    matched = match_stories([cell[0] for cell in cells], [cell[1] for cell in cells])
    assert len(set(matched.values())) == len(matched)
    assert matched == match_stories([cell[0] for cell in cells[::-1]], [cell[1] for cell in cells[::-1]])
    largest = max(cells.count(cell) for cell in cells)
    assert any(cells.count(cell) == largest for cell in matched.items())


def test_the_interval_holds_the_score_and_depends_on_the_seed_alone() -> None:
    generator = np.random.default_rng(7)
    stories = np.repeat(np.arange(50), 4)
    precision, recall = generator.random(200), generator.random(200)
    low, high = bootstrap_interval(precision, recall, stories=stories, seed=1)
    mean = 2 * precision.mean() * recall.mean() / (precision.mean() + recall.mean())
    assert low < mean < high
    assert (low, high) == bootstrap_interval(precision, recall, stories=stories, seed=1)
    assert (low, high) != bootstrap_interval(precision, recall, stories=stories, seed=2)


def test_the_interval_is_as_wide_as_the_mean_of_stories_varies() -> None:
    # Equal stories of one article with precision = recall: F1 is their mean, with standard error s / sqrt(n).
    score = np.repeat([0.2, 0.8], 200)
    low, high = bootstrap_interval(score, score, stories=np.arange(400), seed=1)
    error = 0.3 / 400**0.5
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.15)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("not json\n", "line 1"),
        ('{"id": "a", "story": "x"}\n{"story": "x"}\n', "line 2"),
        ('{"id": "a", "story": "x"}\n{"id": "a", "story": "y"}\n', "labelled twice"),
        ('{"id": "a", "story": "x", "spans": {"x": [[1]]}}\n', "spans"),
        ("[" * 100_000, "line 1"),
        ("", "labels nothing"),
    ],
)
def test_gold_that_cannot_be_understood_is_an_input_error(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_gold(path)


def test_gold_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        read_gold(tmp_path / "nowhere")


def test_gold_of_other_articles_is_an_input_error_that_shows_ids_of_the_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ids are like a"):
        evaluate(run_of([("a", "s", "primary")]), gold_file(tmp_path, {"id": "z", "story": "x"}))


def test_a_run_without_stories_is_an_input_error(tmp_path: Path) -> None:
    run = run_of([("a", "s", "primary")], stages=("read", "duplicates"))
    with pytest.raises(InputError, match="no stories"):
        evaluate(run, gold_file(tmp_path, {"id": "a", "story": "x"}))


def test_the_annotation_of_the_seeds_labels_their_stories(seeds: Path) -> None:
    gold = read_gold(Path(__file__).parent / "gold" / "seeds.json")
    assert set(gold.articles) == {path.stem for path in seeds.glob("*.txt")}
    assert gold.annotation is not None


def test_articles_called_new_are_compared_with_sentence_labels() -> None:
    facts = [
        {"id": f"f{at}", "article": name, "story": "s", "status": status}
        for at, (name, status) in enumerate([("a", "new"), ("b", "known"), ("c", "partly_new"), ("d", "updated")])
    ]
    members = [(name, "s", "primary") for name in "abcd"]
    run = run_of(members, stages=("read", "duplicates", "stories", "facts"), facts=facts)
    found = evaluate_sentences(run, {"a": True, "b": True, "c": False, "d": False, "gone": True})
    assert (found.articles, found.called_new, found.labelled_new, found.missing) == (4, 2, 2, 1)
    assert (found.score.precision, found.score.recall) == (0.5, 0.5)
    assert (found.all_new.precision, found.all_new.recall) == (0.5, 1.0)


@pytest.mark.slow
def test_20_000_articles_take_seconds(tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    system, labels = generator.zipf(1.4, 20_000) % 6_000, generator.zipf(1.4, 20_000) % 6_000
    members = [(f"a{at}", f"s{story}", "primary") for at, story in enumerate(system)]
    members += [(f"a{at}", f"s{story + 1}", "secondary") for at, story in enumerate(system[:2_000])]
    gold = gold_file(tmp_path, *({"id": f"a{at}", "story": f"g{label}"} for at, label in enumerate(labels)))
    run = run_of(members)
    begin = time.monotonic()
    evaluate(run, gold)
    assert time.monotonic() - begin < 30  # about 3 s on a free machine; brute force takes minutes


def test_extended_and_plain_bcubed_agree_where_nothing_overlaps(tmp_path: Path) -> None:
    for number, told in enumerate(itertools.product("pq", repeat=3)):
        run = run_of([(name, story, "primary") for name, story in zip("abc", told, strict=True)])
        folder = tmp_path / str(number)
        folder.mkdir()
        gold = gold_file(folder, *({"id": name, "story": story} for name, story in zip("abc", "xxy", strict=True)))
        found = evaluate(run, gold)
        assert found.bcubed == found.extended
