"""The README: every command shown is run, and prints what is shown."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

#: A line of dots in shown output stands for lines left out.
GAP = "…"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Every ``$ command`` of the console blocks with the output shown below it."""
    return [
        (command, shown)
        for block in blocks("console")
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]


def run(command: str, folder: Path) -> str:
    """What a storycluster command prints on stdout, run beside copies of seeds/ and configs/."""
    program, *arguments = shlex.split(command)
    assert program == "storycluster", f"the README shows another program: {command}"
    done = subprocess.run(
        [sys.executable, "-m", "storycluster", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def matches(shown: str, printed: str) -> bool:
    """Whether ``printed`` is what is shown, lines of dots standing for any lines."""
    parts = [re.escape(part) for part in re.split(rf"^{GAP}\n", shown, flags=re.MULTILINE)]
    return re.fullmatch("(?:.*\n)*?".join(parts), printed) is not None


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like the checkout, for commands that write."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("seeds", "configs", "tests"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def test_the_commands_shown_print_what_is_shown(workplace: Path) -> None:
    for command, shown in commands():
        printed = run(command, workplace)
        assert not shown or matches(shown, printed), f"{command} now prints:\n{printed}"


@pytest.mark.parametrize("block", blocks("python"))
def test_the_python_shown_runs(block: str, workplace: Path) -> None:
    done = subprocess.run([sys.executable, "-c", block], cwd=workplace, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_checks_end_with_the_test_command_of_the_readme() -> None:
    assert len(re.findall(r"^python3 -m venv .*pytest.*$", README, re.MULTILINE)) == 1
    assert "grep -m1 -E '^python3 -m venv .*pytest' README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_of_the_command_line_has_an_example() -> None:
    from typer.main import get_command

    from storycluster.cli import app

    shown = {shlex.split(command)[1] for command, _ in commands()}
    assert shown >= set(get_command(app).commands)
