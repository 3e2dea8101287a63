"""Find copies, overlapping stories and the new facts of each article in a pile of news.

The names below are the public interface. Importing the package loads none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storycluster.config import Config, load_config
    from storycluster.errors import ConfigError, InputError, StoryClusterError
    from storycluster.model import Article
    from storycluster.pipeline import Options, cluster_stories, find_duplicates, find_new_facts, run
    from storycluster.runs import Run

_HOME = {
    "Article": "model",
    "Config": "config",
    "ConfigError": "errors",
    "InputError": "errors",
    "Options": "pipeline",
    "Run": "runs",
    "StoryClusterError": "errors",
    "cluster_stories": "pipeline",
    "find_duplicates": "pipeline",
    "find_new_facts": "pipeline",
    "load_config": "config",
    "run": "pipeline",
}

__all__ = [
    "Article",
    "Config",
    "ConfigError",
    "InputError",
    "Options",
    "Run",
    "StoryClusterError",
    "cluster_stories",
    "find_duplicates",
    "find_new_facts",
    "load_config",
    "run",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'storycluster' has no attribute {name!r}")
    return getattr(import_module(f"storycluster.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
