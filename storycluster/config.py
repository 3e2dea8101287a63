"""Every setting, its type, range and default; and how a TOML file and ``--set`` become a ``Config``.

A default stands here and nowhere else; ``configs/default.toml`` repeats it with unit and effect,
and a test holds the two equal.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args, get_type_hints

import msgspec
from msgspec import Meta

from storycluster.errors import ConfigError

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
PositiveShare = Annotated[float, Meta(gt=0.0, le=1.0)]
NonNegative = Annotated[float, Meta(ge=0.0)]
Positive = Annotated[float, Meta(gt=0.0)]
Count = Annotated[int, Meta(ge=0)]
AtLeastOne = Annotated[int, Meta(ge=1)]
AtLeastTwo = Annotated[int, Meta(ge=2)]
OpenShare = Annotated[float, Meta(gt=0.0, lt=1.0)]
Seed = Annotated[int, Meta(ge=0, lt=2**32)]


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """How files become articles: names of columns, dates, languages, and limits against hostile input."""

    fields: dict[str, str] = field(default_factory=dict)
    date_order: Literal["evidence", "day_first", "month_first"] = "evidence"
    language: str = ""
    credits: bool = True
    max_article_bytes: AtLeastOne = 1_048_576
    max_line_bytes: AtLeastOne = 16_777_216
    max_file_bytes: AtLeastOne = 17_179_869_184
    max_expansion: AtLeastOne = 200
    max_nesting: AtLeastOne = 32
    max_records: AtLeastOne = 100_000_000


@dataclass(frozen=True, slots=True)
class DedupConfig:
    """Near-duplicates: signatures, banding, verification, groups."""

    threshold: PositiveShare = 0.8
    containment_threshold: PositiveShare = 0.8
    least_contained_shingles: AtLeastOne = 40
    shingle_words: AtLeastOne = 3
    permutations: AtLeastTwo = 128
    target_recall: OpenShare = 0.99
    seed: Seed = 1
    exact: bool = False
    bucket_cap: AtLeastTwo = 200
    window_days: Count = 0
    boilerplate_share: PositiveShare = 0.1
    boilerplate_articles: AtLeastTwo = 20
    keep: Literal["earliest", "latest", "longest", "source"] = "earliest"
    sources: list[str] = field(default_factory=list)
    copied_share: PositiveShare = 0.7


@dataclass(frozen=True, slots=True)
class StoriesConfig:
    """Stories, arcs, passages and labels."""

    threshold: PositiveShare = 0.25
    arc_threshold: PositiveShare = 0.15
    words: NonNegative = 0.42
    word_pairs: NonNegative = 0.08
    names: NonNegative = 0.32
    lead: NonNegative = 0.23
    number_weight: Positive = 2.0
    name_agreement: Share = 0.4
    short_lift: NonNegative = 3.0
    lead_words: AtLeastOne = 60
    background_articles: NonNegative = 3_000.0
    article_words: AtLeastOne = 300
    far_in_time: Share = 0.5
    unknown_in_time: Share = 0.85
    time_width_days: Positive = 3.0
    window_days: Positive = 14.0
    window_articles: AtLeastOne = 100_000
    support_neighbours: Count = 5
    support_floor: Share = 0.155
    support: NonNegative = 20.0
    sure_similarity: Share = 0.3
    merge_share: PositiveShare = 0.7
    least_similarity: PositiveShare = 0.06
    most_neighbours: AtLeastOne = 1_000
    common_term_share: PositiveShare = 0.05
    common_term_articles: AtLeastOne = 1_000
    passage_words: AtLeastOne = 40
    passage_share: PositiveShare = 0.15


@dataclass(frozen=True, slots=True)
class FactsConfig:
    """What is known already, and what the report lists."""

    known_containment: PositiveShare = 0.6
    known_chance: Share = 0.68
    repeat_containment: PositiveShare = 0.6
    new_chance: Share = 0.205
    changed_chance: Share = 0.15
    same_containment: PositiveShare = 0.8
    max_per_article: AtLeastOne = 12


@dataclass(frozen=True, slots=True)
class ReportConfig:
    """What the views show."""

    excerpt_letters: AtLeastOne = 600
    max_stories: AtLeastOne = 200
    max_story_articles: AtLeastOne = 100
    max_figures: AtLeastOne = 200
    max_groups: AtLeastOne = 200
    max_copies: AtLeastOne = 20
    max_articles: AtLeastOne = 200
    html_articles: Count = 5_000
    html_statements: Count = 12_000
    html_diffs: Count = 50
    html_article_letters: AtLeastOne = 20_000
    html_letters: Count = 12_000_000


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Where and with how much a run is computed; never changes a result."""

    name: Literal["duckdb", "spark"] = "duckdb"
    threads: Count = 0
    memory_limit: str = ""
    temp_directory: str = ""
    master: str = ""
    options: dict[str, str] = field(default_factory=dict)
    checkpoint_folder: str = ""
    partitions: Count = 0
    driver_pairs: Count = 50_000_000


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a run, one section per stage."""

    read: ReadConfig = field(default_factory=ReadConfig)
    dedup: DedupConfig = field(default_factory=DedupConfig)
    stories: StoriesConfig = field(default_factory=StoriesConfig)
    facts: FactsConfig = field(default_factory=FactsConfig)
    report: ReportConfig = field(default_factory=ReportConfig)
    engine: EngineConfig = field(default_factory=EngineConfig)


def load_config(path: Path | str | None = None, overrides: Sequence[str] = ()) -> Config:
    """Settings from a TOML file (defaults where absent), then ``key=value`` overrides in order.

    Raises ConfigError for an unreadable file, an unknown key, a wrong type or a value out of range.

    >>> load_config(None, ["dedup.threshold=0.7"]).dedup.threshold
    0.7
    """
    origin = str(path) if path else "--set"
    values = _read_toml(Path(path)) if path else {}
    _check_keys(values, origin)
    _convert(values, origin)
    for override in overrides:
        _override(values, override)
        _check_keys(values, "--set")
        _convert(values, f"--set {override}")
    return _convert(values, origin)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read config {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error


def _override(values: dict[str, Any], override: str) -> None:
    """Set one dotted key; the value is read as TOML, and as plain text where that fails."""
    key, equals, raw = override.partition("=")
    if not equals or not key.strip():
        raise ConfigError(f"--set needs key=value, got {override!r}")
    try:
        value = tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        value = raw
    *sections, last = key.strip().split(".")
    for section in sections:
        values = values.setdefault(section, {})
        if not isinstance(values, dict):
            raise ConfigError(f"--set {override}: {section} is a value, not a section")
    values[last] = value


def _check_keys(values: dict[str, Any], origin: str) -> None:
    known = sorted(config_keys())
    sections = {key.partition(".")[0] for key in known}
    for key in _dotted(values):
        if key in sections:
            raise ConfigError(f"{key} is a section, not a value ({origin}); its keys are written {key}.<key>")
        if key not in known and not any(key.startswith(f"{free}.") for free in _FREE_SECTIONS):
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
            raise ConfigError(f"unknown key {key} ({origin}); did you mean {near[0]}?")


#: Sections whose keys are the user's own names.
_FREE_SECTIONS = ("read.fields", "engine.options")


def config_keys() -> Iterator[str]:
    """Every dotted key there is, in the order of the classes above."""
    for section in fields(Config):
        section_type = section.default_factory
        for entry in fields(cast(type, section_type)):
            yield f"{section.name}.{entry.name}"


def _dotted(values: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The dotted names of all values, a key with a dot in quotes; tables inside a known key's value belong to it."""
    known = set(config_keys()) - set(_FREE_SECTIONS)
    for key, value in values.items():
        name = f'{prefix}"{key}"' if "." in key else f"{prefix}{key}"
        if isinstance(value, dict) and name not in known:
            yield from _dotted(value, f"{name}.")
        else:
            yield name


def _convert(values: dict[str, Any], origin: str) -> Config:
    try:
        return msgspec.convert(values, Config)
    except msgspec.ValidationError as error:
        complaint, _, where = str(error).partition(" - at `$.")
        key = where.rstrip("`")
        value: Any = values
        for part in re.split(r"[.\[\]]+", key.rstrip("]")):
            value = value[int(part)] if isinstance(value, list) else value.get(part)
        raise ConfigError(f"{key} must be {_allowed(key, complaint)}, got {value!r} ({origin})") from error


#: Type names of the validator in a user's words.
_WORDS = {"float": "a number", "int": "a whole number", "str": "text", "bool": "true or false", "array": "a list"}


def _allowed(key: str, complaint: str) -> str:
    """What a value may be, from the validator's complaint: a range, a type or a choice."""
    choices = re.search(r"enum value", complaint)
    if choices:
        return "one of " + ", ".join(repr(choice) for choice in _choices(key))
    bound = re.search(r"(<=|>=|<|>) \S+", complaint)
    if bound:
        return bound.group()
    expected = re.search(r"Expected `(\w+)", complaint)
    return _WORDS.get(expected.group(1), expected.group(1)) if expected else complaint


def _choices(key: str) -> tuple[object, ...]:
    section, _, name = key.partition(".")
    factory = next(entry.default_factory for entry in fields(Config) if entry.name == section)
    hints = get_type_hints(factory)
    return get_args(hints[name.partition("[")[0]])
