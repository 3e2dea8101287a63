"""Sentences: found in any script and layout, as disjoint spans of the given text that hold all its words."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from storycluster.text.sentences import find_sentences
from tests.strategies import HOSTILE_TEXTS, news_texts

#: No hostile text of a megabyte may take longer; a quiet core needs a tenth.
PATIENCE_SECONDS = 4.0


def split(text: str, **options: Any) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in find_sentences(text, **options)]


def roles(text: str, **options: Any) -> list[str]:
    return [sentence.role for sentence in find_sentences(text, **options)]


@given(news_texts())
def test_sentences_are_disjoint_in_order_and_hold_every_word(text: str) -> None:
    covered = set()
    last = 0
    for sentence in find_sentences(text):
        assert last <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end] == text[sentence.start : sentence.end].strip()
        covered.update(range(sentence.start, sentence.end))
        last = sentence.end
    assert all(match.start() in covered for match in re.finditer(r"\w", text))


@given(news_texts())
def test_a_text_without_word_lists_is_split_too(text: str) -> None:
    assert "".join("".join(split(text, language="xx")).split()) >= ""
    assert bool(split(text, language="xx")) == bool(re.search(r"\w", text))


@pytest.mark.parametrize("name", sorted(HOSTILE_TEXTS))
def test_hostile_text_takes_no_longer_than_plain_text(name: str) -> None:
    started = time.process_time()
    find_sentences(HOSTILE_TEXTS[name])
    assert time.process_time() - started < PATIENCE_SECONDS


@pytest.mark.parametrize("pattern", ["”. ", ". {: ", "—[", "— ! ", ")? +-", ".\n", "a. ", "? "])
def test_marks_take_no_longer_than_plain_text(pattern: str) -> None:
    text = pattern * (300_000 // len(pattern))
    started = time.process_time()
    find_sentences(text)
    assert time.process_time() - started < PATIENCE_SECONDS


def test_marks_without_words_stay_with_the_sentence_before_them() -> None:
    assert split("It rained. ! ? ! It snowed. ! ? !") == ["It rained. ! ? !", "It snowed. ! ? !"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Mr. Ito. They spoke.", ["He met Mr. Ito.", "They spoke."]),
        ("It came from the U.S. The ship sank.", ["It came from the U.S.", "The ship sank."]),
        ("The six are <Merrill Inc> and <S.G. Warburg Ltd>.", ["The six are <Merrill Inc> and <S.G. Warburg Ltd>."]),
        ("Er sagte: „J. Meier kommt.“", ["Er sagte: „J. Meier kommt.“"]),
        ("The U.S. Navy left at 5 p.m. Monday.", ["The U.S. Navy left at 5 p.m. Monday."]),
        ("John F. Kennedy spoke. N. Korea did not.", ["John F. Kennedy spoke.", "N. Korea did not."]),
        ("It grew 3.5 pct. In 1987. 15 people died.", ["It grew 3.5 pct.", "In 1987.", "15 people died."]),
        (
            "U.S. Officials and the D. A. of the U.S. And U.K. met.",
            ["U.S. Officials and the D. A. of the U.S. And U.K. met."],
        ),
        ("Acme Corp. The firm said so.", ["Acme Corp.", "The firm said so."]),
        ("Acme Corp. Ltd. said so.", ["Acme Corp. Ltd. said so."]),
        ("No. 5 won. No. The president lost.", ["No. 5 won.", "No.", "The president lost."]),
        ('"Go!" he said. "Why?" Ito asked.', ['"Go!" he said.', '"Why?" Ito asked.']),
        ("He said “stop.” Then he left.", ["He said “stop.”", "Then he left."]),
        ("Wait... They left. What?! No.", ["Wait...", "They left.", "What?!", "No."]),
        (
            "Yahoo! News said so. They left (at last.) Then it rained.",
            ["Yahoo! News said so.", "They left (at last.)", "Then it rained."],
        ),
        ("We did: 1. this 2. that 3. more.", ["We did: 1. this 2. that 3. more."]),
    ],
)
def test_full_stops_inside_a_sentence_do_not_end_it(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It sank.Two ships came.", ["It sank.", "Two ships came."]),
        ("so said the NIS.The visit follows.", ["so said the NIS.", "The visit follows."]),
        ('in the region."The first units came.', ["in the region.", '"The first units came.']),
        ('he said "yes."The ship left.', ['he said "yes."', "The ship left."]),
        ("says Web.Az today", ["says Web.Az today"]),
        ("on Shop.Com now", ["on Shop.Com now"]),
        ("see https://a.Example/b.Html and mail a.B@c.De", ["see https://a.Example/b.Html and mail a.B@c.De"]),
        ("the U.S.Navy and J.R.Smith", ["the U.S.Navy and J.R.Smith"]),
        ("He came.It rained.", ["He came.", "It rained."]),
    ],
)
def test_a_glued_full_stop_ends_a_sentence_but_not_a_name(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他来了。他走了！真的？", ["他来了。", "他走了！", "真的？"]),
        ("वह आया। वह गया।", ["वह आया।", "वह गया।"]),
        ("ذهب؟ نعم. عاد.", ["ذهب؟", "نعم.", "عاد."]),
        ("「行く。」と言った。雨だ。", ["「行く。」と言った。", "雨だ。"]),
        ("Τι έγινε; Ναι.", ["Τι έγινε;", "Ναι."]),
        ("Il dit : « Oui. » Elle part.", ["Il dit : « Oui. »", "Elle part."]),
        ("Он пришёл. Она ушла.", ["Он пришёл.", "Она ушла."]),
    ],
)
def test_other_scripts_end_sentences_with_their_own_marks(text: str, expected: list[str]) -> None:
    assert split(text, language="xx") == expected


def test_an_ordinal_with_a_stop_ends_no_sentence_where_the_language_is_not_known() -> None:
    assert split("Am 3. Oktober kam er. Er blieb.", language="de") == ["Am 3. Oktober kam er.", "Er blieb."]


@pytest.mark.parametrize(
    ("text", "language"), [("Das sagte die SPD. Er blieb.", "de"), ("Сообщило МЧС. Он ушёл.", "ru")]
)
def test_an_acronym_without_vowels_ends_a_sentence_in_a_language_without_rules(text: str, language: str) -> None:
    assert len(split(text, language=language)) == 2


def test_tokenised_text_keeps_its_closing_marks_with_the_sentence() -> None:
    text = "`` It sank , '' he said . `` We saw it . '' Then ( at last . ) it rained . It 's over . \" Yes . \""
    assert split(text) == [
        "`` It sank , '' he said .",
        "`` We saw it . ''",
        "Then ( at last . ) it rained .",
        "It 's over .",
        '" Yes . "',
    ]


def test_lines_of_a_wrapped_paragraph_are_put_together_and_paragraphs_are_not() -> None:
    text = (
        "Two ferries collided in thick fog off\nthe coast on Monday, the coast guard said in its\nfirst statement. "
        "Nobody was hurt.\n    The Northern Ferries Company said both ships\nwould be repaired.\n Reuter"
    )
    assert [" ".join(sentence.split()) for sentence in split(text)] == [
        "Two ferries collided in thick fog off the coast on Monday, the coast guard said in its first statement.",
        "Nobody was hurt.",
        "The Northern Ferries Company said both ships would be repaired.",
        "Reuter",
    ]


def test_a_line_cut_in_the_middle_of_a_sentence_goes_on_and_a_headline_does_not() -> None:
    text = "Ferries collide in fog\nThe two ferries\nhave left the port, said the guard.\nNobody was hurt."
    assert split(text) == [
        "Ferries collide in fog",
        "The two ferries\nhave left the port, said the guard.",
        "Nobody was hurt.",
    ]


def test_roles_name_what_states_no_facts() -> None:
    text = (
        "Lisbon • ABC\n"
        "Two ferries collided near the harbour entrance.\n"
        "Two ferries collided in thick fog near the entrance of the harbour, the guard said. "
        "ABC reported this with reference to the agency.\n"
        "Details\n"
        '"We saw nothing at all in that fog," the captain said.\n'
        "Ferries in fog: what is known\n"
        "Both had radar. It was switched on.\n"
        "Great work by all crews #safety pic.twitter.com/a1B2 — Ana Dias (@ana) May 3, 2021\n"
        "(Reporting by Ana Dias)"
    )
    assert roles(text, title="Ferries collide") == [
        "dateline", "standfirst", "body", "sourcing", "section", "quote", "section", "body", "body",
        "embedded", "embedded", "embedded", "sourcing",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "dateline",
    [
        "LONDON (Reuters) -",
        "Kyiv, Ukraine (AP) —",
        "ROME, May 2 (ANSA) --",
        "BUCHAREST -LRB- Reuters -RRB- -",
        "NEW YORK —",
        "(CNN) --",
    ],
)
def test_a_dateline_before_the_first_words_is_a_sentence_of_its_own(dateline: str) -> None:
    text = f"{dateline} Two ferries collided in fog, officials said."
    assert split(text) == [dateline, "Two ferries collided in fog, officials said."]
    assert roles(text) == ["dateline", "body"]


def test_without_a_title_a_short_first_line_is_the_headline() -> None:
    text = "Ferries collide in fog\nTwo ferries collided, the guard said. Nobody was hurt."
    assert roles(text) == ["headline", "body", "body"]
    assert roles(text, title="Fog") == ["body", "body", "body"]


def test_the_sentences_of_the_seeds_are_those_of_the_gold(seeds: Path) -> None:
    gold = json.loads((Path(__file__).parent / "gold" / "seeds.json").read_text(encoding="utf-8"))
    for key, file in gold["files"].items():
        raw = (seeds / file["file"]).read_text(encoding="utf-8")
        title = gold["articles"][key]["title"]
        text = re.sub(r"^\s*date \S+ ", "", raw).replace(title or "\0", "", 1)
        wanted = [s for s in gold["sentences"][key] if s["role"] not in ("header-date", "headline")]
        assert set(split(text, title=title)) == {s["text"] for s in wanted}
        without_facts = {s["text"] for s in wanted if s["role"] in ("dateline", "sourcing", "section-header")}
        found = {text[s.start : s.end]: s.role for s in find_sentences(text, title=title)}
        assert {words for words, role in found.items() if role in ("dateline", "sourcing", "section")} == without_facts


def test_wrapped_newswire_has_no_sentence_that_begins_with_a_small_letter_after_a_line_end(corpora: Path) -> None:
    import gzip

    cut = total = 0
    with gzip.open(corpora / "reuters.jsonl.gz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(1500), lines, strict=False):
            text = json.loads(line)["text"]
            for sentence in find_sentences(text, title=""):
                total += 1
                cut += text[sentence.start].islower() and text[: sentence.start].rstrip(" ").endswith("\n")
    assert total > 5000
    assert cut < 0.005 * total
