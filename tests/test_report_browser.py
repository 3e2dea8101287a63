"""report.html in a real browser: it opens offline, searches, shows a fact in its text, and runs nothing hostile."""

import json
import shutil

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from storycluster.run_tables import with_selection
from storycluster.views.html import to_html
from tests.report_fixture import INJURED_12, choose, hostile_tables, make_rows, tables

pytestmark = pytest.mark.browser

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
)
WAIT_SECONDS = 10


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if not CHROMIUM or not DRIVER:
        pytest.skip("chromium and chromedriver are not installed")
    options = Options()
    options.binary_location = CHROMIUM
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), tables())


def write_page(folder, content):
    path = folder / "report.html"
    path.write_text(to_html(choose(content), with_selection(content)), encoding="utf-8")
    return path.as_uri()


def visit(browser, address, *, width=1280, dark=False, script=True):
    browser.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(address)


def wait(browser, condition):
    return WebDriverWait(browser, WAIT_SECONDS).until(lambda _: condition())


def shown(browser, selector):
    return [element for element in browser.find_elements(By.CSS_SELECTOR, selector) if element.is_displayed()]


def select_option(browser, name, value):
    browser.execute_script(
        "document.getElementById('found').value = 'filtering';"
        "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
        "field.dispatchEvent(new Event('input', {bubbles: true}))",
        name,
        value,
    )
    wait(browser, lambda: browser.find_element(By.ID, "found").text != "filtering")


def test_page_opens_offline_without_an_error_or_a_request(browser, page):
    visit(browser, page)
    assert browser.find_element(By.TAG_NAME, "h1").is_displayed()
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    requests = [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
    assert requests
    assert all(address.startswith(("file:", "data:")) for address in requests)


@pytest.mark.parametrize("width", [360, 800, 1600])
def test_nothing_sticks_out_at_any_width(browser, page, width):
    visit(browser, page, width=width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_search_leaves_what_has_the_words(browser, page):
    visit(browser, page)
    select_option(browser, "query", "Gone HOME")
    assert [one.text.split(".")[0] for one in shown(browser, ".story .fact")] == ["Nine of them have gone home"]
    assert len(shown(browser, ".story")) == 1
    assert browser.find_element(By.ID, "found").text == "1 story, 1 entry, 1 statement shown"
    select_option(browser, "query", "")
    wait(browser, lambda: len(shown(browser, ".story")) == 3)


def test_filters_by_source_date_and_status(browser, page):
    visit(browser, page)
    select_option(browser, "source", "The *Daily* Gull")
    assert {one.get_attribute("data-number") for one in shown(browser, ".article")} == {"4"}
    select_option(browser, "status", "conflicting")
    assert len(shown(browser, ".story .fact")) == 1
    browser.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
    wait(browser, lambda: len(shown(browser, ".story")) == 3)
    select_option(browser, "last", "2024-03-04")
    assert {one.get_attribute("data-number") for one in shown(browser, ".article")} == {"1"}


def test_a_known_fact_is_found_inside_its_fold(browser, page):
    visit(browser, page)
    select_option(browser, "status", "known")
    assert len(shown(browser, ".fact.known")) == 1


def test_a_fact_opens_its_text_with_its_words_marked(browser, page):
    visit(browser, page)
    browser.find_element(By.CSS_SELECTOR, ".fact .read").click()
    marks = wait(browser, lambda: shown(browser, "#reader-text mark"))
    assert [mark.text for mark in marks] == ["12 people were injured"]
    assert INJURED_12 in browser.find_element(By.ID, "reader-text").text
    browser.find_element(By.ID, "reader-close").click()
    wait(browser, lambda: not shown(browser, "#reader"))


def test_a_changed_figure_opens_beside_the_earlier_sentence(browser, page):
    visit(browser, page)
    browser.find_element(By.CSS_SELECTOR, ".fact.updated .read").click()
    marks = wait(browser, lambda: shown(browser, "#reader-text mark"))
    assert marks[0].text.startswith("Fifteen people were injured")
    before = browser.find_element(By.ID, "reader-before")
    assert INJURED_12 in before.text
    before.find_element(By.CSS_SELECTOR, ".read").click()
    wait(browser, lambda: [mark.text for mark in shown(browser, "#reader-text mark")] == [INJURED_12])


def test_spans_count_code_points_not_utf16_units(browser, tmp_path):
    rows = make_rows()
    for row in rows["articles"]:
        row["text"] = "🇰🇷🎺" + row["text"]
    for row in rows["facts"]:
        for name in ("span", "sentence"):
            row[name] = row[name] | {"start": row[name]["start"] + 3, "end": row[name]["end"] + 3}
    visit(browser, write_page(tmp_path, tables(rows)))
    browser.find_element(By.CSS_SELECTOR, ".fact .read").click()
    marks = wait(browser, lambda: shown(browser, "#reader-text mark"))
    assert marks[0].text == "12 people were injured"


def test_without_script_every_fact_is_there(browser, page):
    visit(browser, page, script=False)
    facts = browser.find_elements(By.CSS_SELECTOR, ".story .fact")
    assert len(facts) == 11
    assert not shown(browser, ".read, .tools")
    assert len(shown(browser, ".article")) == 7


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1600, False), (1600, True)])
def test_no_serious_accessibility_issue(browser, page, width, dark):
    axe = pytest.importorskip("axe_core_python.selenium")
    visit(browser, page, width=width, dark=dark)
    browser.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")
    found = axe.Axe().run(browser)["violations"]
    serious = [issue for issue in found if issue["impact"] in ("serious", "critical")]
    assert [(issue["id"], [node["html"][:200] for node in issue["nodes"][:3]]) for issue in serious] == []


HOSTILE = [
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    '"><img src=x onerror="window.hit=1">',
    "<svg onload=window.hit=1>",
    "<iframe srcdoc='<script>parent.hit=1</script>'>",
    "<style>body{display:none}</style>",
    "\u202e\u2066 reversed",
    "</textarea></title><a href=javascript:window.hit=1>x</a>",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_run_nothing(browser, tmp_path, words):
    visit(browser, write_page(tmp_path, hostile_tables(words)))
    assert browser.find_element(By.TAG_NAME, "h1").is_displayed()
    browser.find_element(By.CSS_SELECTOR, ".article a.open").click()
    wait(browser, lambda: shown(browser, "#reader-text"))
    assert browser.execute_script("return window.hit") is None
    assert browser.execute_script("return document.querySelectorAll('script').length") == 2
    assert browser.execute_script("return document.querySelectorAll('main img, main iframe, main style').length") == 0
    assert browser.get_log("browser") == []


def many_tables(articles, *, facts, per_story):
    """A run of many articles: each with ``facts`` sentences, ``per_story`` articles to a story."""
    rows = make_rows()
    one = next(row for row in rows["facts"] if row["article"] == "council" and row["status"] == "new")
    sentences = [
        f"The council of place {number} voted for {number} boats and a new harbour." for number in range(facts)
    ]
    text = " ".join(sentences)
    spans = [{"start": (at := text.index(one_)), "end": at + len(one_), "field": "text"} for one_ in sentences]
    base, member, story = rows["articles"][2], rows["memberships"][0], rows["stories"][2]
    made = {
        "articles": [
            base | {"id": f"a{number}", "title": f"Council {number}", "text": text, "content_hash": number}
            for number in range(articles)
        ],
        "stories": [
            story | {"id": f"s{number}", "label": f"Story {number}", "articles": per_story}
            for number in range(articles // per_story)
        ],
        "memberships": [member | {"story": f"s{n // per_story}", "article": f"a{n}"} for n in range(articles)],
        "facts": [
            one
            | {"id": f"a{n}:{span['start']}", "story": f"s{n // per_story}", "article": f"a{n}", "position": place}
            | {"span": span, "sentence": span, "text": sentence}
            for n in range(articles)
            for place, (span, sentence) in enumerate(zip(spans, sentences, strict=True))
        ],
    }
    return tables(rows | made | {"groups": [], "figures": [], "similarities": [], "arcs": []})


@pytest.mark.slow
def test_two_thousand_articles_open_within_two_seconds(browser, tmp_path):
    address = write_page(tmp_path, many_tables(2_000, facts=20, per_story=8))
    assert (tmp_path / "report.html").stat().st_size < 15_000_000
    visit(browser, address)
    paints = browser.execute_script("return performance.getEntriesByType('paint').map((paint) => paint.startTime)")
    assert max(paints) < 2_000
    select_option(browser, "query", "place 7 ")
    assert browser.find_element(By.ID, "found").text == "75 stories, 600 entries, 600 statements shown"


def test_a_megabyte_of_marks_opens(browser, tmp_path):
    visit(browser, write_page(tmp_path, hostile_tables("e" + "\u0301" * 1_000_000)))
    assert browser.find_element(By.TAG_NAME, "h1").is_displayed()
