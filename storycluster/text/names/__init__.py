"""Who and what a text names: people, countries, bodies and places, joined over their variants."""

from storycluster.text.names.find import Name, NameKind, find_names
from storycluster.text.names.joins import join_names

__all__ = ["Name", "NameKind", "find_names", "join_names"]
