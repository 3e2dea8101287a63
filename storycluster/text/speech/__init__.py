"""Clauses of a sentence and who says them."""

from storycluster.text.speech.clauses import Clause, split_clauses
from storycluster.text.speech.speakers import resolve_speakers

__all__ = ["Clause", "resolve_speakers", "split_clauses"]
