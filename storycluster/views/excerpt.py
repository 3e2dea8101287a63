"""Words cut out of a text for showing: one line, never longer than a limit. It never adds a word."""

from __future__ import annotations

LEAD_LETTERS = 60  # about a headline's length
HEAD_LETTERS = LEAD_LETTERS * 4  # of a text, from which its opening words are cut
ELLIPSIS = "…"

#: A cut goes back to the last space, but not further than this share of what is shown.
BACK_TO_SPACE = 0.6


def cut_excerpt(text: str, start: int, end: int, letters: int) -> str:
    """The span in one line, cut after ``letters`` letters.

    >>> cut_excerpt("One.\\nTwo ferries collided off the coast.", 5, 40, 14)
    'Two ferries…'
    """
    words = fold_space(text[start : min(end, start + letters)])
    return words if end - start <= letters else _cut_at_word(words)


def cut_lead(text: str) -> str:
    """The first words of a text, for an article without a title.

    >>> cut_lead("  Two ferries collided. Nobody was hurt, the coast guard said on Monday evening.")
    'Two ferries collided. Nobody was hurt, the coast guard said…'
    """
    stripped = text[:HEAD_LETTERS].lstrip()
    return shorten(fold_space(stripped), LEAD_LETTERS)


def shorten(line: str, letters: int) -> str:
    """The line, cut at a word where it is longer than ``letters``.

    >>> shorten("Two ferries collided", 12)
    'Two ferries…'
    """
    return line if len(line) <= letters else _cut_at_word(line[:letters])


def _cut_at_word(line: str) -> str:
    """The line without its last word, which may not be whole, and with dots."""
    space = line.rfind(" ")
    return (line[:space] if space >= len(line) * BACK_TO_SPACE else line).rstrip(" ,;:–—-") + ELLIPSIS


def fold_space(text: str) -> str:
    """The text with every run of white space, line ends too, as one space.

    >>> fold_space(" a\\n\\n b ")
    'a b'
    """
    return " ".join(text.split())
