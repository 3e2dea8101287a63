"""What of a large run a report lists, and the line that counts the rest. It hides nothing silently."""

from __future__ import annotations

from collections.abc import Sequence

from storycluster.views.wording import say_count


def choose_largest(sizes: Sequence[int], limit: int) -> list[int]:
    """Places of the ``limit`` largest, of equal ones the first, in the order they came.

    >>> choose_largest([1, 3, 2, 3], 2)
    [1, 3]
    """
    return sorted(sorted(range(len(sizes)), key=lambda place: (-sizes[place], place))[:limit])


def say_left_out(number: int, noun: str, *, key: str, limit: int, beside: str = "") -> str:
    """The line for what is not listed, with the setting that says so; empty where nothing is left out.

    >>> say_left_out(2, "more figure", key="max_figures", limit=200)
    '2 more figures not listed (report.max_figures = 200); report.json and the tables hold all.'
    """
    if number < 1:
        return ""
    return (
        f"{say_count(number, noun)}{beside} not listed (report.{key} = {limit:,}); report.json and the tables hold all."
    )
