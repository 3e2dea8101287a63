"""What stories are called."""

from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.config import StoriesConfig

from .story_runs import News, find_stories
from .test_stories import FERRY, FERRY_LATER


def labels_of(*news: News) -> list[str]:
    return [row["label"] for row in find_stories(news).stories]


def test_a_headline_that_says_what_happened_beats_a_question_and_a_live_page() -> None:
    headlines = (
        "Live: what we know",
        "Ferries Calais Star and Kent Queen collide off Dover",
        "Are ferries safe in fog?",
    )
    pile = [
        News(str(at), text, title=title)
        for at, (title, text) in enumerate(zip(headlines, (FERRY, FERRY_LATER, FERRY + " Fog again."), strict=True))
    ]
    assert labels_of(*pile) == [headlines[1]]


def test_without_headlines_the_label_is_a_whole_sentence_of_the_lead() -> None:
    (label,) = labels_of(News("a", FERRY))
    assert f"{label}." in FERRY


def test_a_lead_that_goes_on_with_another_sentence_is_no_label_where_one_stands_alone() -> None:
    (label,) = labels_of(
        News("a", "Two ferries collided off Calais. They are ferries that had collided off Calais too.")
    )
    assert label == "Two ferries collided off Calais"


def test_the_first_of_sentences_that_tell_as_much_is_the_label() -> None:
    (label,) = labels_of(News("a", "The ferries collided off Calais. Off Calais the ferries collided."))
    assert label == "The ferries collided off Calais"


def test_a_headline_behind_a_date_stands_back() -> None:
    headlines = (
        "12/05/2024 - Ferries Calais Star and Kent Queen collide off Dover",
        "Ferries collide off Dover in fog",
    )
    pile = [News("a", FERRY, title=headlines[0]), News("b", FERRY_LATER, title=headlines[1])]
    assert labels_of(*pile) == [headlines[1]]


def test_a_label_keeps_the_full_stop_of_an_abbreviation() -> None:
    assert labels_of(News("a", "Police in Tolva arrested Ned Harkin Jr.")) == [
        "Police in Tolva arrested Ned Harkin Jr."
    ]


def test_a_scrap_of_a_long_sentence_is_no_label() -> None:
    text = (
        "Two male gang members, who had been sought for weeks, were arrested in Tolva on Tuesday for the murder of a "
        "deputy, officers of the county said."
    )
    (label,) = labels_of(News("a", text))
    assert "arrested in Tolva" in label


def test_terms_are_words_of_the_articles_that_tell_the_story() -> None:
    (story,) = find_stories([News("a", FERRY), News("b", FERRY_LATER)]).stories
    assert 3 <= len(story["terms"]) <= 6
    for term in story["terms"]:
        assert all(part.lower() in (FERRY + FERRY_LATER).lower() for part in term.split())
    assert any("Calais" in term for term in story["terms"])


def test_terms_stand_in_the_lead_as_long_as_the_settings_say() -> None:
    text = f"{FERRY} {'The harbour was calm. ' * 9} Later Vasquez visited Toledo, and Vasquez left Toledo."
    led, unled = (
        next(iter(find_stories([News("a", text)], StoriesConfig(lead_words=words)).stories))["terms"]
        for words in (5, 500)
    )
    assert led != unled


def test_a_name_is_a_term_as_a_whole_and_only_once() -> None:
    text = (
        "Mayor Ana Suk-mira Delgado opened the bridge at Tolva. Ana Suk-mira Delgado thanked the welders. The welders "
        "said Ana Suk-mira Delgado had kept her word."
    )
    (story,) = find_stories([News("a", text)]).stories
    named = [term for term in story["terms"] if "Delgado" in term or "Suk" in term or "mira" in term]
    assert len(named) == 1
    assert named[0].endswith("Ana Suk-mira Delgado")


def test_a_verb_beside_a_name_is_no_part_of_it() -> None:
    (story,) = find_stories([News("a", "Josefa Borell voiced concern. Josefa Borell voiced it twice.")]).stories
    assert "Josefa Borell" in story["terms"]
    assert not any("voiced" in term for term in story["terms"] if " " in term)


def test_an_arc_has_the_label_of_its_largest_story() -> None:
    found = find_stories([News("a", FERRY), News("b", FERRY_LATER), News("c", "A vintage tram returned to Lisbon.")])
    labels = {row["id"]: row["label"] for row in found.stories}
    for arc in found.arcs:
        assert arc["label"] in {labels[story] for story in arc["stories"]}


@given(st.lists(st.text(min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=3, unique=True))
@settings(max_examples=25, deadline=None)
def test_no_label_is_empty_whatever_the_texts_are(texts: list[str]) -> None:
    written = [text.encode("utf-8", "ignore").decode() or "x" for text in texts]
    for label in labels_of(*(News(str(at), text) for at, text in enumerate(written))):
        assert label.strip()


def test_a_headline_in_a_script_without_spaces_is_the_label() -> None:
    pile = [
        News("a", "台风“康芮”星期四在台东登陆，造成至少一人死亡，七十三人受伤。", title="台风登陆台湾", language="zh"),
        News("b", "台风“康芮”在台东登陆后造成一人死亡，205人受伤。", title="台风康芮造成台湾一死", language="zh"),
    ]
    assert set(labels_of(*pile)) <= {"台风登陆台湾", "台风康芮造成台湾一死"}
