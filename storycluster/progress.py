"""How a stage tells how far it is; who shows it, and whether, is decided above."""

from __future__ import annotations

import sys
from typing import Protocol


class Progress(Protocol):
    """A listener for counts and notices; it must be cheap and never raise."""

    def advance(self, stage: str, done: int, total: int | None) -> None:
        """``done`` of ``total`` articles (None: unknown) are through ``stage``."""

    def say(self, notice: str) -> None:
        """One sentence for a person who waits."""


class Silent:
    """Listens to nothing."""

    def advance(self, stage: str, done: int, total: int | None) -> None:
        """Ignore the count."""

    def say(self, notice: str) -> None:
        """Ignore the notice."""


class Notices:
    """Says notices on stderr and shows no counts: for where stderr is no terminal."""

    def advance(self, stage: str, done: int, total: int | None) -> None:
        """Ignore the count."""

    def say(self, notice: str) -> None:
        """Write the notice as a line."""
        sys.stderr.write(f"{notice}\n")
        sys.stderr.flush()
