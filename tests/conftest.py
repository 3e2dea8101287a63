"""Where the corpora and seeds are, and which tests come first."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# The first example of a test may compile a kernel, and a busy machine is slow; time has tests of its own.
settings.register_profile("storycluster", deadline=None)
settings.load_profile("storycluster")

ROOT = Path(__file__).parents[1]
#: Tests that take long, each of them.
LONG = ("spark", "browser", "slow")


def pytest_configure(config: pytest.Config) -> None:
    """The order below holds for several cores too: pytest-xdist would give files with few tests out last."""
    config.option.loadscopereorder = False


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests first, so that no core waits for them at the end; then those with many tests."""
    long = {item.path for item in items if any(item.get_closest_marker(name) for name in LONG)}
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in long, -tests[item.path]))


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def corpora() -> Path:
    folder = ROOT.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip("the labelled corpora (../shared/corpora) are not beside this checkout")
    return folder
