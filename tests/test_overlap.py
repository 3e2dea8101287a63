"""Passages that tell another story."""

import json
from pathlib import Path

from storycluster.config import StoriesConfig

from .story_runs import News, find_stories
from .test_stories import FERRY, FERRY_LATER, STRIKE, STRIKE_LATER

MORE_FERRY = (
    "The Calais Star was towed to Dover, where divers looked at its hull, and the Kent Queen sailed on to Calais."
)
ROUND_UP = (
    f"{FERRY}\n{FERRY_LATER}\n{MORE_FERRY}\n"
    f"{STRIKE_LATER} Odile Marchand said the bakers of Lyon would march to the prefecture."
)
PILE = [
    News("ferry-1", FERRY),
    News("ferry-2", FERRY_LATER + " " + MORE_FERRY),
    News("ferry-3", FERRY + " Divers looked at the hull of the Calais Star."),
    News("strike-1", STRIKE),
    News("strike-2", STRIKE_LATER),
]


def test_a_block_about_another_story_makes_a_secondary_member_with_its_span() -> None:
    found = find_stories([*PILE, News("both", ROUND_UP)])
    story = {row["article"]: row["story"] for row in found.memberships if row["role"] == "primary"}
    assert story["both"] == story["ferry-1"] != story["strike-1"]
    rows = [row for row in found.memberships if row["article"] == "both" and row["role"] == "secondary"]
    assert [row["story"] for row in rows] == [story["strike-1"]]
    span = rows[0]["spans"][0]
    passage = ROUND_UP[span["start"] : span["end"]]
    assert passage.startswith("The prefecture offered")
    assert passage.endswith("march to the prefecture.")
    assert "Marchand" in rows[0]["evidence"]
    assert abs(rows[0]["share"] - len(passage) / len(ROUND_UP)) < 1e-9


def test_no_passage_runs_across_the_heading_of_a_section() -> None:
    headed = ROUND_UP.replace(STRIKE_LATER, f"{STRIKE_LATER}\nWhat is known\n{STRIKE}\n")
    found = find_stories([*PILE, News("both", headed)])
    rows = [row for row in found.memberships if row["article"] == "both" and row["role"] == "secondary"]
    assert rows
    for row in rows:
        span = row["spans"][0]
        assert "What is known" not in headed[span["start"] : span["end"]]


def test_a_passage_takes_in_the_next_sentence_of_its_paragraph_where_that_tells_nothing_else() -> None:
    last = "A crowd of neighbours, tourists, pigeons and photographers quietly watched the bakers."
    for gap, is_taken in ((" ", True), ("\n", False)):
        text = f"{FERRY}\n{FERRY_LATER}\n{MORE_FERRY}\n{STRIKE_LATER} {STRIKE}{gap}{last}"
        rows = find_stories([*PILE, News("both", text)]).memberships
        ends = [row["spans"][0]["end"] for row in rows if row["article"] == "both" and row["role"] == "secondary"]
        assert [end == len(text) for end in ends] == [is_taken]


def test_a_mention_takes_in_the_next_sentence_of_its_paragraph_where_that_tells_nothing_else() -> None:
    one_affair = StoriesConfig(arc_threshold=1e-4, least_similarity=1e-3)
    said, last = "The bakers of Lyon met.", "A crowd of neighbours, tourists and pigeons quietly watched the bakers."
    for gap, mention in ((" ", f"{said} {last}"), ("\n", said)):
        text = f"{FERRY}\n{FERRY_LATER}\n{MORE_FERRY}\n{said}{gap}{last}"
        rows = find_stories([*PILE, News("both", text)], one_affair).memberships
        spans = [row["spans"][0] for row in rows if row["article"] == "both" and row["role"] == "mention"]
        assert [text[span["start"] : span["end"]] for span in spans] == [mention]


def test_a_secondary_member_moves_neither_stories_nor_labels() -> None:
    plain, mixed = find_stories(PILE), find_stories([*PILE, News("both", ROUND_UP)])
    strike = next(row for row in plain.stories if row["articles"] == 2)
    same = next(row for row in mixed.stories if row["id"] == strike["id"])
    assert (same["label"], same["articles"]) == (strike["label"], 2)


def test_articles_of_one_story_have_no_passages_of_others() -> None:
    assert {row["role"] for row in find_stories(PILE).memberships} == {"primary"}


def test_a_copy_inherits_the_passage_where_it_has_its_words() -> None:
    whole, cut = News("copy", "Gazette\n" + ROUND_UP), News("short", FERRY + "\n" + FERRY_LATER + "\n" + MORE_FERRY)
    found = find_stories([*PILE, News("both", ROUND_UP), whole, cut], copies={"copy": "both", "short": "both"})
    rows = {row["article"]: row for row in found.memberships if row["role"] == "secondary"}
    assert set(rows) == {"both", "copy"}
    assert rows["copy"]["copy_of"] == "both"
    assert rows["copy"]["spans"][0]["start"] == rows["both"]["spans"][0]["start"] + len("Gazette\n")


def test_spans_count_code_points_and_leave_the_title_out() -> None:
    text = "Zoë’s diary — Ærø\n" + ROUND_UP
    found = find_stories([*PILE, News("both", text, title="Ferries — and bakers")])
    (row,) = (row for row in found.memberships if row["role"] == "secondary")
    span = row["spans"][0]
    assert text[span["start"] : span["end"]].startswith("The prefecture offered")


def test_primary_members_name_what_they_share() -> None:
    rows = {row["article"]: row for row in find_stories(PILE).memberships}
    assert {"Goodwin", "Calais"} & set(rows["ferry-1"]["evidence"])


def test_most_round_ups_are_found_and_few_other_passages(corpora: Path) -> None:
    def lines(name: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in (corpora / "roundups_dev" / name).read_text(encoding="utf-8").splitlines()]

    gold = {str(row["id"]): row for row in lines("gold.jsonl")}
    found = find_stories([News(str(row["id"]), str(row["text"])) for row in lines("articles.jsonl")], threads=2)
    with_passage = {row["article"] for row in found.memberships if row["role"] == "secondary"}
    round_ups = {name for name, row in gold.items() if row.get("secondary")}
    assert len(with_passage & round_ups) >= 0.8 * len(round_ups)
    assert len(with_passage - round_ups) <= 0.05 * len(gold)


def test_a_passage_too_short_for_its_article_is_a_mention() -> None:
    text = ROUND_UP.replace(f"{STRIKE_LATER} ", "")
    text = text.replace(" said the bakers", ", union leader of 300 shops, said the bakers")
    roles = {}
    for words in (5, 100):
        found = find_stories([*PILE, News("both", text)], StoriesConfig(passage_words=words, passage_share=1.0))
        roles[words] = {row["role"] for row in found.memberships if row["article"] == "both"}
    assert roles == {5: {"primary", "secondary"}, 100: {"primary", "mention"}}
