"""Credits: who an article says it draws on, and nothing that only looks like it."""

import time

import pytest

from storycluster.text.credits import find_credits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(Reuters) - The ferry sank.", ["Reuters"]),
        ("LONDON (AP) — The ferry sank.", ["Associated Press"]),
        ("SOFIA, May 2 (AFP) - The ferry sank.", ["Agence France-Presse"]),
        ("The ferry sank, the ministry said, citing Yonhap.Nobody was hurt.", ["Yonhap"]),
        ("XYN reported this with reference to Yonhap news agency.", ["XYN", "Yonhap"]),
        ("The ferry sank, according to a Reuters report.", ["Reuters"]),
        ("It sank, according to the New York Times.", ["New York Times"]),
        ("The ferry sank.\n Reuter\n", ["Reuters"]),
        ("The ferry sank.\nREUTER", ["Reuters"]),
        ("It sank, Harbour.Az reports, quoting state news agency KCNA.", ["Harbour.Az", "KCNA"]),
        ("The newspaper Le Matin reported on Monday that it sank.", ["Le Matin"]),
        ("It sank, according to Bloomberg News.", ["Bloomberg"]),
        ("It sank, as first reported by the Harbour Post.", ["Harbour Post"]),
    ],
)
def test_credits_are_found(text: str, expected: list[str]) -> None:
    assert find_credits(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Officials told reporters that the ferry sank.",
        "It sank, citing South Korean officials.",
        "The ferry sank, according to Ana Silva, a captain.",
        "Federal Express reported higher profits.",
        "The Energy Department reported lower stocks.",
        "Another newspaper reported it.",
        "Petra Silva said on Tuesday that she was fit to play.",
        "The line is closed, CP Rail said.",
        "It gave three million, according to Bloomberg Philanthropies.",
        "Reporting by Jane Doe; Editing by Joe Roe",
        "",
    ],
)
def test_other_sources_are_no_credits(text: str) -> None:
    assert find_credits(text) == []


def test_a_credit_is_given_once() -> None:
    assert find_credits("(Reuters) - It sank, Reuters reported, citing Reuters.") == ["Reuters"]


def test_a_language_without_rules_has_no_credits() -> None:
    assert find_credits("(Reuters) - It sank.", language="xx") == []


@pytest.mark.parametrize(
    "text", ["citing " * 60_000, "(Reuters " * 40_000, "A" * 300_000, "Smith " * 60_000, "(" * 200_000]
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    started = time.process_time()
    find_credits(text)
    assert time.process_time() - started < 4
