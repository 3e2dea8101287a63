"""Random damage to files of every format, random text through rules and reports: what fails, and what is slow.

    python benchmarks/fuzz_read.py --seconds 600 --seed 1

Prints one line per finding (with the file that shows it) and a summary; ends with 1 where something was found.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from storycluster.config import Config, ReadConfig
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.errors import NothingReadError, StoryClusterError
from storycluster.kernels.tokens import tokenise
from storycluster.model import Article
from storycluster.pipeline import run
from storycluster.stages.read import read_articles
from storycluster.text.cleaning import clean_line, clean_text
from storycluster.text.credits import find_credits
from storycluster.text.dates import find_times
from storycluster.text.furniture import drop_furniture
from storycluster.text.languages import guess_language
from storycluster.text.layout import find_layout, find_markdown_layout
from storycluster.text.marks import compose
from storycluster.text.names import find_names
from storycluster.text.normalise import normalise, normalise_array
from storycluster.text.published import parse_published
from storycluster.text.quantities import find_quantities
from storycluster.text.sentences import find_sentences
from storycluster.text.speech import split_clauses
from storycluster.views.content import load_content
from storycluster.views.html import to_html
from storycluster.views.markdown import to_markdown
from storycluster.views.shown import choose_shown
from storycluster.views.text import to_text

NOW = datetime(2030, 1, 1)
SLOW_SECONDS_PER_MEGABYTE = 5.0
SLOW_SECONDS = 1.0  # of small inputs
MAX_TEXT_CHARS = 60_000
REPORT_EVERY = 20  # texts; a whole run takes longer than all rules on one text
REPORTED_CHARS = 10_000

SEEDS: dict[str, bytes] = {
    "a.txt": b" date 2024-10-29 Ferries collide\nATHENS (ANA) - Two people died on Monday, officials said.\n\nMore.\n",
    "a.md": b"---\ntitle: x\n---\n# Ferries *collide*\n\n**Two** [died](http://a.b) on Monday.\n",
    "a.jsonl": b'{"id":"1","title":"t","text":"Two died.","date":"03/04/2024"}\n{"text":"x","date":1730189000}\n',
    "a.json": b'{"docs": [{"id": 1, "body": "Two died.", "source": {"name": "ANA"}}, {"id": 2, "body": ["a", "b"]}]}',
    "a.csv": b'id,title,text,date\n1,t,"Two ""died""\non Monday",2024-10-29\n2,t,x,29/10/2024\n',
    "a.xml": b"""<?xml version="1.0"?><rss><channel><title>A</title><item><title>t</title>
<description>&lt;p&gt;x</description><pubDate>Tue, 29 Oct 2024 10:00:00 GMT</pubDate></item></channel></rss>""",
    "a.html": b"""<!DOCTYPE html><html lang=en><head><title>t</title></head><body><article><h1>t</h1><p>Two ferries
collided off the island of Kos on Monday, and the coast guard said nobody was hurt.</p></article></body></html>""",
    "a.sgm": b"""<REUTERS NEWID="1">\n<DATE>26-FEB-1987 15:01:01.79</DATE><TITLE>t</TITLE>
<BODY>Two died.\n&#3;</BODY>\n</REUTERS>\n""",
    "a.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: 75\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>Two died.</p></html>\r\n\r\n",
}
PIECES = (
    *(
        "Mr. ",
        "?!.",
        "“",
        "”",
        '"',
        "'",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<p>",
        "</p>",
        "<!--",
        "&amp;",
        "&#x41;",
        "\x00",
        "\x1b[",
    ),
    *(
        "\u202e",
        "\u200b",
        "\ufeff",
        "\ud800",
        "\n",
        "\n\n",
        "\t",
        " ",
        "a",
        "A",
        "é",
        "漢",
        "\u0301\u0323",
        "각\u11a8",
        "ไทย",
        "ا",
        "😀",
        "-",
        "—",
        "1",
        "10,000",
    ),
    *(
        "3 May 2021",
        "2024-10-29",
        "on Monday",
        "last week",
        "said",
        "citing ",
        "(Reuters) - ",
        "Yonhap",
        "The Ministry of ",
    ),
    *(
        "not ",
        "troops ",
        "$5 million ",
        "between ",
        "and ",
        ", ",
        ". ",
        ": ",
        "; ",
        "that ",
        "will ",
        "U.S. ",
        "N. Korea",
        "@x",
        "http://a.b/",
    ),
)


def make_text(rng: random.Random) -> str:
    """Random pieces of news and of trouble, sometimes one of them very often."""
    if rng.random() < 0.3:
        piece = "".join(rng.choices(PIECES, k=rng.randint(1, 3)))
        return piece * rng.randint(1, MAX_TEXT_CHARS // max(1, len(piece)))
    return "".join(rng.choices(PIECES, k=rng.randint(0, 2_000)))


def damage(data: bytes, rng: random.Random) -> bytes:
    """The bytes with a few random cuts, flips, repeats and insertions."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        place = rng.randrange(len(changed) + 1)
        action = rng.randrange(5)
        if action == 0:
            del changed[place : place + rng.randint(1, 40)]
        elif action == 1:
            changed[place:place] = rng.randbytes(rng.randint(1, 8))
        elif action == 2:
            changed[place:place] = make_text(rng)[:500].encode("utf-8", "replace")
        elif action == 3:
            changed[place:place] = changed[place : place + rng.randint(1, 60)] * rng.randint(1, 50)
        elif changed:
            changed[place % len(changed)] = rng.randrange(256)
    return bytes(changed)


def read_damaged(rng: random.Random, folder: Path) -> Path:
    """Read one damaged file, strictly inside an engine of its own; the file stays for the finding."""
    name = rng.choice(sorted(SEEDS))
    path = folder / (name if rng.random() < 0.8 else rng.choice(sorted(SEEDS)))
    path.write_bytes(damage(SEEDS[name], rng))
    engine = DuckDBEngine(threads=1, memory_limit="", temp_directory=folder)
    articles, rejects = read_articles([path], ReadConfig(), engine, now=NOW)
    found, bad = engine.to_arrow(articles), engine.to_arrow(rejects)
    if not found.num_rows + bad.num_rows:
        raise RuntimeError("neither an article nor a reject")
    for text in found.column("text").to_pylist():
        if clean_text(text) != text and "&" not in text and "<" not in text and text.isascii():
            raise RuntimeError("stored text is not clean")
    return path


def check_kernels(text: str) -> None:
    """Normalise and tokenise: the kernel over a batch gives what the text alone gives."""
    content, offsets = normalise_array(pa.array(["a", text, None]))
    if bytes(content[offsets[1] : offsets[2]]) != normalise(text).encode():
        raise RuntimeError("the kernel normalises otherwise than the text alone")
    tokenise(content, offsets)


RULES: dict[str, Callable[[str], object]] = {
    "clean_text": clean_text,
    "clean_line": clean_line,
    "compose": lambda text: compose(text.encode("utf-8", "replace").decode("utf-8")),
    "normalise": check_kernels,
    "find_layout": find_layout,
    "find_markdown_layout": find_markdown_layout,
    "guess_language": guess_language,
    "drop_furniture": lambda text: drop_furniture(text, language="en"),
    "parse_published": lambda text: parse_published(text, order=None, now=NOW),
    "find_sentences": find_sentences,
    "find_times": lambda text: find_times(text, published=date(2024, 10, 29)),
    "find_quantities": find_quantities,
    "find_names": find_names,
    "split_clauses": split_clauses,
    "find_credits": find_credits,
}


def report_texts(texts: Sequence[str]) -> None:
    """All stages and all report forms over a few texts; one is given twice, so that there is a copy."""
    articles = [Article(str(number), text) for number, text in enumerate((*texts, texts[0]))]
    try:
        found = run(articles, Config())
    except NothingReadError:
        return
    shown = choose_shown(load_content(found.tables, config=Config(), stages=found.stages))
    printed = to_text(shown, width=80) + to_markdown(shown) + to_html(shown, found.tables)
    if not all(character.isprintable() or character == "\n" for character in to_text(shown, width=80)):
        raise RuntimeError("a character in the report that moves the cursor")
    printed.encode("utf-8")


def run_rules(text: str, slow: Counter[str]) -> None:
    """Every rule on one text; a slow one is counted."""
    cleaned = clean_text(text)
    for name, rule in RULES.items():
        started = time.process_time()
        rule(text if name.startswith(("clean", "parse")) else cleaned)
        seconds = time.process_time() - started
        if seconds > max(SLOW_SECONDS, SLOW_SECONDS_PER_MEGABYTE * len(text) / 1e6):
            slow[name] += 1
            print(f"slow: {name} took {seconds:.1f} s for {len(text):,} characters: {text[:60]!r}")


def main() -> int:
    """Fuzz for the given time and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    findings: Counter[str] = Counter()
    slow: Counter[str] = Counter()
    files = texts = 0
    end = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as name:
        while time.monotonic() < end:
            text = make_text(rng)
            try:
                read_damaged(rng, Path(name))
                files += 1
                run_rules(text, slow)
                texts += 1
                if texts % REPORT_EVERY == 0:
                    report_texts([text, *(make_text(rng)[:REPORTED_CHARS] for _ in range(3))])
            except StoryClusterError:
                raise
            except Exception as error:  # the purpose of this script
                place = traceback.extract_tb(error.__traceback__)[-1]
                key = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
                findings[key] += 1
                if findings[key] == 1:
                    kept = Path(tempfile.gettempdir()) / f"fuzz_{len(findings)}.txt"
                    kept.write_text(text, encoding="utf-8", errors="surrogatepass")
                    print(f"failed: {key}: {error}; text in {kept}")
                    traceback.print_exc()
    print(
        f"{files:,} damaged files, {texts:,} texts: {sum(findings.values())} failures, {sum(slow.values())} slow calls"
    )
    return int(bool(findings or slow))


if __name__ == "__main__":
    raise SystemExit(main())
