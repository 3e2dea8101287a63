"""A process of our own looks for objects that hold each other seldom, and not at its end."""

import subprocess
import sys

import pytest

KEEPS_A_CYCLE = """
class Node:
    def __del__(self):
        print("freed")

node = Node()
node.itself = node
"""
SELDOM = "from storycluster.cycles import look_for_cycles_seldom\nlook_for_cycles_seldom()"


@pytest.mark.parametrize(("beginning", "said"), [("", "freed\n"), (SELDOM, "")])
def test_no_cycle_is_looked_for_at_the_end(beginning: str, said: str) -> None:
    command = [sys.executable, "-c", beginning + KEEPS_A_CYCLE]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == said
