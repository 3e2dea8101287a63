"""What a run keeps of its decisions: its config, and the scores between kept articles as a graph.

Read by those who explain a run or try other thresholds; it measures nothing anew.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from storycluster.config import Config
from storycluster.engines.base import Engine
from storycluster.errors import InputError, StoreError
from storycluster.kernels.graph import build_graph
from storycluster.runs import Run

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StoredScores:
    """Kept articles in the order in which stories are found, the graph of their scores, and the size of each.

    ``place`` is where an article's id stands; ``sizes`` counts an article and its copies.
    """

    place: Mapping[str, int]
    graph: sp.csr_matrix
    sizes: Integers


def read_config(run: Run) -> Config:
    """The settings a run was made with. Raises StoreError where its manifest does not hold them."""
    try:
        return msgspec.convert(run.manifest.get("config"), Config)
    except msgspec.ValidationError as error:
        raise StoreError(
            f"the manifest of the run holds no config of this version: {error}; make the run again"
        ) from error


#: What each stage makes, in a user's words, and the commands that run it.
_MADE_BY: Final = {
    "duplicates": ("copies", "dedup, cluster or report"),
    "stories": ("stories", "cluster or report"),
    "facts": ("facts", "facts or report"),
}


def require_stage(run: Run, stage: str) -> None:
    """Nothing where the stage ran; where it did not, raises InputError with the commands that run it."""
    if stage not in run.stages:
        made, commands = _MADE_BY[stage]
        raise InputError(f"the run has no {made}: its stages are {', '.join(run.stages)}; make it with {commands}")


def read_scores(run: Run) -> StoredScores:
    """The stored similarities of a run as a graph over its kept articles.

    Raises InputError for a run without stories, or with stories given by the user: nothing was measured there.
    """
    require_stage(run, "stories")
    rows = run.tables["similarities"]
    if stories_are_given(run):
        raise InputError("the run has no similarities: its stories were given, not found")
    copy_of = copies(run)
    kept = [name for name in _in_order(run) if name not in copy_of]
    place = {name: at for at, name in enumerate(kept)}
    sizes = np.ones(len(place), np.int64)
    for copied in copy_of.values():
        sizes[place[copied]] += 1
    ids = pa.array(kept, pa.string())
    left, right = (pc.index_in(rows.column(side), value_set=ids).to_numpy().astype(np.int64) for side in ("a", "b"))
    scores = np.asarray(rows.column("score").to_numpy(), np.float64)
    return StoredScores(place, build_graph(left, right, scores, len(place)), sizes)


def copies(run: Run) -> dict[str, str]:
    """The kept article of every copy."""
    rows = run.tables["groups"].select(["article", "kept"]).to_pylist()
    return {row["article"]: row["kept"] for row in rows if row["article"] != row["kept"]}


def primary_stories(run: Run) -> dict[str, str]:
    """The primary story of each article that has one."""
    rows = run.tables["memberships"].select(["article", "role", "story"]).to_pylist()
    return {row["article"]: row["story"] for row in reversed(rows) if row["role"] == "primary"}


def stories_are_given(run: Run) -> bool:
    """Whether no similarity is stored and yet kept articles share a story, or are in none."""
    if run.tables["similarities"].num_rows:
        return False
    told, copy_of = primary_stories(run), copies(run)
    kept = [article for article in run.tables["articles"].column("id").to_pylist() if article not in copy_of]
    return len({told[article] for article in kept if article in told}) < len(kept)


def _in_order(run: Run) -> list[str]:
    """Every article by time (undated last), content hash and id."""
    rows: list[dict[str, Any]] = (
        run.tables["articles"].select(["id", "published", "published_from", "content_hash"]).to_pylist()
    )
    ties = [(row["published"] or row["published_from"], row["content_hash"], row["id"]) for row in rows]
    dated = sorted(row for row in ties if row[0] is not None)
    undated = sorted(row[1:] for row in ties if row[0] is None)
    return [row[-1] for row in dated] + [row[-1] for row in undated]


def open_memory_engine() -> Engine:
    """An engine for the tables of a finished run; nothing of it stays."""
    from storycluster.engines.duckdb import DuckDBEngine

    spill = Path(tempfile.gettempdir()) / f"storycluster-{uuid.uuid4().hex}"
    return DuckDBEngine(threads=1, memory_limit="", temp_directory=spill)
