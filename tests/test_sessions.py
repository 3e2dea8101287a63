"""Opening Spark: what is missing is said in one line with what to install."""

import sys

import pytest

from storycluster.config import EngineConfig
from storycluster.engines.sessions import adopt_frame, open_spark
from storycluster.errors import EngineError
from storycluster.pipeline import open_engine
from storycluster.progress import Silent
from tests.spark_sessions import PANDAS_WARNING

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)


@pytest.fixture
def without_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("pyspark", "pyspark.errors", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_pyspark")
def test_a_missing_extra_says_what_to_install() -> None:
    with pytest.raises(EngineError, match=r"pip install 'storycluster\[spark\]'"):
        open_engine(EngineConfig(name="spark"), Silent())


def test_missing_java_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match="Java 17 or newer: install it, or set JAVA_HOME"):
        open_spark(EngineConfig(name="spark"), threads=1)


def test_executors_of_other_machines_need_a_folder_they_can_write() -> None:
    with pytest.raises(EngineError, match=r"engine\.checkpoint_folder must name a folder"):
        open_spark(EngineConfig(name="spark", master="yarn"), threads=1)


def test_only_spark_adopts_data_frames() -> None:
    assert adopt_frame(object(), open_engine(EngineConfig(), Silent())) is None
