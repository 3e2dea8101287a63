"""E-mail: a message is an article, whatever its parts and encodings; a broken one is a reject."""

import io
import mailbox
import time
from contextlib import closing
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.config import ReadConfig
from storycluster.stages.read.mail import read_mailbox, read_message
from storycluster.stages.read.records import Draft, Reject, Source

from .test_read_formats import PARAGRAPHS, _read

TEXT = "Two ferries collided off Kos on Monday, officials said.\nNobody was hurt — not one of 40 passengers."
PAGE = (
    "<html><head><title>Page</title></head><body><article><h1>Ferries collide</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + "</article></body></html>"
)


def message(text: str = TEXT, *, charset: str = "utf-8", encoding: str = "quoted-printable") -> EmailMessage:
    made = EmailMessage()
    made["From"] = '"Desk, Late" <news@ANA.example>'
    made["To"] = "list@paper.example"
    made["Subject"] = "Ferries collide off Kos – nobody hurt"
    made["Date"] = "Mon, 21 Oct 2024 12:00:00 +0200"
    made["Message-ID"] = "<m1@ana.example>"
    made.set_content(text, charset=charset, cte=encoding)
    return made


def only(path: Path, content: bytes) -> dict[str, object]:
    path.write_bytes(content)
    rows, rejects = _read([path.parent])
    assert rejects == []
    (row,) = rows
    return row


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "quoted-printable"), ("utf-8", "base64"), ("utf-8", "8bit"), ("cp1252", "8bit")]
)
@pytest.mark.parametrize("name", ["release.eml", "saved.txt"])
def test_a_message_is_an_article_with_its_subject_day_and_site(
    charset: str, encoding: str, name: str, tmp_path: Path
) -> None:
    row = only(tmp_path / name, bytes(message(charset=charset, encoding=encoding)))
    assert (row["id"], row["title"]) == (name.partition(".")[0], "Ferries collide off Kos – nobody hurt")
    assert (row["text"], row["source"], row["published"]) == (TEXT, "ana.example", datetime(2024, 10, 21, 10))


def test_the_plain_text_counts_without_attachments_and_signature(tmp_path: Path) -> None:
    made = message(f"{TEXT}\n\n-- \nThe desk, +30 210 000\n")
    made.add_alternative(PAGE, subtype="html")
    made.add_attachment(b"Annual report", maintype="application", subtype="pdf", filename="report.pdf")
    made.add_attachment("Another text", filename="other.txt")
    assert only(tmp_path / "a.eml", bytes(made))["text"] == TEXT


@pytest.mark.parametrize("plain", [None, "  \n"])
def test_a_message_with_words_on_its_page_alone_is_read_like_a_saved_page(plain: str | None, tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    made = message(plain or "")
    add = made.set_content if plain is None else made.add_alternative
    add(PAGE, subtype="html", charset="cp1252", cte="8bit")
    row = only(tmp_path / "a.eml", bytes(made))
    assert row["title"] == "Ferries collide off Kos – nobody hurt"
    assert all(paragraph in str(row["text"]) for paragraph in PARAGRAPHS)


@pytest.mark.parametrize("charset", ["", "x-unknown", "zlib_codec", "punycode", "us-ascii"])
def test_an_encoding_that_is_unknown_or_wrong_is_found_as_of_any_file(charset: str, tmp_path: Path) -> None:
    head = f"From: a@ana.example\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n\n"
    assert only(tmp_path / "a.eml", head.encode() + TEXT.encode())["text"] == TEXT


def test_every_message_of_a_mailbox_is_an_article_or_a_reject_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "all.mbox"
    with closing(mailbox.mbox(path, create=True)) as box:
        box.add(bytes(message("From Kos to Leros the ferries sail again.\n\nFrom Leros they do not.")))
        empty = message()
        empty.set_content(b"%PDF-1.4", maintype="application", subtype="pdf")
        box.add(bytes(empty))
        second = message("A fire broke out in the port of Piraeus.")
        second.replace_header("Message-ID", "<m2@ana.example>")
        box.add(bytes(second))
        box.flush()
    rows, rejects = _read([path])
    assert [(row["id"], row["text"]) for row in rows] == [
        ("m1@ana.example", "From Kos to Leros the ferries sail again.\n\nFrom Leros they do not."),
        ("m2@ana.example", "A fire broke out in the port of Piraeus."),
    ]
    begins = [at for at, line in enumerate(path.read_bytes().split(b"\n"), 1) if line.startswith(b"From MAILER")]
    assert [(reject["line"], reject["reason"]) for reject in rejects] == [(begins[1], "no text in this message")]


def test_a_text_that_begins_like_a_letter_stays_a_text(tmp_path: Path) -> None:
    text = "From: the archive\nSubject: ferries\n\nTwo ferries collided off Kos on Monday."
    assert "Subject: ferries" in str(only(tmp_path / "a.txt", text.encode())["text"])


def test_a_mailbox_that_begins_otherwise_is_a_reject(tmp_path: Path) -> None:
    (tmp_path / "a.mbox").write_text(f"\n{TEXT}\n\nFrom a@b Mon Oct 21 10:00:00 2024\n\n{TEXT}")
    rows, rejects = _read([tmp_path])
    assert (rows, ["not a mailbox" in str(reject["reason"]) for reject in rejects]) == ([], [True])


def test_a_message_over_the_limit_is_one_reject(tmp_path: Path) -> None:
    content = bytes(message(TEXT * 50))
    config = ReadConfig(max_line_bytes=1_000)
    for name, data in (("a.eml", content), ("b.mbox", b"From a@b Mon Oct 21 10:00:00 2024\n" + content)):
        (tmp_path / name).write_bytes(data)
    rows, rejects = _read([tmp_path], config)
    assert rows == []
    assert ["read.max_line_bytes = 1,000" in str(reject["reason"]) for reject in rejects] == [True, True]


@pytest.mark.parametrize(
    "content",
    [
        b"From: " + b"(" * 20_000 + b"\n\n" + TEXT.encode(),
        b"From: " + b'"' * 20_000 + b"\n\n" + TEXT.encode(),
        b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\n" + TEXT.encode(),
        b"Content-Type: text/plain; " + b"a=b; " * 50_000 + b"\n\n" + TEXT.encode(),
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(20_000)),
    ],
    ids=["brackets", "quotes", "words", "parameters", "parts", "nested"],
)
def test_a_message_made_to_be_slow_takes_no_time(content: bytes) -> None:
    begin = time.process_time()
    (found,) = read_message(io.BytesIO(content), Source("a", "a", io.BytesIO), ReadConfig())
    assert time.process_time() - begin < 2.0
    assert isinstance(found, Draft) or "more than 1,000 parts" in found.reason


HEADERS = st.sampled_from([b"From", b"Subject", b"Date", b"Message-ID", b"Content-Type", b"Content-Transfer-Encoding"])
VALUES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [b"=?utf-8?q?=ff?=", b"=?x?b?A?=", b"multipart/mixed; boundary=x", b"text/html; charset*=x''%ff", b"base64",
         b"<", b"a@[", b'"', b"uuencode", b"message/rfc822", b"=?utf-8?b?" + b"=" * 20]
    ),
)  # fmt: skip


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=6), st.binary(max_size=80))
def test_no_message_is_a_traceback(headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    content = b"".join(name + b": " + value + b"\n" for name, value in headers) + b"\n" + body
    for read, data in ((read_message, content), (read_mailbox, b"From a\n" + content)):
        found = list(read(io.BytesIO(data), Source("a", "a", io.BytesIO), ReadConfig()))
        assert found
        assert all(isinstance(each, Draft | Reject) for each in found)
