"""One reader per format: each gives the same two articles; and a folder of hostile files, which costs only rejects."""

import bz2
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from storycluster.config import ReadConfig
from storycluster.engines.duckdb import DuckDBEngine
from storycluster.stages.read import read_articles

NOW = datetime(2030, 1, 1)
Rows = list[dict[str, object]]
TEXTS = (
    "Two ferries collided off Kos on Monday, officials said.",
    "A fire broke out in the port of Piraeus, they said.",
)
TITLES = ("Ferries collide", "Fire in the “port”")
RECORDS = [
    {
        "id": str(n),
        "title": title,
        "text": text,
        "published": f"2024-10-2{n}T10:00:00Z",
        "source": "ANA",
        "url": f"http://a.b/{n}",
    }
    for n, (title, text) in enumerate(zip(TITLES, TEXTS, strict=True), start=1)
]
SHARED = ("id", "title", "text", "source", "url")
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS).encode()


def _read(inputs: object, config: ReadConfig | None = None, **options: object) -> tuple[Rows, Rows]:
    engine = DuckDBEngine(threads=1, memory_limit="", temp_directory=Path("unused"))
    articles, rejects = read_articles(inputs, config or ReadConfig(), engine, now=NOW, **options)  # type: ignore[arg-type]
    rows = sorted(engine.to_arrow(articles).to_pylist(), key=lambda row: str(row["id"]))
    return rows, engine.to_arrow(rejects).to_pylist()


def _arrow(path: Path) -> None:
    table = pa.Table.from_pylist(RECORDS)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _zstd(path: Path) -> None:
    with pa.CompressedOutputStream(str(path), "zstd") as file:
        file.write(LINES)


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>ANA</title><language>en-us</language><link>http://a.b</link>{}</channel></rss>"""
ITEM = """<item><media:title>Picture</media:title><title>{title}</title><link>{url}</link><guid>{id}</guid>
<pubDate>{rfc}</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{text}</p><script>alert("x")</script>]]></content:encoded></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>ANA</title>{}</feed>"""
ENTRY = """<entry><title>{title}</title><link rel="self" href="http://no"/><link href="{url}"/><id>{id}</id>
<published>{published}</published><updated>2024-12-01T00:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{text}</p></div></content></entry>"""
NEWSML = """<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{}</itemSet></newsMessage>"""
NEWSITEM = """<newsItem guid="{id}" xml:lang="en"><itemMeta><versionCreated>{published}</versionCreated></itemMeta>
<contentMeta><headline>{title}</headline><source>ANA</source></contentMeta><contentSet><inlineXML>
<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head><hedline><hl1>Other</hl1></hedline></body.head>
<body.content><p>{text}</p></body.content></body></nitf></inlineXML></contentSet></newsItem>"""
SGML = """<!DOCTYPE lewis SYSTEM "lewis.dtd">\n{}"""
REUTERS = """<REUTERS TOPICS="YES" NEWID="{id}">\n<DATE>2{id}-OCT-2024 10:00:00.00</DATE>
<UNKNOWN>&#5;&#5;</UNKNOWN><TEXT>&#2;\n<TITLE>{title}</TITLE><DATELINE>ATHENS, Oct 21 - </DATELINE><BODY>{text}
 Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n"""


def _xml(frame: str, item: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        items = (item.format(rfc=f"2{r['id']} Oct 2024 10:00:00 GMT", **r) for r in RECORDS)
        path.write_text(frame.format("".join(items)), encoding="utf-8")

    return write


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


FORMATS: dict[str, Callable[[Path], object]] = {
    "a.jsonl": _bytes(LINES),
    "a.jsonl.gz": _bytes(gzip.compress(LINES)),
    "two_members.jsonl.gz": _bytes(
        gzip.compress(LINES[: LINES.index(b"\n") + 1]) + gzip.compress(LINES[LINES.index(b"\n") + 1 :])
    ),
    "a.jsonl.bz2": _bytes(bz2.compress(LINES)),
    "a.jsonl.xz": _bytes(lzma.compress(LINES)),
    "a.jsonl.zst": _zstd,
    "gzip_without_ending": _bytes(gzip.compress(LINES)),
    "lines_called.txt": _bytes(LINES),
    "utf16.json": _bytes(json.dumps(RECORDS).encode("utf-16")),
    "list.json": _bytes(json.dumps(RECORDS, indent=2).encode()),
    "list_called.jsonl": _bytes(json.dumps(RECORDS).encode()),
    "lines_called.json": _bytes(LINES),
    "wrapped.json": _bytes(json.dumps({"status": "ok", "response": {"tags": [{"x": 1}], "docs": RECORDS}}).encode()),
    "pretty.json": _bytes("\n".join(json.dumps(record, indent=1) for record in RECORDS).encode()),
    "a.parquet": lambda path: pq.write_table(pa.Table.from_pylist(RECORDS), path),
    "a.arrow": _arrow,
    "a.feather": lambda path: pl.DataFrame(RECORDS).write_ipc(path),
    "table.csv.gz": _bytes(gzip.compress(pl.DataFrame(RECORDS).write_csv().encode())),
    "table_called.txt": lambda path: pl.DataFrame(RECORDS).write_csv(path),
}
MARKED_UP: dict[str, Callable[[Path], object]] = {
    "rss.xml": _xml(RSS, ITEM),
    "atom.xml": _xml(ATOM, ENTRY),
    "newsml.xml": _xml(NEWSML, NEWSITEM),
    "feed_called.txt": _xml(RSS, ITEM),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_articles(name: str, tmp_path: Path) -> None:
    FORMATS[name](tmp_path / name)
    rows, rejects = _read([tmp_path])
    assert rejects == []
    for row, record in zip(rows, RECORDS, strict=True):
        assert {key: row[key] for key in SHARED} == {key: record[key] for key in SHARED}
        assert row["published"] == datetime.fromisoformat(str(record["published"])).replace(tzinfo=None)


@pytest.mark.parametrize("name", MARKED_UP)
def test_every_news_xml_gives_the_same_articles(name: str, tmp_path: Path) -> None:
    MARKED_UP[name](tmp_path / name)
    rows, rejects = _read([tmp_path])
    assert rejects == []
    for row, record in zip(rows, RECORDS, strict=True):
        assert {key: row[key] for key in SHARED[:4]} == {key: record[key] for key in SHARED[:4]}
        assert row["published"] == datetime.fromisoformat(str(record["published"])).replace(tzinfo=None)
        assert row["language"] == "en"


def test_reuters_sgml_is_read(tmp_path: Path) -> None:
    _xml(SGML, REUTERS)(tmp_path / "a.sgm")
    rows, rejects = _read([tmp_path])
    assert rejects == []
    assert [(row["id"], row["title"], row["text"]) for row in rows] == [
        (f"reut-{n}", title, f"{text}\nReuter") for n, title, text in zip((1, 2), TITLES, TEXTS, strict=True)
    ]
    assert rows[0]["published"] == datetime(2024, 10, 21, 10)


def test_standard_input_may_be_compressed_or_a_list() -> None:
    for content in (gzip.compress(LINES), json.dumps(RECORDS).encode(), LINES):
        rows, rejects = _read(["-"], stdin=io.BytesIO(content))
        assert (len(rows), rejects) == (2, [])


# --- saved pages ----------------------------------------------------------------------------------

PARAGRAPHS = [
    "Two ferries collided off the island of Kos on Monday morning, and the coast guard said nobody was badly hurt.",
    "The larger ship had left Piraeus in the night with more than four hundred people on board, the ministry said.",
    "Both captains were questioned in the harbour, and an inquiry will look at the radar records of the two ships.",
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
LINKS = (
    '<ul class="related">' + "".join(f'<li><a href="/x{i}">Other news number {i}</a></li>' for i in range(9)) + "</ul>"
)
NEWS_PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Ferries collide off Kos - Harbour News</title>
<meta property="og:site_name" content="Harbour News">
<meta property="og:title" content="Ferries collide off Kos - Harbour News">
<meta property="article:published_time" content="2024-10-29T10:15:00+02:00">
<link rel="canonical" href="http://harbour.example/f1"></head>
<body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav><article><h1>Ferries collide off Kos</h1>{BODY}</article>
<aside>{LINKS}</aside><footer>Copyright Harbour News. All rights reserved.</footer></body></html>"""
LIVE_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Live: ferries collide | Harbour News</title>
<meta property="og:site_name" content="Harbour News">
<meta itemprop="datePublished" content="2024-10-29T08:00:00Z"></head>
<body><header><a href="/">Home</a></header><main><h1>Live: ferries collide</h1>
<div class="post"><time datetime="2024-10-29T10:00:00Z">10:00</time><p>{PARAGRAPHS[0]}</p></div>
<div class="post"><time datetime="2024-10-29T11:00:00Z">11:00</time><p>{PARAGRAPHS[1]}</p></div>
<div class="post"><p>{PARAGRAPHS[2]}</p></div></main><div class="share">Share on Facebook</div></body></html>"""
WALL_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Ferries collide off Kos</title>
<meta name="pubdate" content="2024-10-29"><meta property="og:site_name" content="Harbour News"></head><body>
<div id="cookie-banner" class="cookie-consent"><p>We use cookies and similar technologies. By clicking accept you
agree to our privacy policy and the storage of cookies on your device for advertising.</p>
<button>Accept all</button></div>
<div class="content"><h1>Ferries collide off Kos</h1><p class="byline">By Jane Roe</p>{BODY}
<div class="related"><h3>Related articles</h3>{LINKS}</div></div></body></html>"""


@pytest.mark.parametrize(
    ("page", "published"),
    [
        (NEWS_PAGE, datetime(2024, 10, 29, 8, 15)),
        (LIVE_PAGE, datetime(2024, 10, 29, 8)),
        (WALL_PAGE, datetime(2024, 10, 29)),
    ],
)
def test_a_saved_page_gives_its_article_without_furniture(page: str, published: datetime, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    rows, rejects = _read([tmp_path])
    assert rejects == []
    text = str(rows[0]["text"])
    assert all(paragraph in text for paragraph in PARAGRAPHS)
    for furniture in ("Sport", "Other news", "Copyright", "cookies", "Accept", "Share", "Related"):
        assert furniture not in text
    assert rows[0]["title"] in ("Ferries collide off Kos", "Live: ferries collide")
    assert (rows[0]["published"], rows[0]["source"], rows[0]["language"]) == (published, "Harbour News", "en")


def _warc_record(url: str, page: str, kind: str = "text/html; charset=utf-8") -> bytes:
    body = page.encode()
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Record-ID: <urn:uuid:{url[-2:]}>\r\n"
        "WARC-Date: 2024-10-30T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


CHUNKED = "Transfer-Encoding: chunked"
WARC = [
    _warc_record("http://a.b/p1", NEWS_PAGE),
    _warc_record("http://a.b/i2", "x", "image/png"),
    _warc_record("http://a.b/p3", WALL_PAGE),
]


@pytest.mark.parametrize("ending", ["warc", "warc.gz"])
def test_a_web_archive_gives_the_articles_of_its_pages(ending: str, tmp_path: Path) -> None:
    packed = b"".join(map(gzip.compress, WARC)) if ending == "warc.gz" else b"".join(WARC)
    (tmp_path / f"a.{ending}").write_bytes(packed)
    rows, rejects = _read([tmp_path])
    assert rejects == []
    assert [(row["id"], row["url"], row["line"]) for row in rows] == [
        ("p1", "http://a.b/p1", 1),
        ("p3", "http://a.b/p3", 3),
    ]


@pytest.mark.parametrize("packing", ["gzip", "deflate", "chunked"])
def test_packed_pages_of_a_web_archive_are_read(packing: str, tmp_path: Path) -> None:
    page = NEWS_PAGE.encode()
    packed, field = {
        "gzip": (gzip.compress(page), "Content-Encoding: gzip"),
        "deflate": (zlib.compress(page), "Content-Encoding: deflate"),
        "chunked": (b"3e8\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (page[:1000], len(page) - 1000, page[1000:]), CHUNKED),
    }[packing]
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{field}\r\n\r\n".encode() + packed
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(http)}\r\n\r\n"
    (tmp_path / "a.warc").write_bytes(head.encode() + http + b"\r\n\r\n")
    rows, rejects = _read([tmp_path])
    assert rejects == []
    assert PARAGRAPHS[2] in str(rows[0]["text"])


def test_without_the_extra_a_page_is_a_reject_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "trafilatura", None)
    (tmp_path / "page.html").write_text(NEWS_PAGE, encoding="utf-8")
    _, rejects = _read([tmp_path])
    assert [row["reason"] for row in rejects] == ["web pages need the html extra: pip install 'storycluster[html]'"]


# --- hostile files --------------------------------------------------------------------------------

FEED = b'<?xml version="1.0"?><!DOCTYPE rss [%b]><rss><item><title>&b;</title></item></rss>'
LAUGHS = FEED % b'<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
OUTSIDE = FEED % b'<!ENTITY b SYSTEM "file:///etc/passwd">'
BOMB = gzip.compress(b"\n" * (80 << 20))
HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty.jsonl": (b"", "no article in this JSON lines file"),
    "empty.txt": (b"", "empty file"),
    "cut.jsonl.gz": (gzip.compress(os.urandom(99) + LINES)[:-20], "file ends too early"),
    "not_gzip.jsonl.gz": (b"\x1f\x8b\x08" + b"\x00" * 40, "damaged compressed file"),
    "bomb.jsonl.gz": (BOMB, "expands to more than read.max_expansion = 200 times its size"),
    "wrong.txt": (b"The \xfe\x81 text", "not UTF-8"),
    "nul.txt": (b"a\x00b\x00c\x00" * 9, "not text: full of control characters"),
    "nul.jsonl": (b"\x00" * 1_000, "not valid JSON"),
    "deep.json": (b"[" * 100_000, "nested too deeply"),
    "cut.json": (json.dumps(RECORDS).encode()[:-60], "not valid JSON"),
    "number.json": (b"17", "not a JSON object but int"),
    "no_body.html": (b"<!DOCTYPE html><html><head><title>x</title></head></html>", "no article text in this page"),
    "laughs.xml": (LAUGHS, "refused, since it declares entities"),
    "outside.xml": (OUTSIDE, "refused, since it declares entities"),
    "deep.xml": (b"<rss>" + b"<a>" * 100_000, "nested deeper than 200 elements"),
    "long.xml": (b"<rss><item><title>" + b"x" * 30_000_000, "element of more than read.max_line_bytes"),
    "sitemap.xml": (b"<urlset><url><loc>x</loc></url></urlset>", "no article in this XML file"),
    "broken.xml": (b"<rss><item>", "not valid XML"),
    "cut.warc": (b"".join(WARC)[:-900], "file ends too early: inside record 3"),
    "broken.warc": (b"WARC/1.0\r\nnonsense", "record 1 does not say how long it is"),
    "long.warc": (b"WARC/1.0\r\n" + b"x: y\r\n" * 100_000, "a header does not end"),
    "cut.sgm": (b"<REUTERS NEWID='1'>\n<BODY>x", "file ends inside this element"),
    "fake.parquet": (b"PAR1" + b"x" * 50, "Parquet"),
    "fake.arrow": (b"ARROW1" + b"x" * 50, ""),
    "picture.png": (b"\x89PNG\r\n\x1a\n\x00" + bytes(range(256)), "a format that storycluster does not read"),
    "paper.pdf": (b"%PDF-1.4\n\x00\xff\xfe", "does not read: PDF; save its text first"),
    "paper.docx": (b"PK\x03\x04\x14\x00\x06\x00" + bytes(40), "a zip archive or office document; unpack it"),
    "pile.tar": (b"a.txt".ljust(257, b"\x00") + b"ustar  \x00" + bytes(300), "a tar archive; unpack it first"),
    "quotes.csv": (b'id,text\n1,"never closed\n', "a quoted field is not closed where it ends"),
    "line.jsonl": (b'{"text": "' + b"x" * 40_000_000, "line of 40,000,010 bytes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_reject_a_person_understands(name: str, tmp_path: Path) -> None:
    content, reason = HOSTILE[name]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text(TEXTS[0], encoding="utf-8")
    rows, rejects = _read([tmp_path])
    assert "good" in [row["id"] for row in rows]
    assert rejects
    assert any(reason in str(row["reason"]) for row in rejects), rejects
    assert all(str(row["reason"]).isprintable() and str(row["excerpt"]).isprintable() for row in rejects)


#: Runs a command and prints its peak memory in kibibytes. A process of its own does it: a child's peak is at least that
#: of its parent when it was started, and here the parent holds what all tests before have loaded.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.slow
def test_a_folder_with_every_hostile_file_is_reported_within_a_gibibyte(tmp_path: Path) -> None:
    pile, out = tmp_path / "pile", tmp_path / "run"
    pile.mkdir()
    for name, (content, _) in HOSTILE.items():
        (pile / name).write_bytes(content)
    for name, write in FORMATS.items():
        write(pile / name)
    with (pile / "ids.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(f'{{"id": "same", "text": "Text number {i}."}}\n' for i in range(100_000))
    with (pile / "line.jsonl").open("wb") as file:
        file.writelines([b'{"text": "', *[b"x" * 1_000_000] * 200])
    (pile / "loop").symlink_to(pile)
    (pile / "a\n\x1b[31mb.txt").write_text(TEXTS[1], encoding="utf-8")
    (pile / "locked.txt").write_text(TEXTS[0], encoding="utf-8")
    (pile / "locked.txt").chmod(0)
    command = [sys.executable, "-m", "storycluster", "report", str(pile), "--out", str(out), "--quiet"]
    done = subprocess.run([sys.executable, "-c", PEAK, *command], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1 << 20
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert {"1", "2", "same"} <= {article["id"] for article in report["articles"]}
    reasons = [(Path(reject["path"]).name, reject["reason"]) for reject in report["rejects"]]
    assert sum(reason == "duplicate id: same" for _, reason in reasons) == 99_999
    assert {name for name, _ in reasons} >= set(HOSTILE) | ({"locked.txt"} if os.geteuid() else set())
    assert ("line.jsonl", "line of 200,000,010 bytes, read.max_line_bytes is 16,777,216") in reasons
    assert all(reason.isprintable() for _, reason in reasons)


def test_duplicates_of_every_format_are_rejected_with_their_record(tmp_path: Path) -> None:
    for name, write in {**FORMATS, **MARKED_UP}.items():
        write(tmp_path / name)
    rows, rejects = _read([tmp_path])
    assert len(rows) == 2
    assert len(rejects) == 2 * (len(FORMATS) + len(MARKED_UP) - 1)
    assert all(any(text[:20] in str(row["record"]) for text in TEXTS) for row in rejects)
