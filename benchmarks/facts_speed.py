"""Speed of new facts: one-sentence articles of one given story, and whole news articles of given stories.

    python benchmarks/facts_speed.py [--articles 1250 2500 5000] [--write]

Processor seconds of one thread, the best of two rounds, rules and compiled code warm. The sentences are the first
judged ones of trec_ts_2014; without the corpora, made-up ones from a seed. ``--write`` puts the tables into
reports/facts_speed.md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from machine import describe_machine, markdown_table

from storycluster import Article, find_new_facts
from storycluster.config import Config, EngineConfig, FactsConfig
from storycluster.pipeline import Options
from storycluster.stages.facts.decide import Judge
from storycluster.stages.facts.namebook import NameBook
from storycluster.stages.facts.novelty import load_novelty_model
from storycluster.stages.facts.order import Dates
from storycluster.stages.facts.statements import Source, read_statements
from storycluster.stages.facts.story import Member, read_story
from storycluster.text.dates import find_times
from storycluster.text.lexicon import Lexicon
from storycluster.text.names import find_names
from storycluster.text.quantities import find_quantities
from storycluster.text.sentences import find_sentences
from storycluster.text.speech import resolve_speakers, split_clauses

ROOT = Path(__file__).resolve().parents[1]
CORPORA = ROOT.parent / "shared" / "corpora"
REPORT = ROOT / "reports" / "facts_speed.md"
ROUNDS = 2
WARM_ARTICLES = 50
#: Sentences whose time is split over the parts.
SPLIT_SENTENCES = 1_500
CONFIG = Config(engine=EngineConfig(threads=1))
START = datetime(2024, 1, 1)
Stories = dict[str, str]


def judged_sentences(path: Path) -> list[Article]:
    """The judged sentences in the order of the file, each with its second of publication; none with remains of HTML."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        judged = [line for line in map(json.loads, lines) if line["new"] is not None and "<" not in line["text"]]
    return [
        Article(id=line["id"], text=line["text"], published=datetime.fromtimestamp(line["time"], UTC).isoformat())
        for line in judged
    ]


def made_up_sentences(count: int, seed: int = 1) -> list[Article]:
    """News-like sentences from a seed: names, figures, days and speakers in six patterns."""
    chosen = random.Random(seed)
    people = [f"{first} {last}" for first in ("Ana", "Omar", "Li", "Ida") for last in ("Silva", "Berg", "Okafor")]
    places = ["Lisbon", "Oslo", "the northern coast", "Paris", "the old harbour", "Kenya"]
    things = ["ferry", "bridge", "pipeline", "school", "dam", "train", "warehouse", "tower"]
    acts = ["sank", "collapsed", "caught fire", "was closed", "was evacuated", "reopened"]
    groups = ["passengers", "firefighters", "soldiers", "workers", "residents", "students"]
    patterns = (
        "The {thing} {act} near {place} on Monday, police said.",
        "At least {number} {group} were injured after the {thing} {act} in {place}.",
        "{person} said that {number} {group} would be sent to {place} next week.",
        '"We do not know why the {thing} {act}," {person} told reporters in {place}.',
        "Officials in {place} denied that the {thing} {act}, and {person} called for an inquiry.",
        "According to {person}, between {number} and {more} {group} had left {place} by last Friday.",
    )
    articles = []
    for at in range(count):
        number = chosen.randint(2, 900)
        filled = chosen.choice(patterns).format(
            thing=chosen.choice(things), act=chosen.choice(acts), place=chosen.choice(places),
            person=chosen.choice(people), group=chosen.choice(groups), number=number, more=number * 2,
        )  # fmt: skip
        published = START + timedelta(minutes=at)
        articles.append(Article(id=f"s{at:06}", text=filled[0].upper() + filled[1:], published=published.isoformat()))
    return articles


def news_articles(path: Path) -> tuple[list[Article], Stories]:
    """Whole articles with the event each tells, the longest texts of the labelled corpora."""
    articles = [json.loads(line) for line in (path / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    gold = [json.loads(line) for line in (path / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    return [Article(id=each["id"], text=each["text"]) for each in articles], {
        line["id"]: line["story"] for line in gold
    }


def seconds_of(work: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Processor seconds, the best of the rounds."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def run_given(articles: Sequence[Article], stories: Stories) -> None:
    """New facts of given stories as a user asks for them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stories.jsonl"
        lines = [json.dumps({"id": each.id, "story": stories[str(each.id)]}) + "\n" for each in articles]
        path.write_text("".join(lines), encoding="utf-8")
        find_new_facts(articles, CONFIG, options=Options(given_stories=path))


def one_story(articles: Sequence[Article]) -> Stories:
    return {str(article.id): "feed" for article in articles}


def growth(articles: Sequence[Article], counts: Sequence[int]) -> list[list[str]]:
    """A row per number of articles: seconds, sentences per second, and the growth from the row before."""
    rows, before = [], (0, 0.0)
    for count in counts:
        part = articles[:count]
        seconds = seconds_of(lambda: run_given(part, one_story(part)))  # noqa: B023  # called at once
        grown = f"× {seconds / before[1]:.2f} for × {len(part) / before[0]:.2f}" if before[0] else ""
        rows.append([f"{len(part):,}", f"{seconds:.2f}", f"{len(part) / seconds:,.0f}", grown])
        before = (len(part), seconds)
        print(rows[-1], flush=True)
    return rows


def split(articles: Sequence[Article]) -> list[list[str]]:
    """Milliseconds per sentence of each part, measured by itself."""
    texts = [article.text for article in articles]
    sources = [
        Source(str(each.id), None, each.text, "en", Dates(datetime.fromisoformat(str(each.published)), None))
        for each in articles
    ]
    days = [source.dates.day or date(START.year, 1, 1) for source in sources]
    lexicon, judge = Lexicon("en"), Judge(FactsConfig(), load_novelty_model())
    spans = [find_sentences(text) for text in texts]
    parts = [
        [split_clauses(text[s.start : s.end], offset=s.start) for s in row]
        for text, row in zip(texts, spans, strict=True)
    ]
    names = [find_names(text) for text in texts]
    times = [find_times(text, published=day) for text, day in zip(texts, days, strict=True)]

    def statements() -> None:
        book = NameBook()
        for source in sources:
            read_statements(source, lexicon, book=book)

    def over(work: Callable[..., object], *columns: Sequence[object]) -> float:
        return seconds_of(lambda: [work(*row) for row in zip(texts, *columns, strict=True)])

    read = seconds_of(statements)
    whole = seconds_of(lambda: read_story([Member(source, None) for source in sources], judge))
    everything = seconds_of(lambda: run_given(articles, one_story(articles)))
    found = {
        "sentences and their roles": over(find_sentences),
        "names": over(find_names),
        "clauses, speech frames, modality": over(split_clauses),
        "speakers resolved": over(resolve_speakers, spans, parts, names),
        "times": over(lambda text, day: find_times(text, published=day), days),
        "quantities": over(lambda text, found: find_quantities(text, times=found), times),
        "content words": over(lexicon.words),
        "**statements** (all of the above, put together)": read,
        "**decisions** (what is known, new, changed)": whole - read,
        "**tables** (reading articles, copies, rows, figures)": everything - whole,
        "**all**": everything,
    }
    return [[name, f"{1000 * seconds / len(articles):.3f}"] for name, seconds in found.items()]


def whole_articles(articles: Sequence[Article], stories: Stories) -> list[str]:
    """Articles, sentences and seconds of whole articles in given stories."""
    sentences = sum(len(find_sentences(article.text)) for article in articles)
    seconds = seconds_of(lambda: run_given(articles, stories), rounds=1)
    each = [f"{len(articles):,}", f"{len(set(stories.values())):,}", f"{sentences:,}", f"{seconds:.2f}"]
    return [*each, f"{sentences / seconds:,.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, nargs="*", default=[1_250, 2_500, 5_000])
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.relative_to(ROOT)}")
    options = parser.parse_args()
    judged, news = CORPORA / "trec_ts_2014.jsonl.gz", CORPORA / "ecbplus_dev"
    most = max(options.articles)
    feed = judged_sentences(judged)[:most] if judged.exists() else made_up_sentences(most)
    run_given(feed[:WARM_ARTICLES], one_story(feed))
    parts = [
        f"# Speed of new facts\n\n{describe_machine('duckdb', 'pyarrow', 'numba')}\n"
        "Measured by `python benchmarks/facts_speed.py --write`: processor seconds of one thread, best of "
        f"{ROUNDS} rounds.\n",
        f"## One given story of one-sentence articles ({judged.name if judged.exists() else 'made-up sentences'})\n",
        markdown_table(["articles", "seconds", "sentences per second", "growth"], growth(feed, options.articles)),
        f"## Where the time goes, milliseconds per sentence of {len(feed[:SPLIT_SENTENCES]):,}\n",
        markdown_table(["part", "ms"], split(feed[:SPLIT_SENTENCES])),
    ]
    if news.exists():
        head = ["articles", "stories", "sentences", "seconds", "sentences per second"]
        parts += ["## Whole articles in given stories (ecbplus_dev, one round)\n"]
        parts += [markdown_table(head, [whole_articles(*news_articles(news))])]
    text = "\n".join(parts)
    print(text)
    if options.write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
