"""The errors storycluster raises on purpose; anything else that escapes is a bug.

    StoryClusterError
    ├── ConfigError    a key, type or range in a config file or ``--set``
    ├── InputError     an input that cannot be opened, or (strict) one rejected article
    │   └── NothingReadError    no article was accepted; the run ends with exit code 3
    ├── EngineError    the engine, its extra or its resources (memory, disk)
    └── StoreError     a run folder or store that is missing, foreign or damaged

The command line prints one line for each of these and ends with ``exit_code``.
"""


class StoryClusterError(Exception):
    """Base of every error a caller can act on."""

    exit_code = 1


class ConfigError(StoryClusterError):
    """A key, a type or a range in the configuration is wrong; names key, value, file, what is allowed."""


class InputError(StoryClusterError):
    """An input cannot be read at all, or an article was rejected under ``--strict``."""


class EngineError(StoryClusterError):
    """The engine is not installed or ran out of a resource."""


class StoreError(StoryClusterError):
    """A run folder is missing, belongs to another run, or is damaged."""


class NothingReadError(InputError):
    """Every article was rejected, or there was none."""

    exit_code = 3
