"""Text as it is stored and shown: repaired, without markup, control characters or stray white space.

Offsets elsewhere refer to what these functions return. They never touch wording, quotes, digits or line order.
"""

from __future__ import annotations

import html
import re
from typing import Final

from storycluster.text.marks import compose

#: Deleting these bytes from UTF-8 leaves what is not ASCII.
_ASCII: Final = bytes(range(128))
#: C0 controls and DEL but the newline; the tab is here because a clean line has none.
_UNCLEAN_ASCII: Final = bytes(set(range(32)) - {10}) + b"\x7f"

#: What UTF-8 decoded as cp1252, Latin-1, Mac Roman or cp1251 looks like; only then is the slow repair tried.
_MOJIBAKE: Final = re.compile(
    "[Â-ô][\u0080-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[ÂÃ]|‚Ä|ΓÇ|вЂ|[РС][ЂЃѓ‚„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџ°±Ііґµ¶·ё№є»јЅѕї]"
)
_UNUSUAL: Final = re.compile(
    "[\u0080-\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff"
    "\ufb00-\ufb06\ufdd0-\ufdef\ufeff\ufff9-\ufffb\uff01-\uff5e\U000e0000-\U000e007f]"
)

_ESCAPE_SEQUENCE: Final = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)|[@-Z\\^_])"
)
_LINE_BREAK: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: A no-break space between digits groups thousands and stays; anywhere else it is a space. The pattern
#: begins with a class of characters, by which Python skips all others.
_SPACE: Final = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000](?:(?<![\u00a0\u202f])|(?<!\\d.)|(?!\\d))")
#: What ``_INVISIBLE`` and ``_LINE_BREAK`` match of ASCII.
_ASCII_INVISIBLE: Final = bytes([*range(9), *range(14, 32), 127])
_ASCII_BREAKS: Final = "\r\x0b\x0c"
_EMPTY_LINES: Final = re.compile("\n{3,}")

_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLOCK: Final = "p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|blockquote|figure|figcaption|header|footer|hr|pre"
_INLINE: Final = (
    "a|abbr|b|big|code|em|font|i|img|mark|q|s|small|span|strong|sub|sup|td|th|tbody|thead|time|u|video|audio"
)
#: Text that has one of these is markup; a lone ``<ABC>`` is a ticker.
_MARKUP: Final = re.compile(
    rf"</(?:{_BLOCK}|{_INLINE}|script|style)\s{{0,9}}>|<(?:br|p|hr|img)(?:\s[^<>]{{0,2000}})?/?>", re.I
)
_TAG: Final = re.compile(rf"</?(?:({_BLOCK})|{_INLINE})(?:\s[^<>]{{0,2000}})?/?>", re.I)
_HIDDEN_START: Final = re.compile(r"<(?:(script|style)\b[^<>]{0,2000}>|!--)", re.I)
_HIDDEN_END: Final = {
    "script": re.compile(r"</script\s{0,9}>", re.I),
    "style": re.compile(r"</style\s{0,9}>", re.I),
    "": re.compile("-->"),
}

_WRAPPED_WIDTH: Final = range(35, 86)  # columns of a line that a typewriter or mail program broke
_WRAPPED_START: Final = re.compile(r"(?:[^\n]{0,85}\n){3}")
_WRAPPED_LINES: Final = 5  # fewer lines prove nothing
_WRAPPED_SHARE: Final = 0.6  # of the lines, broken inside a sentence


def clean_text(text: str) -> str:
    r"""The text repaired and stripped of markup, controls and stray white space; lines stay lines.

    >>> clean_text("It\u00e2\u20ac\u2122s &lt;b&gt;here&lt;/b&gt;.\x00  \r\nYes")
    'It’s here.\nYes'
    """
    text = text if text.isascii() else _repair(text)
    if _is_tidy(text):
        return text.strip()
    if "&" in text or "<" in text:
        text = _strip_markup(text)
    return _tidy(_unwrap(_unify_breaks(text)))


def clean_line(text: str) -> str:
    r"""``clean_text`` on one line.

    >>> clean_line(" Fire &amp; flood\n in the port ")
    'Fire & flood in the port'
    """
    if text.isascii() and text.isprintable() and "&" not in text and "<" not in text and "  " not in text:
        return text.strip()
    cleaned = clean_text(text)
    return " ".join(cleaned.split()) if "\n" in cleaned else cleaned


def show_safely(text: str, *, max_chars: int) -> str:
    r"""An excerpt on one line that is safe on any terminal: controls shown as escapes, cut at ``max_chars``.

    >>> show_safely("a\x1b[31m\n\u202eb", max_chars=30)
    'a\\x1b[31m \\u202eb'
    """
    line = " ".join(text[: 2 * max_chars].split())
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)
    return shown if len(shown) <= max_chars and len(text) <= 2 * max_chars else shown[: max_chars - 1] + "…"


def _is_tidy(text: str) -> bool:
    """Whether nothing is left to clean; decided on bytes, since nearly every record is."""
    data = text.encode("utf-8")
    if len(data.translate(None, _UNCLEAN_ASCII)) != len(data):
        return False
    if len(data) != len(text) and _UNUSUAL.search(data.translate(None, _ASCII).decode("utf-8")):
        return False
    if b"&" in data or b"<" in data or b"  " in data:
        return False
    if b"\n" not in data:
        return True
    return not (b" \n" in data or b"\n " in data or b"\n\n\n" in data or _looks_wrapped(text))


def _repair(text: str) -> str:
    """Wrong decoding undone, and canonical composition; characters alone decide whether the slow way is taken."""
    try:
        foreign = text.encode("utf-8").translate(None, _ASCII).decode("utf-8")
    except UnicodeEncodeError:  # lone surrogates
        foreign = text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if _MOJIBAKE.search(foreign) and _MOJIBAKE.search(text):  # the first is fast, the second certain
        text = _undo_wrong_decoding(text)
    return compose(text)


def _undo_wrong_decoding(text: str) -> str:
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_line_breaks=False,
        fix_character_width=False,
        uncurl_quotes=False,
        remove_control_chars=False,
        normalization=None,  # composed below, which no pile of marks slows down
        explain=False,
    )
    return ftfy.fix_text(text, config)


def _strip_markup(text: str) -> str:
    """Tags gone, entities read; markup that was escaped as a whole is stripped after it is read."""
    if _MARKUP.search(text):
        return html.unescape(_strip_tags(text))
    if not _ENTITY.search(text):
        return text
    unescaped = html.unescape(text)
    return html.unescape(_strip_tags(unescaped)) if _MARKUP.search(unescaped) else unescaped


def _strip_tags(text: str) -> str:
    """The text without tags, a line break for each that is a block; what is no whole tag as it stands stays."""
    return _TAG.sub(lambda tag: "\n" if tag[1] else "", _drop_between(text))


def _drop_between(text: str) -> str:
    """The text without scripts, styles and comments; one that never ends is cut at its start."""
    kept: list[str] = []
    position = 0
    while found := _HIDDEN_START.search(text, position):
        kept.append(text[position : found.start()])
        end = _HIDDEN_END[(found.group(1) or "").lower()].search(text, found.end())
        if not end:
            return "".join(kept)
        position = end.end()
    return "".join([*kept, text[position:]])


def _unify_breaks(text: str) -> str:
    """Each kind of line break as a newline."""
    if text.isascii() and not any(map(text.__contains__, _ASCII_BREAKS)):
        return text
    return _LINE_BREAK.sub("\n", text)


def _tidy(text: str) -> str:
    """Controls gone, one space between words, no space at the edge of a line, at most one empty line."""
    if "\x1b" in text:
        text = _ESCAPE_SEQUENCE.sub("", text)
    if text.isascii():
        text = text.encode().translate(None, _ASCII_INVISIBLE).decode().replace("\t", " ")
    else:
        text = compose(_SPACE.sub(" ", _INVISIBLE.sub("", text)))
    while "  " in text:
        text = text.replace("  ", " ")
    text = text.replace(" \n", "\n").replace("\n ", "\n")
    return _EMPTY_LINES.sub("\n\n", text).strip() if "\n\n\n" in text else text.strip()


def _looks_wrapped(text: str) -> bool:
    """Whether most lines were broken at a column and not at the end of a paragraph."""
    if not _WRAPPED_START.match(text) or text.count("\n") < _WRAPPED_LINES:
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    broken = sum(1 for line in lines if len(line.strip()) in _WRAPPED_WIDTH and line.rstrip()[-1] not in ".!?:\"”'")
    return len(lines) > _WRAPPED_LINES and broken >= _WRAPPED_SHARE * len(lines)


def _unwrap(text: str) -> str:
    """Paragraphs on one line each, where lines were broken at a column; else the text as it is."""
    if not _looks_wrapped(text):
        return text
    paragraphs: list[list[str]] = []
    for line in text.split("\n"):
        starts_paragraph = not paragraphs or not line.strip() or line[:1].isspace() or not paragraphs[-1][-1]
        if starts_paragraph:
            paragraphs.append([line.strip()])
        else:
            paragraphs[-1].append(line.strip())
    return "\n".join(" ".join(lines) for lines in paragraphs)
