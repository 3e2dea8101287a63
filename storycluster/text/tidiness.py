"""A quick look at many texts at once: which of them ``clean_text`` would leave as they are, but for their ends.

One linear pass over the bytes; it never calls a text tidy that is not, and most news texts are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_LETTERS: Final = "À-ſЀ-ӿ"
_SIGNS: Final = "‘’“”–—…•·€£°§©®™«»¿¡"
#: Characters that need a closer look, a letter before a sign (as in wrongly decoded text), markup, entities,
#: stray white space, and first lines as short as those of a text broken at a column.
_CLOSER_LOOK: Final = "|".join(
    (
        rf"[^\n -~{_LETTERS}{_SIGNS}]",
        rf"[{_LETTERS}][{_SIGNS}Ђ-Џѐ-џ]",
        "[Ã&<]",
        "  | \n|\n |\n\n\n",
        r"\A(?:[^\n]{0,85}\n){3}",
    )
)


def find_tidy(texts: Sequence[str]) -> list[bool]:
    r"""Whether each text is clean but for white space at its ends.

    >>> find_tidy(["Two died, they said.", "Two &amp; three", "tab\tbed"])
    [True, False, False]
    """
    try:
        untidy = pc.match_substring_regex(pa.array(texts, pa.string()), _CLOSER_LOOK)
    except UnicodeEncodeError:  # a lone surrogate somewhere
        return [False] * len(texts)
    tidy: list[bool] = pc.invert(untidy).to_pylist()
    return tidy
