"""Passages that tell another story than their article's own."""

from storycluster.config import StoriesConfig
from storycluster.engines.base import Engine, Table


def find_passages(
    articles: Table, stories: Table, memberships: Table, groups: Table, config: StoriesConfig, engine: Engine
) -> Table:
    """The memberships."""
    return memberships
