"""The same work done with other libraries, as their documentation shows it: texts to signatures, pairs and groups."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from datasketch import MinHash, MinHashLSH

WORD = re.compile(r"\w+")


def shingle_strings(text: str, width: int) -> list[str]:
    words = WORD.findall(text.lower())
    return [" ".join(words[at : at + width]) for at in range(len(words) - width + 1)]


def datasketch_signatures(texts: Iterable[str], width: int, permutations: int) -> list[MinHash]:
    signatures = []
    for text in texts:
        minhash = MinHash(num_perm=permutations)
        minhash.update_batch([shingle.encode() for shingle in shingle_strings(text, width)])
        signatures.append(minhash)
    return signatures


def datasketch_pairs(texts: Sequence[str], *, width: int, permutations: int, threshold: float) -> set[tuple[int, int]]:
    """Pairs by MinHashLSH with its own bands for the threshold; nothing is verified, as in its documentation."""
    lsh = MinHashLSH(threshold=threshold, num_perm=permutations)
    pairs = set()
    for place, minhash in enumerate(datasketch_signatures(texts, width, permutations)):
        pairs.update((other, place) for other in lsh.query(minhash))
        lsh.insert(place, minhash)
    return pairs


def rensa_signatures(texts: Iterable[str], width: int, permutations: int) -> object:
    from rensa import RMinHash

    return RMinHash.digest_matrix_from_token_sets([shingle_strings(text, width) for text in texts], permutations, 1)


def rensa_pairs(
    texts: Sequence[str], *, width: int, permutations: int, threshold: float, bands: int
) -> set[tuple[int, int]]:
    """Pairs by RMinHashLSH in the layout of its own benchmark; nothing is verified."""
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(threshold, permutations, bands)
    minhashes = RMinHash.from_token_sets([shingle_strings(text, width) for text in texts], permutations, 1)
    pairs = set()
    for place, minhash in enumerate(minhashes):
        pairs.update((other, place) for other in lsh.query(minhash))
        lsh.insert(place, minhash)
    return pairs


def groups_of(pairs: Iterable[tuple[int, int]], count: int) -> list[int]:
    """For each place the smallest place it is joined with (union-find)."""
    parent = list(range(count))

    def find(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for left, right in pairs:
        first, second = find(left), find(right)
        parent[max(first, second)] = min(first, second)
    return [find(place) for place in range(count)]


def read_texts(path: Path) -> tuple[list[str], list[str]]:
    """Ids and texts of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["id"] for row in rows], [row["text"] for row in rows]


def write_groups(ids: Sequence[str], owners: Sequence[int], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for name, owner in zip(ids, owners, strict=True):
            stream.write(json.dumps({"id": name, "kept": ids[owner]}) + "\n")
