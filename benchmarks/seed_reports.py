"""Writes the report of the seed corpus into ``reports/`` in every format: ``python -m benchmarks.seed_reports``.

Run it from the root of the checkout, so that the paths in the reports are those of the repository.
"""

from __future__ import annotations

from pathlib import Path

from storycluster import load_config, run
from storycluster.views import html, json, markdown, text
from storycluster.views.content import load_content
from storycluster.views.report import stream_report
from storycluster.views.shown import choose_shown

ROOT = Path(__file__).parents[1]
TERMINAL_COLUMNS = 80


def render_seeds() -> dict[str, str]:
    """The four reports by file name."""
    config = load_config(ROOT / "configs" / "default.toml")
    result = run(["seeds"], config)
    content = load_content(result.tables, config=config, stages=result.stages)
    shown = choose_shown(content)
    return {
        "seeds.txt": text.to_text(shown, width=TERMINAL_COLUMNS),
        "seeds.md": markdown.to_markdown(shown),
        "seeds.json": "".join(json.stream_json(stream_report(content))),
        "seeds.html": html.to_html(shown, result.tables),
    }


def main() -> None:
    """Write them."""
    for name, content in render_seeds().items():
        (ROOT / "reports" / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
