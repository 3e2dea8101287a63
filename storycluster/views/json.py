"""A report as JSON text, the same bytes for the same report."""

from __future__ import annotations

import json
from collections.abc import Mapping


def to_json(report: Mapping[str, object]) -> str:
    """The report with keys in their order, indented, ending with a line end.

    >>> to_json({"stages": ["read"]})
    '{\\n  "stages": [\\n    "read"\\n  ]\\n}\\n'
    """
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"
