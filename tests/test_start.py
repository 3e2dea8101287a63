"""What a command loads and compiles: nothing heavy for help, nothing that it does not need, nothing twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from storycluster.progress import Notices

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
#: Runs the command line and prints the modules that were loaded by its end on stderr.
LOADED = """
import json, sys
from storycluster.cli import main
try:
    main()
except SystemExit:
    pass
json.dump(sorted(sys.modules), sys.stderr)
"""
#: The same, and prints the functions that numba compiled instead.
COMPILED = """
import json, sys
from numba.core.event import Listener, register
class Compiled(Listener):
    names = []
    def on_start(self, event):
        self.names.append(str(event.data["dispatcher"].py_func))
    def on_end(self, event):
        pass
register("numba:compile", Compiled())
from storycluster.cli import main
try:
    main()
except SystemExit:
    pass
json.dump(Compiled.names, sys.stderr)
"""


def outcome(code: str, *arguments: str) -> list[str]:
    """What the code printed on stderr, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stderr)
    return found


def test_help_loads_no_numbers_no_tables_and_no_compiler() -> None:
    loaded = outcome(LOADED, "--help")
    assert not {"numpy", "numba", "pyarrow", "duckdb", "scipy", "sklearn", "pandas", "rich"} & set(loaded)


@pytest.fixture(scope="module")
def loaded_by_report() -> set[str]:
    return set(outcome(LOADED, "report", str(SEEDS), "--quiet"))


def test_a_text_report_loads_no_library_of_other_forms_and_no_pandas(loaded_by_report: set[str]) -> None:
    others = {"pandas", "sklearn", "jinja2", "matplotlib", "xlsxwriter", "trafilatura", "rich"}
    assert not others & loaded_by_report
    assert "storycluster.kernels.prefixjoin" not in loaded_by_report


def test_duplicates_alone_load_nothing_of_stories_and_facts() -> None:
    loaded = outcome(LOADED, "dedup", str(SEEDS), "--quiet")
    assert not {"wordfreq", "storycluster.kernels.segments", "storycluster.stages.facts"} & set(loaded)


@pytest.mark.usefixtures("loaded_by_report")
@pytest.mark.parametrize("command", ["report", "dedup"])
def test_no_command_compiles_after_a_report_whatever_the_input(command: str, tmp_path: Path) -> None:
    text = "{} ships sank near 東京. Zwölf Menschen starben.\n"
    lines = [{"title": f"कुछ {n}", "text": text.format(n) * n} for n in range(1, 9)]
    pile = tmp_path / "pile.jsonl"
    pile.write_text("\n".join(map(json.dumps, [*lines, *lines[2:4]])), encoding="utf-8")
    assert outcome(COMPILED, command, str(pile), "--quiet") == []


def test_where_pandas_is_wanted_later_arrow_finds_it() -> None:
    pytest.importorskip("pandas")
    code = """
import json, sys
from storycluster.cli.start import leave_out_pandas
leave_out_pandas()
import pyarrow as pa
before = "pandas" in sys.modules
json.dump([str(before), type(pa.table({"a": [1]}).to_pandas()).__name__], sys.stderr)
"""
    assert outcome(code) == ["False", "DataFrame"]


def test_notices_are_lines_on_stderr_and_counts_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    notices = Notices()
    notices.advance("read", 5, 10)
    notices.say("first run on this machine")
    assert capsys.readouterr() == ("", "first run on this machine\n")
