"""Stories and passages against the labels of ECB+ and the constructed round-ups, beside other clusterings.

    python benchmarks/stories_quality.py [--write]

The default config everywhere; the peers get the threshold that is best for them on the same labels. ``--write`` puts
the tables into reports/stories_quality.md.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from machine import describe_machine, markdown_table
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, homogeneity_completeness_v_measure
from stories_corpora import CUTS, ROOT, Corpus, find_memberships, load_corpus
from stories_learn import article_scores, f1
from stories_peers import peers

from storycluster.config import StoriesConfig

VERSIONS = ("scikit-learn", "graspologic-native", "sentence-transformers", "torch", "bertopic")
REPORT = ROOT / "reports" / "stories_quality.md"


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
    rows = []
    for name, cut in ((name, ecb.cut(words)) for name, words in CUTS.items()):
        rows.append([f"storycluster, {name}", *measures(primary_labels(cut, find_memberships(cut, config)), cut)])
        rows += [[f"{peer}, {name}", *measures(labels, cut)] for peer, labels in peers(cut)]
    passages = [
        [name, *round_up_scores(corpus, find_memberships(corpus, config, passages=True))]
        for name, corpus in (("round-ups among ECB+", mixed), ("ECB+", ecb))
    ]
    columns = ["", "both stories", "right memberships", "span IoU", "other articles with a passage"]
    text = (
        f"# Stories and passages against labels\n\n{describe_machine(*VERSIONS)}\n"
        "Measured by `python benchmarks/stories_quality.py --write`; 66 stories of ECB+ (development topics). Here is "
        "storycluster "
        "with its default config on whole articles, leads (60 words) and short texts (25 words); each peer with the "
        "threshold or smallest size that is best for it on these labels.\n\n"
        f"{markdown_table(head, rows)}\n{markdown_table(columns, passages)}"
    )
    print(text)
    if write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
