"""Who and what a text names: people, countries, bodies and places, joined over their variants."""

from storycluster.text.names.find import find_names
from storycluster.text.names.joins import join_names
from storycluster.text.names.kinds import Name, NameKind

__all__ = ["Name", "NameKind", "find_names", "join_names"]
