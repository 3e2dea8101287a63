"""What stories and arcs are called: a headline or lead sentence, and a few distinctive terms."""

from storycluster.stages.labels.label import label
from storycluster.stages.labels.windows import label_windows

__all__ = ["label", "label_windows"]
