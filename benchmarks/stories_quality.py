"""Stories and passages against the labels of ECB+ and the constructed round-ups, beside scikit-learn's clusterings.

    python benchmarks/stories_quality.py [--write]

The default config everywhere; the peers get the threshold that is best for them on the same labels. ``--write`` puts
the tables into reports/stories_quality.md.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from machine import describe_machine, markdown_table
from sklearn.cluster import HDBSCAN, AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, homogeneity_completeness_v_measure
from stories_corpora import CUTS, ROOT, Corpus, find_memberships, load_corpus
from stories_learn import article_scores, f1

from storycluster.config import StoriesConfig

REPORT = ROOT / "reports" / "stories_quality.md"
#: Mean similarities tried for average link, and smallest stories tried for HDBSCAN.
PEER_THRESHOLDS = [0.05 + 0.025 * step for step in range(20)]
PEER_SIZES = [2, 3, 4, 5, 6, 8]


def primary_labels(corpus: Corpus, members: Sequence[Mapping[str, Any]]) -> np.ndarray:
    story = {row["article"]: row["story"] for row in members if row["role"] == "primary"}
    return np.array([story[name] for name in corpus.ids])


def measures(labels: np.ndarray, corpus: Corpus) -> list[str]:
    gold = np.array(corpus.labels)
    scores = article_scores(labels, gold)
    homogeneity, completeness, _ = homogeneity_completeness_v_measure(gold, labels)
    values = (
        scores[0].mean(),
        scores[1].mean(),
        f1(scores[None], np.ones(len(gold), bool)),
        adjusted_mutual_info_score(gold, labels),
        adjusted_rand_score(gold, labels),
        homogeneity,
        completeness,
    )
    return [*(f"{value:.3f}" for value in values), str(len(set(labels.tolist())))]


def best_peer(corpus: Corpus, make: Callable[[np.ndarray, Any], np.ndarray], choices: Sequence[float]) -> np.ndarray:
    """The labels of the choice with the best BCubed F1 on the gold itself."""
    vectors = TfidfVectorizer(sublinear_tf=True, stop_words="english", ngram_range=(1, 2)).fit_transform(corpus.texts)
    distance = np.clip(1.0 - (vectors @ vectors.T).toarray(), 0.0, 1.0)
    tried = [make(distance, choice) for choice in choices]
    everything = np.ones(len(corpus.ids), bool)
    return max(tried, key=lambda labels: f1(article_scores(labels, np.array(corpus.labels))[None], everything))


def average_link(distance: np.ndarray, threshold: float) -> np.ndarray:
    model = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - threshold
    )
    return model.fit_predict(distance)


def density(distance: np.ndarray, smallest: int) -> np.ndarray:
    """HDBSCAN; articles it calls noise are stories of one."""
    labels = HDBSCAN(min_cluster_size=smallest, metric="precomputed", copy=True).fit_predict(distance)
    return np.where(labels < 0, len(labels) + np.arange(len(labels)), labels)


def round_up_scores(corpus: Corpus, members: Sequence[Mapping[str, Any]]) -> list[str]:
    """Shares: round-ups with both stories, their right memberships, IoU of their passages, others with a passage."""
    gold = dict(zip(corpus.ids, corpus.gold, strict=True))
    told: dict[str, Counter[str]] = defaultdict(Counter)
    by_article: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in members:
        by_article[row["article"]].append(row)
        if row["role"] == "primary":
            told[row["story"]][gold[row["article"]]["story"]] += 1
    name_of = {story: min(counts, key=lambda name: (-counts[name], name)) for story, counts in told.items()}
    both, right, memberships, overlaps = 0, 0, 0, []
    round_ups = [name for name, line in gold.items() if line.get("secondary")]
    for name in round_ups:
        line = gold[name]
        rows = [row for row in by_article[name] if row["role"] != "mention"]
        stories, wanted = {name_of[row["story"]] for row in rows}, {line["story"], line["secondary"]}
        both += wanted <= stories
        right += len(wanted & stories)
        memberships += len(rows)
        for row in rows:
            if row["role"] == "secondary" and name_of[row["story"]] in line["spans"]:
                found = {at for span in row["spans"] for at in range(span["start"], span["end"])}
                true = {at for begin, end in line["spans"][name_of[row["story"]]] for at in range(begin, end)}
                overlaps.append(len(found & true) / len(found | true))
    others = [name for name in gold if name not in round_ups]
    rate = np.mean([any(row["role"] == "secondary" for row in by_article[name]) for name in others])
    shares = (both / max(len(round_ups), 1), right / max(memberships, 1), np.mean(overlaps) if overlaps else 0.0)
    return [*(f"{share:.3f}" if round_ups else "" for share in shares), f"{rate:.3f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.relative_to(ROOT)}")
    write = parser.parse_args().write
    config = StoriesConfig()
    ecb, mixed = load_corpus("ecbplus_dev"), load_corpus("roundups_dev")
    head = ["", "BCubed P", "R", "F1", "AMI", "ARI", "homogeneity", "completeness", "stories"]
    rows = [
        [f"storycluster, {name} texts", *measures(primary_labels(cut, find_memberships(cut, config)), cut)]
        for name, cut in ((name, ecb.cut(words)) for name, words in CUTS.items())
    ]
    rows.append(["TF-IDF, average link, best threshold", *measures(best_peer(ecb, average_link, PEER_THRESHOLDS), ecb)])
    rows.append(["TF-IDF, HDBSCAN, best smallest size", *measures(best_peer(ecb, density, PEER_SIZES), ecb)])
    passages = [
        [name, *round_up_scores(corpus, find_memberships(corpus, config, passages=True))]
        for name, corpus in (("round-ups among ECB+", mixed), ("ECB+", ecb))
    ]
    columns = ["", "both stories", "right memberships", "span IoU", "other articles with a passage"]
    text = (
        f"# Stories and passages against labels\n\n{describe_machine('scikit-learn', 'graspologic-native')}\n"
        "Measured by `python benchmarks/stories_quality.py --write`; 66 stories of ECB+ (development topics).\n\n"
        f"{markdown_table(head, rows)}\n{markdown_table(columns, passages)}"
    )
    print(text)
    if write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
