"""Where the corpora and seeds are, for every test."""

from pathlib import Path

import pytest
from hypothesis import settings

# The first example of a test may compile a kernel, and a busy machine is slow; time has tests of its own.
settings.register_profile("storycluster", deadline=None)
settings.load_profile("storycluster")

ROOT = Path(__file__).parents[1]


@pytest.hookimpl(trylast=True)  # after the order at random
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spark first: its tests take minutes each, and at the end the other processes would wait for them."""
    items.sort(key=lambda item: item.get_closest_marker("spark") is None)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def corpora() -> Path:
    folder = ROOT.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip("the labelled corpora (../shared/corpora) are not beside this checkout")
    return folder
