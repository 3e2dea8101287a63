"""Overlap: passages of an article that tell another story than its own."""

from storycluster.stages.overlap.find import find_passages
from storycluster.stages.overlap.windows import find_window_passages

__all__ = ["find_passages", "find_window_passages"]
