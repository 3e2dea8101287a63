"""Signatures of articles, and the identity that says which signatures may be compared. It compares nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.config import DedupConfig
from storycluster.engines.base import Engine, Table
from storycluster.errors import StoreError
from storycluster.kernels.minhash import SCHEME, sign_texts
from storycluster.kernels.shinglesets import Sets
from storycluster.kernels.tokens import TOKENISER, hash_texts
from storycluster.model import SIGNATURES
from storycluster.stages.duplicates.corpus import article_keys, count
from storycluster.text.normalise import normalise_array, normaliser_name

#: The shingles of so many articles are kept in memory, at about 3.5 kB each for 450 words.
ARTICLES_AT_ONCE: Final = 32_768

SHINGLE_SETS: Final = pa.schema([("key", pa.int64()), ("set", pa.large_binary())])
_SIGNED: Final = pa.schema([*SIGNATURES, *SHINGLE_SETS])


def sign(articles: Table, config: DedupConfig, engine: Engine) -> Table:
    """Table ``signatures``: MinHash slots, number of shingles and text hash of every article."""
    return engine.map_batches("signatures", articles, partial(_sign_batch, config=config), SIGNATURES)


class EarlySigning:
    """Signs batches of articles on threads while the next ones are being read; a context that ends them.

    It holds no more articles than those of which shingle sets are kept, and forgets all where there are more.
    """

    def __init__(self, config: DedupConfig, *, threads: int) -> None:
        """Take the config of the signatures and the number of threads."""
        self._config = config
        self._pool = ThreadPoolExecutor(threads)
        self._articles = 0
        self._signed: list[Future[pa.RecordBatch]] = []

    def __enter__(self) -> EarlySigning:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def add(self, batch: pa.RecordBatch) -> None:
        """Sign a batch of the articles table, beside what comes next."""
        self._articles += batch.num_rows
        if self._articles <= ARTICLES_AT_ONCE:
            self._signed.append(self._pool.submit(_sign_batch_with_sets, batch, config=self._config))
        elif self._signed:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._signed = []

    def take(self, articles: int) -> list[pa.RecordBatch]:
        """What was signed, given away; nothing where a table of so many articles lacks one of those."""
        signed, self._signed = self._signed, []
        return [future.result() for future in signed] if articles == self._articles else []


def sign_and_shingle(
    articles: Table, config: DedupConfig, engine: Engine, *, early: EarlySigning | None = None
) -> tuple[Table, Table | None]:
    """``sign``, and the shingle sets it met on the way by key, where they are few enough to be kept.

    ``early`` has been given these articles when they were read, and perhaps others that were rejected since.
    """
    if engine.is_distributed or (read := count(articles, engine)) > ARTICLES_AT_ONCE:
        return sign(articles, config, engine), None
    if batches := early.take(read) if early else []:
        rows = pa.Table.from_batches(batches, _SIGNED)
    else:
        signed = engine.map_batches("signed", articles, partial(_sign_batch_with_sets, config=config), _SIGNED)
        rows = engine.to_arrow(signed)
        engine.table(signed, [], _SIGNED)
    signatures, sets = (
        engine.table(name, rows.select(schema.names).to_batches(), schema)
        for name, schema in (("signatures", SIGNATURES), ("signed_sets", SHINGLE_SETS))
    )
    return signatures, sets


def identity(config: DedupConfig) -> dict[str, str]:
    """What two signatures must agree in to be comparable, by name; stands in the manifest.

    >>> identity(DedupConfig())["dedup.shingle_words"]
    '3'
    """
    return {
        "normaliser": normaliser_name(),
        "words": TOKENISER,
        "scheme": SCHEME,
        "dedup.shingle_words": str(config.shingle_words),
        "dedup.permutations": str(config.permutations),
        "dedup.seed": str(config.seed),
    }


def check_identity(stored: object, config: DedupConfig, *, origin: str) -> None:
    """Nothing where signatures stored at ``origin`` may be compared with those of ``config``.

    Raises StoreError with the name and both values of what differs.

    >>> check_identity(identity(DedupConfig()), DedupConfig(), origin="runs/monday")
    """
    if not isinstance(stored, Mapping):
        raise StoreError(f"{origin} does not say how its signatures were made; run it again with this version")
    for name, value in identity(config).items():
        if stored.get(name) != value:
            raise StoreError(
                f"{origin} has signatures of {name} {stored.get(name)}, this run has {value}; "
                "use the same, or run it again with --overwrite"
            )


def text_of(batch: pa.RecordBatch) -> pa.Array:
    """The text of articles as large strings, empty where there is none."""
    return pc.fill_null(batch.column("text").cast(pa.large_string()), "")


def binary_sets(sets: Sets) -> pa.Array:
    """Each set as the bytes of its hashes, without a copy.

    >>> binary_sets(Sets(np.array([1], np.uint64), np.array([0, 1]))).to_pylist()
    [b'\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00']
    """
    content = [None, pa.py_buffer(sets.offsets * sets.hashes.itemsize), pa.py_buffer(sets.hashes)]
    return pa.Array.from_buffers(pa.large_binary(), sets.offsets.size - 1, content)


def _sign_batch(batch: pa.RecordBatch, *, config: DedupConfig) -> pa.RecordBatch:
    return _sign_batch_with_sets(batch, config=config).select(SIGNATURES.names)


def _sign_batch_with_sets(batch: pa.RecordBatch, *, config: DedupConfig) -> pa.RecordBatch:
    """Signatures and sets of a batch; an article shorter than a shingle is told apart by title and text."""
    buffer, offsets = normalise_array(text_of(batch))
    signed = sign_texts(buffer, offsets, width=config.shingle_words, count=config.permutations, seed=config.seed)
    shingles = np.diff(signed.sets.offsets).astype(np.int32)
    text_hashes = _with_titles(signed.text_hashes, np.flatnonzero(shingles == 0), batch.column("title"))
    return pa.record_batch(
        [
            batch.column("id").cast(pa.string()),
            _binary(signed.values),
            pa.array(shingles),
            pa.array(text_hashes),
            pa.array(article_keys(batch.column("id"), 0)),
            binary_sets(signed.sets),
        ],
        schema=_SIGNED,
    )


def _with_titles(
    text_hashes: npt.NDArray[np.int64], short: npt.NDArray[np.int64], titles: pa.Array
) -> npt.NDArray[np.int64]:
    """The text hashes, those at ``short`` of title and text; 0 where both are empty."""
    if not short.size:
        return text_hashes
    buffer, offsets = normalise_array(titles.take(pa.array(short)))
    title_hashes = np.where(np.diff(offsets) > 0, hash_texts(buffer, offsets), 0)
    mixed = text_hashes.copy()
    mixed[short] ^= title_hashes
    return mixed


def _binary(values: npt.NDArray[np.uint32]) -> pa.Array:
    """Each row as little-endian bytes, without a copy on little-endian machines."""
    content = values.astype("<u4", copy=False)
    offsets = np.arange(len(values) + 1, dtype=np.int32) * np.int32(content.shape[1] * content.itemsize)
    return pa.Array.from_buffers(pa.binary(), len(values), [None, pa.py_buffer(offsets), pa.py_buffer(content)])
