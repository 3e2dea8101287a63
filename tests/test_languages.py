"""The guess at a language."""

import tomllib
from importlib.resources import files

import pytest
import wordfreq

from storycluster.text.languages import guess_language, normalise_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The government said on Monday that it will not take part in the meeting with the other countries."),
        (
            "de",
            "Der Präsident hat am Montag erklärt, dass die Regierung mit den Partnern über das Gesetz sprechen wird.",
        ),
        (
            "fr",
            "Le président a déclaré lundi que le gouvernement ne participera pas à la réunion avec les autres pays.",
        ),
        ("es", "El presidente dijo el lunes que el gobierno no participará en la reunión con los otros países."),
        ("uk", "Президент заявив у понеділок, що уряд не братиме участі в зустрічі з іншими країнами, і це не все."),
        ("ru", "Президент заявил в понедельник, что правительство не будет участвовать во встрече, и это не всё."),
        ("ja", "大統領は月曜日に政府が会議に参加しないと述べた。"),
        ("zh", "总统星期一表示政府不会参加会议"),
        ("ko", "총리는 월요일 정부가 회의에 참석하지 않을 것이라고 말했다"),
        ("el", "Ο πρόεδρος δήλωσε τη Δευτέρα ότι η κυβέρνηση δεν θα συμμετάσχει"),
    ],
)
def test_a_sentence_of_news_is_enough(language: str, text: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Cruise industry seeks new emergency plans following Concordia sinking"),
        ("es", "Incendio forestal en Tenerife obliga a evacuar a 3.000 personas"),
        ("ru", "В Барнауле загорелся завод, пострадали три человека, сообщило МЧС"),
        ("ar", "ارتفاع حصيلة زلزال المغرب"),
        ("de", "Pegel der Donau sinkt, Innenstadt evakuiert"),
    ],
)
def test_a_headline_without_common_words_is_told_by_its_letters(language: str, text: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize("text", ["", "Kos 2024", "1 2 3 4 5 6 7 8", "xyzzy plugh frotz gnusto rezrov"])
def test_without_evidence_the_language_is_undetermined(text: str) -> None:
    assert guess_language(text) == "und"


def test_a_foreign_name_does_not_change_the_language() -> None:
    assert guess_language("The mayor of Москва said on Monday that he is to meet the minister of the region.") == "en"


def test_the_word_lists_are_those_of_wordfreq() -> None:
    data = tomllib.loads(files("storycluster.text").joinpath("data/languages.toml").read_text(encoding="utf-8"))
    for language, words in data["common_words"].items():
        assert set(words.split()) <= set(wordfreq.top_n_list(language, 60, wordlist="small"))


@pytest.mark.parametrize(
    ("value", "code"),
    [("en", "en"), ("EN-us", "en"), ("German", "de"), ("zho", "zh"), ("und", None), ("", None), ("??", None)],
)
def test_tags_and_names_become_codes(value: str, code: str | None) -> None:
    assert normalise_language(value) == code


def test_news_in_english_is_found_to_be_english(corpora) -> None:
    import json

    with (corpora / "ecbplus_dev" / "articles.jsonl").open(encoding="utf-8") as file:
        found = [guess_language(json.loads(line)["text"]) for line in file]
    assert found.count("en") / len(found) > 0.97
    assert set(found) <= {"en", "und"}
