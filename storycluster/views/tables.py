"""Plain tables and paragraphs for a terminal of 80 columns; the last column is wrapped, nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tabulate import tabulate
from wcwidth import width as display_width
from wcwidth import wrap

WIDTH = 80
LEAST_WIDTH = 16  # of the wrapped column
_GAP = 2  # between columns


def write_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, text: Sequence[str] = ()) -> list[str]:
    """The lines of a table; columns named in ``text`` stand left, numbers right, and the last column is wrapped.

    >>> write_table(("threshold", "stories"), [("0.25", "3")])
    ['  threshold    stories', '-----------  ---------', '       0.25          3']
    """
    columns = list(zip(*rows, strict=True)) or [() for _ in headers]
    used = sum(
        max([*map(display_width, header.split("\n")), *map(display_width, column)]) + _GAP + _GAP
        for header, column in zip(headers[:-1], columns[:-1], strict=True)
    )
    last = max(WIDTH - used, LEAST_WIDTH)
    wrapped = [[*row[:-1], "\n".join(wrap(row[-1], last))] for row in rows]
    align = ["left" if header in text else "right" for header in headers]
    table = tabulate(wrapped, headers=headers, tablefmt="simple", colalign=align, disable_numparse=True)
    return [line.rstrip() for line in str(table).splitlines()]


def write_heading(words: str) -> list[str]:
    """An empty line, the words and a rule below.

    >>> write_heading("Stories")
    ['', 'Stories', '───────']
    """
    lines = list(wrap(words, WIDTH))
    return ["", *lines, "─" * max(map(display_width, lines), default=0)]


def write_paragraph(words: str, *, first: str = "") -> Iterator[str]:
    """The words in lines; ``first`` stands before the first one and the others hang under it."""
    yield from wrap(words, WIDTH, initial_indent=first, subsequent_indent=" " * display_width(first))


def say_score(score: float) -> str:
    """A score of 0..1 with three digits.

    >>> say_score(0.25)
    '0.250'
    """
    return f"{score:.3f}"
