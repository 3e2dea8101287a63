"""Writes the report of the seed corpus into ``reports/`` in every format: ``python -m benchmarks.seed_reports``.

Run it from the root of the checkout, so that the paths in the reports are those of the repository.
"""

from __future__ import annotations

from pathlib import Path

from storycluster import load_config, run
from storycluster.views import html, json, markdown, text
from storycluster.views.report import build_report

ROOT = Path(__file__).parents[1]
TERMINAL_COLUMNS = 80


def render_seeds() -> dict[str, str]:
    """The four reports by file name."""
    config = load_config(ROOT / "configs" / "default.toml")
    result = run(["seeds"], config)
    report = build_report(result.tables, config=config, stages=result.stages)
    return {
        "seeds.txt": text.to_text(report, width=TERMINAL_COLUMNS),
        "seeds.md": markdown.to_markdown(report),
        "seeds.json": json.to_json(report),
        "seeds.html": html.to_html(report, result.tables),
    }


def main() -> None:
    """Write them."""
    for name, content in render_seeds().items():
        (ROOT / "reports" / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
