"""Stories: how similar articles are in each channel, and which of them tell one event."""

from storycluster.stages.stories.cluster import cluster, find_stories
from storycluster.stages.stories.measure import measure
from storycluster.stages.stories.windows import cluster_windows, need_windows, open_windows

__all__ = ["cluster", "cluster_windows", "find_stories", "measure", "need_windows", "open_windows"]
