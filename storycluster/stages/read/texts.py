"""The texts of a batch of drafts as they are stored: cleaned, without title and page furniture, with their languages.

Texts that a quick look finds tidy are never touched one by one; the others take the slow way. It rejects nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from storycluster.text.cleaning import clean_text
from storycluster.text.furniture import MAX_LINE_CHARS, drop_furniture
from storycluster.text.language_votes import guess_languages
from storycluster.text.tidiness import glance

#: Stands in an array for a text with lone surrogates, which no array can hold; never tidy.
_UNENCODABLE: Final = "&"
#: A first line that repeats the title may have so many characters more: a stop and a blank.
_TITLE_SLACK: Final = 2


def store_texts(
    texts: Sequence[str], titles: Sequence[str | None], languages: Sequence[str | None]
) -> tuple[pa.Array, list[str]]:
    """The stored form of each text, empty where nothing is left, and its language: the given one, else a guess.

    >>> store_texts(["Fire\\n\\nTwo &amp; three."], ["Fire"], ["en"])[0].to_pylist()
    ['Two & three.']
    """
    raw = _to_array(texts)
    look = glance(raw, short_chars=MAX_LINE_CHARS)
    changed = {place: clean_text(texts[place]) for place in np.flatnonzero(~look.is_tidy).tolist()}
    loose = np.flatnonzero(look.is_tidy & look.has_loose_ends).tolist()
    changed.update((place, texts[place].strip()) for place in loose)
    for place, title in enumerate(titles):
        if title is not None:
            text = changed[place] if place in changed else texts[place]
            if (body := drop_repeated_title(text, title)) is not text:
                changed[place] = body
    stored = _replace(raw, changed)
    found = _find_languages(stored, languages)
    bodies = {}
    for place in sorted({*changed, *np.flatnonzero(look.has_short_lines).tolist()}):
        text = changed.get(place, texts[place])
        if (body := drop_furniture(text, language=found[place])) is not text:
            bodies[place] = body
    return _replace(stored, bodies), found


def drop_repeated_title(text: str, title: str) -> str:
    r"""The text without a first line that only repeats the title, where more text follows.

    >>> drop_repeated_title("Ferry sinks\n\nTwo died.", "Ferry sinks")
    'Two died.'
    """
    end = text.find("\n", 0, len(title) + _TITLE_SLACK + 1)
    if end < 0:
        return text
    if not text.startswith(title[:1]) and not text[: len(title)].casefold().startswith(title[:1].casefold()):
        return text
    is_repeated = text[:end].strip(" .").casefold() == title.strip(" .").casefold()
    return text[end:].lstrip() if is_repeated and not text[end:].isspace() else text


def _to_array(texts: Sequence[str]) -> pa.Array:
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        return pa.array([text if _is_encodable(text) else _UNENCODABLE for text in texts], pa.string())


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _find_languages(texts: pa.Array, given: Sequence[str | None]) -> list[str]:
    """The language of each text."""
    if None not in given:
        return [language for language in given if language is not None]
    return [language or guess for language, guess in zip(given, guess_languages(texts), strict=True)]


def _replace(texts: pa.Array, changed: dict[int, str]) -> pa.Array:
    """The array with the changed texts in their places."""
    if not changed:
        return texts
    places = sorted(changed)
    mask = np.zeros(len(texts), np.bool_)
    mask[places] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array([changed[place] for place in places], pa.string()))
