"""Environments of their own for tools whose requirements do not go with ours; made once, below the temporary folder.

``python_of`` gives the Python of one. A tool that cannot be installed is left out of a table with pip's reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(tempfile.gettempdir()) / "storycluster-peers"
OTHERS = Path(__file__).with_name("dedup_others.py")
#: Name, version and what it needs. text-dedup's own list asks for an old urllib3 and for unisim, which its MinHash
#: does not use; datatrove's hashes need an xxhash that takes text.
PEERS: dict[str, tuple[str, Sequence[str]]] = {
    "text-dedup": (
        "text-dedup==0.4.0",
        ("datasets", "click", "click-option-group", "fire", "bitarray", "regex", "rich", "ftfy", "scipy", "xxhash"),
    ),
    "datatrove": (
        "datatrove==0.10.1",
        (
            *("dill", "fsspec", "huggingface-hub", "humanize", "loguru", "multiprocess", "numpy", "tqdm", "orjson"),
            *("xxhash<4", "spacy", "nltk", "regex", "tokenizers"),
        ),
    ),
    "semhash": ("semhash==0.5.0", ("model2vec", "vicinity[usearch]", "frozendict", "pyversity", "scikit-learn")),
}


class NotInstalledError(Exception):
    """A tool has no environment; says why."""


def python_of(name: str) -> Path:
    """The Python that has this tool. Raises NotInstalledError."""
    folder = FOLDER / name
    python, done = folder / "bin" / "python", folder / "done"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        tool, needs = PEERS[name]
        for arguments in (["--no-deps", tool], list(needs)):
            made = subprocess.run([python, "-m", "pip", "install", "-q", *arguments], capture_output=True, text=True)
            if made.returncode:
                raise NotInstalledError(f"{tool}: {last_line(made.stderr)}")
        done.touch()
    return python


def run_other(name: str, articles: Path, groups: Path, *, threshold: float, words: int) -> dict[str, float]:
    """Seconds, processor seconds and peak memory of a tool that groups a file. Raises NotInstalledError."""
    command = [python_of(name), OTHERS, name, articles, groups, "--threshold", str(threshold), "--words", str(words)]
    made = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if made.returncode:
        raise NotInstalledError(f"{PEERS[name][0]}: {last_line(made.stderr)}")
    found: dict[str, float] = json.loads(made.stdout.splitlines()[-1])
    return found


def read_pairs(groups: Path) -> set[tuple[int, int]]:
    """All pairs of articles in one group, by the place of their lines."""
    members: dict[str, list[int]] = {}
    for place, line in enumerate(groups.read_text(encoding="utf-8").splitlines()):
        members.setdefault(json.loads(line)["kept"], []).append(place)
    return {(left, right) for group in members.values() for right in group for left in group if left < right}


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


if __name__ == "__main__":
    for wanted in sys.argv[1:] or PEERS:
        try:
            print(wanted, python_of(wanted))
        except NotInstalledError as error:
            print(error)
