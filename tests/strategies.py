"""Hypothesis strategies and hostile texts shared by the tests; each module appends its own."""

import re
from typing import Final

from hypothesis import strategies as st

#: Texts that hang or slow down careless patterns; each must be read in about the time of a plain text of its length.
HOSTILE_TEXTS: Final = {
    "titles": "Mr. " * 50_000,
    "marks": "?!." * 100_000,
    "initials": "A. " * 50_000,
    "acronyms": "U.S." * 100_000,
    "one word": "a" * 1_000_000,
    "one number": "1" * 1_000_000,
    "numbers": "1 " * 100_000,
    "grouped numbers": "1,111," * 50_000,
    "versions": "1.1." * 100_000,
    "straight quotes": '"' * 100_000,
    "curly quotes": "“" * 100_000,
    "backticks": "``" * 50_000,
    "quoted stops": '." ' * 50_000,
    "brackets": "(" * 100_000,
    "dashes": "— " * 50_000,
    "spaces": " " * 500_000,
    "line ends": "\n" * 300_000,
    "short lines": "ab\n" * 50_000,
    "capitals": "A" * 300_000,
    "glued words": "Aa." * 100_000,
    "signatures": "— a@b(" * 50_000,
    "list items": "1. " * 50_000,
    "months": "May " * 30_000,
    "years": "2012 " * 30_000,
    "weekdays": "on Monday " * 20_000,
    "ranges": "5 to " * 30_000,
    "number words": "one million " * 20_000,
    "ones": "one " * 50_000,
    "lengths": "5 days " * 20_000,
    "deaths": "killed 5 " * 20_000,
    "ends": "end of the " * 20_000,
}

#: Pieces of news text, joined at random: marks, names with stops, numbers, dates, other scripts, broken characters.
_PIECES: Final = re.split(
    r"\|",
    "The ship sank|Mr|U.S|Acme Corp|he said|it rained|said|Monday|on May 5|in 2012|10,000 troops|$1.2 billion|3-2|"
    "between 5 and 10|last week|No|1|p.m|他来了|वह आया|ذهب|é|🇰🇷|pic.twitter.com/x|— Ana (@ana) May 3, 2021|"
    "(Reuters) -|http://a.b/c.D|-LRB-|``|''|a\u200bb|ﬁ|İ|ß|\u0301|½",
)
_JOINTS: Final = [
    " ",
    ". ",
    ".",
    ", ",
    "? ",
    "! ",
    "\n",
    "\n\n",
    "\n    ",
    '"',
    "“",
    "”",
    "’",
    "... ",
    "。",
    "। ",
    "؟ ",
    ": ",
    "; ",
    "-",
    "\u00a0",
    "\t",
    "\r\n",
]


def news_texts(max_pieces: int = 30) -> st.SearchStrategy[str]:
    """Texts of news-like pieces and joints in any order, and now and then any characters at all."""
    piece = st.sampled_from(_PIECES) | st.text(max_size=8)
    pairs = st.lists(st.tuples(piece, st.sampled_from(_JOINTS)), max_size=max_pieces)
    return pairs.map(lambda found: "".join(piece + joint for piece, joint in found))


#: JSON records as they are met: the usual names and others, values of every kind, some of them hostile.
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=60)
    | st.sampled_from(
        ["2024-10-29", "03/04/2024", "1730189000", "<p>Two died.</p>", "\x1b[31m", "\u202e", "\ud800", "=1+1"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
json_records = st.dictionaries(
    st.sampled_from(["id", "text", "Body", "title", "date", "source", "url", "lang"]) | st.text(max_size=8),
    json_values,
    max_size=6,
)
