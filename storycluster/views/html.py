"""A report as one HTML file that asks for nothing from outside: style, script, charts and texts are inside it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storycluster.errors import EngineError
from storycluster.views.outline import Outline, arrange
from storycluster.views.shown import Shown
from storycluster.views.statements import Where, say_added
from storycluster.views.wording import ROLE_LEGEND, UNDATED, say_about, say_count, say_known, say_name

if TYPE_CHECKING:
    from storycluster.run_tables import RunTables

TEMPLATES = Path(__file__).parent / "templates"
EXTRA = "report.html needs the html extra: pip install 'storycluster[html]'"


def to_html(shown: Shown, tables: RunTables | None = None) -> str:
    """The report as a page; with ``tables`` it holds the texts of the articles and how similar they are.

    Raises EngineError where the ``html`` extra is not installed.
    """
    try:
        import jinja2
        import matplotlib as mpl
    except ImportError as error:
        raise EngineError(EXTRA) from error
    mpl.set_loglevel("ERROR")  # a missing font is no news: the page brings its own
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    page = _lay_out(shown, arrange(shown), tables)
    return environment.get_template("report.html").render(page)


def _lay_out(shown: Shown, outline: Outline, tables: RunTables | None) -> dict[str, Any]:
    """What the template needs, charts drawn and texts packed."""
    from storycluster.views.page import NARROW, WIDE, PageParts

    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    script = (TEMPLATES / "script.js").read_text(encoding="utf-8")
    return {
        "outline": outline,
        "say_about": say_about,
        "say_count": say_count,
        "say_known": say_known,
        "say_name": say_name,
        "numbers": _say_numbers,
        "say_added": say_added,
        "role_legend": ROLE_LEGEND,
        "undated": UNDATED,
        "where": Where,
        "parts": PageParts(shown, outline, tables),
        "wide": WIDE,
        "narrow": NARROW,
        "style": style,
        "style_digest": _digest(style),
        "script": script,
        "script_digest": _digest(script),
    }


def _say_numbers(places: Sequence[Where]) -> list[str]:
    return [f"[{place.article}]" for place in places]


def _digest(content: str) -> str:
    """What the content security policy lets in, and nothing else."""
    return base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")
