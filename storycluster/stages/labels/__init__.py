"""What stories and arcs are called: a headline or lead sentence, and a few distinctive terms."""

from storycluster.stages.labels.label import label

__all__ = ["label"]
