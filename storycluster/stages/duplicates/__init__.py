"""Near-duplicates: signatures, verified pairs, and groups with one kept article."""

from storycluster.stages.duplicates.groups import group
from storycluster.stages.duplicates.keep import write_kept
from storycluster.stages.duplicates.matches import find_matches
from storycluster.stages.duplicates.pairs import find_pairs, read_counts
from storycluster.stages.duplicates.plan import Plan, explain_plan
from storycluster.stages.duplicates.signing import EarlySigning, check_identity, identity, sign, sign_and_shingle

__all__ = [
    "EarlySigning",
    "Plan",
    "check_identity",
    "explain_plan",
    "find_matches",
    "find_pairs",
    "group",
    "identity",
    "read_counts",
    "sign",
    "sign_and_shingle",
    "write_kept",
]
