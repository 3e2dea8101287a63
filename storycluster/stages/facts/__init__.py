"""Facts: what each article of a story adds, with its evidence, and the figures of every arc."""

from storycluster.stages.facts.figures import track_figures
from storycluster.stages.facts.find import find_facts

__all__ = ["find_facts", "track_figures"]
