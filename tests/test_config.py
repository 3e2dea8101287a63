"""Config: defaults in one place, errors that name key, value, file and the nearest right key."""

import tomllib
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from storycluster.config import Config, config_keys, load_config
from storycluster.errors import ConfigError

DEFAULT = Path(__file__).parents[1] / "configs" / "default.toml"


def test_default_toml_states_every_key_and_its_default() -> None:
    stated = tomllib.loads(DEFAULT.read_text(encoding="utf-8"))
    assert stated == asdict(Config())


def test_every_key_in_default_toml_is_explained_by_the_comment_above_it() -> None:
    lines = DEFAULT.read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for above, line in pairwise(lines)
        if "=" in line and not line.startswith(("#", " ", "[", "]")) and not above.startswith("#")
    ]
    assert bare == []


@pytest.mark.parametrize("path", sorted(DEFAULT.parent.glob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_config_loads(path: Path) -> None:
    assert isinstance(load_config(path), Config)


def test_an_unknown_key_is_answered_with_the_nearest_right_one(tmp_path: Path) -> None:
    path = tmp_path / "wire.toml"
    path.write_text("[dedup]\ntreshold = 0.5\n")
    with pytest.raises(
        ConfigError, match=r"unknown key dedup\.treshold \(.*wire\.toml\); did you mean dedup\.threshold\?"
    ):
        load_config(path)


def test_a_dotted_key_in_quotes_is_unknown_and_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "wire.toml"
    path.write_text('"dedup.threshold" = 0.5\n')
    with pytest.raises(ConfigError, match=r'unknown key "dedup\.threshold" \(.*\); did you mean dedup\.threshold\?'):
        load_config(path)
    path.write_text('[read.fields]\ntext = "story.body"\n')
    assert load_config(path).read.fields == {"text": "story.body"}


def test_a_value_out_of_range_names_key_value_file_and_what_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "wire.toml"
    path.write_text("[dedup]\nthreshold = 1.5\n")
    with pytest.raises(ConfigError, match=r"dedup\.threshold must be <= 1\.0, got 1\.5 \(.*wire\.toml\)"):
        load_config(path)


def test_a_value_of_a_wrong_type_names_the_right_one() -> None:
    with pytest.raises(
        ConfigError, match=r"dedup\.threshold must be a number, got 'high' \(--set dedup\.threshold=high\)"
    ):
        load_config(None, ["dedup.threshold=high"])


def test_a_wrong_choice_names_the_choices() -> None:
    with pytest.raises(ConfigError, match=r"engine\.name must be one of 'duckdb', 'spark', got 'ray'"):
        load_config(None, ["engine.name=ray"])


def test_set_wins_over_the_file_and_the_last_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "wire.toml"
    path.write_text("[dedup]\nthreshold = 0.5\n")
    assert load_config(path, ["dedup.threshold=0.6", "dedup.threshold=0.7"]).dedup.threshold == 0.7


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("dedup.threshold", "needs key=value"),
        ("dedup=3", "dedup is a section"),
        ("dedup.threshold.low=1", r"dedup\.threshold must be a number"),
        ("stories=high", "stories is a section"),
    ],
)
def test_a_malformed_override_is_one_clear_line(override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(None, [override])
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_toml_or_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("[dedup\n")
    with pytest.raises(ConfigError, match=r"broken\.toml is not valid TOML"):
        load_config(path)
    with pytest.raises(ConfigError, match=r"cannot read config .*absent\.toml"):
        load_config(tmp_path / "absent.toml")


def test_keys_are_unique() -> None:
    keys = list(config_keys())
    assert len(keys) == len(set(keys))
