"""A job on executors that are processes of their own: nothing relies on the driver, and each of them may die."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.spark_sessions import missing_for_spark

ROOT = Path(__file__).parents[1]
JOB = ROOT / "tests" / "spark_job.py"

pytestmark = [pytest.mark.spark, pytest.mark.slow]


def build_package(folder: Path, articles: Path) -> tuple[Path, Path]:
    """What a wheel of this checkout installs: a folder for the driver, and the same as an archive for executors.

    Kernels are compiled before it is packed, or every executor would do it for itself; those that this checkout has
    compiled are taken along.
    """
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder / "wheel"), str(ROOT)], check=True)
    (wheel,) = (folder / "wheel").glob("storycluster-*.whl")
    site = folder / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(wheel)], check=True)
    take_kernels_along(site)
    compiling = [sys.executable, "-m", "storycluster", "report", str(articles), "--quiet"]
    subprocess.run(
        compiling, check=True, cwd=folder, env={**os.environ, "PYTHONPATH": str(site)}, stdout=subprocess.DEVNULL
    )
    archive = folder / "site.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(site, arcname=".")
    return site, archive


def take_kernels_along(site: Path) -> None:
    """Put what numba has compiled for this checkout beside the same sources in ``site``, made equally old."""
    for installed in (site / "storycluster").rglob("*.py"):
        source = ROOT / installed.relative_to(site)
        shutil.copystat(source, installed)
        for kernel in source.parent.glob(f"__pycache__/{source.stem}.*.nb?"):
            (installed.parent / "__pycache__").mkdir(exist_ok=True)
            shutil.copy2(kernel, installed.parent / "__pycache__")


def submit(folder: Path, articles: Path) -> dict[str, Any]:
    """What the job prints, run far from the checkout with the built package."""
    import pyspark

    site, archive = build_package(folder, articles)
    home = folder / "home"  # executors run below it, in a folder "work"
    home.mkdir()
    for entry in Path(pyspark.__file__).parent.iterdir():
        (home / entry.name).symlink_to(entry)
    away = folder / "away"
    away.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_HOME": str(home),
    }
    command = [sys.executable, "-W", "ignore", str(JOB), str(archive), str(articles), str(folder)]
    done = subprocess.run(
        command, cwd=away, env=environment, capture_output=True, text=True, check=False, timeout=1_800
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.skipif(bool(missing_for_spark()), reason=missing_for_spark())
def test_a_job_from_a_wheel_on_separate_executors_survives_the_death_of_one_in_every_stage(
    tmp_path: Path, seeds: Path
) -> None:
    found = submit(tmp_path, seeds)
    assert found["driver"].startswith(str(tmp_path / "site"))
    assert str(tmp_path / "home" / "work") in found["executor"], "executors have the package from the archive"
    assert found["is_another_process"]
    assert found["killed"] == ["facts__found", "spread_bands", "stories_local"]
    assert (found["different"], found["same_report"]) == ([], True)
    assert found["rows"]["facts"] > 0
