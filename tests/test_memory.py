"""Reports are made without the texts they do not show: their memory does not grow with what a run has read."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from storycluster.model import SCHEMA_VERSION, TABLES

ARTICLES, LETTERS = 4_000, 50_000  # 200 MB of text
#: What all reports may take; with the texts loaded they take twice as much.
MOST_MEGABYTES = 240
#: Memory is measured on top of what the modules take, which are loaded by a first small report.
CODE = """
import sys
from storycluster.cli.output import render_all
from storycluster.config import load_config
from storycluster.runs import Run
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
def render(folder):
    contents = render_all(Run.open(folder), load_config(None, ["report.html_articles=50"]), None)
    return {name: sum(map(len, content)) for name, content in contents.items()}
render(sys.argv[1])
before = peak()
sizes = render(sys.argv[2])
print(peak() - before, sizes["report.json"])
"""


def keep_run(folder: Path, *, articles: int, letters: int) -> None:
    """A run of near-duplicates in a folder, every second article a copy of the one before."""
    folder.mkdir()
    names = [f"a{number:05}" for number in range(articles)]
    day = datetime(2024, 1, 1)
    rows = [
        {
            "id": name,
            "title": f"Title of {name}",
            "text": f"{name} " + "Two ferries collided. " * (letters // 22),
            "published": day + timedelta(minutes=number),
            "language": "en",
            "content_hash": number,
        }
        for number, name in enumerate(names)
    ]
    groups = [
        {"id": kept, "kept": kept, "article": name, "relation": relation, "jaccard": 0.9, "containment": 1.0}
        for kept, copy in zip(names[::2], names[1::2], strict=True)
        for name, relation in ((kept, "kept"), (copy, "near"))
    ]
    content = {"articles": rows, "groups": groups, "rejects": []}
    for name, values in content.items():
        table = pa.Table.from_pylist(values, TABLES[name])
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=256, compression="zstd")
    (folder / "manifest.json").write_text(json.dumps({"schema_version": SCHEMA_VERSION, "stages": "read duplicates"}))


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_reports_take_a_fraction_of_the_memory_of_the_texts(tmp_path: Path) -> None:
    keep_run(tmp_path / "small", articles=10, letters=100)
    keep_run(tmp_path / "large", articles=ARTICLES, letters=LETTERS)
    command = [sys.executable, "-c", CODE, str(tmp_path / "small"), str(tmp_path / "large")]
    megabytes, entries = subprocess.run(command, check=True, capture_output=True).stdout.split()
    assert int(entries) > ARTICLES * 200  # every article is listed
    assert float(megabytes) < MOST_MEGABYTES
