"""Screenshots of a report.html at three widths, in light and dark: python -m benchmarks.report_screenshots RUN FOLDER.

Needs chromium and chromedriver. The pictures are the top of the page, as a reader first sees it.
"""

import base64
import shutil
import sys
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

SHOTS = {
    "360": (360, 1600, False),
    "800": (800, 1800, False),
    "1600": (1600, 1400, False),
    "1600-dark": (1600, 1400, True),
}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --force-color-profile=srgb"
)


def main() -> None:
    report, folder = Path(sys.argv[1]) / "report.html", Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        browser = open_browser(profile)
        for name, (width, height, dark) in SHOTS.items():
            (folder / f"report-{name}.png").write_bytes(take(browser, report, width, height=height, dark=dark))
        browser.quit()


def open_browser(profile: str) -> webdriver.Chrome:
    options = Options()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in (*FLAGS.split(), f"--user-data-dir={profile}"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def take(browser: webdriver.Chrome, report: Path, width: int, *, height: int, dark: bool) -> bytes:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    scheme = {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
    browser.get(report.resolve().as_uri())
    return base64.b64decode(browser.execute_cdp_cmd("Page.captureScreenshot", {})["data"])


if __name__ == "__main__":
    main()
