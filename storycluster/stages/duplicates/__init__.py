"""Near-duplicates: signatures, verified pairs, and groups with one kept article."""

from storycluster.stages.duplicates.groups import group
from storycluster.stages.duplicates.pairs import find_pairs, read_counts
from storycluster.stages.duplicates.signing import check_identity, identity, sign

__all__ = ["check_identity", "find_pairs", "group", "identity", "read_counts", "sign"]
