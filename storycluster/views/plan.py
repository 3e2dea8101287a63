"""How near-duplicates will be looked for, in words and a table for a terminal. It computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storycluster.stages.duplicates import Plan
from storycluster.views.tables import write_heading, write_paragraph, write_table

BAR = "█"
BAR_COLUMNS = 40
MEGABYTE = 1_000_000


def write_plan(plans: Sequence[Plan]) -> str:
    """The banding, its recall, and the expected cost for each number of articles; one plan for each, all else equal."""
    return "\n".join(_plan(plans)).lstrip("\n") + "\n"


def _plan(plans: Sequence[Plan]) -> Iterator[str]:
    plan = plans[0]
    yield from write_heading("Plan of the comparison")
    if plan.is_exact:
        yield from write_paragraph(
            f"Every pair with Jaccard of at least {plan.threshold:g} or containment of at least "
            f"{plan.containment_threshold:g} is found (prefix-filter join): expected recall 1."
        )
        return
    yield from write_paragraph(
        f"Bands and rows: {plan.bands} bands of {plan.rows} rows, from {plan.permutations} permutations. "
        f"Expected recall at threshold {plan.threshold:g}: {plan.expected_recall:.4f}."
    )
    yield from write_paragraph(
        f"A contained article is compared where {plan.contained_matches} of {plan.contained_samples} shingles drawn "
        f"from it are found in the longer one. Expected recall at containment {plan.containment_threshold:g}: "
        f"{plan.contained_recall:.4f}."
    )
    yield from write_paragraph("Every candidate is then verified on its full sets of shingles.")
    yield ""
    rows = [(f"{jaccard:.1f}", f"{chance:.4f}", BAR * round(chance * BAR_COLUMNS)) for jaccard, chance in plan.curve]
    yield from write_table(("Jaccard", "chance of being\ncompared", ""), rows, text=("",))
    yield ""
    costs = [
        (
            f"{each.articles:,}",
            f"{each.false_candidates:,.0f}",
            f"{each.articles * each.signature_bytes / MEGABYTE:,.0f} MB",
            f"{each.articles * each.join_bytes / MEGABYTE:,.0f} MB",
        )
        for each in plans
    ]
    yield from write_table(("articles", "false\ncandidates", "signatures", "join"), costs)
