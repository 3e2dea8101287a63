"""Stories: how similar articles are in each channel, and which of them tell one event."""

from storycluster.stages.stories.cluster import cluster, find_stories
from storycluster.stages.stories.measure import measure

__all__ = ["cluster", "find_stories", "measure"]
