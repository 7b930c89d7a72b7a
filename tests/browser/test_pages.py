"""The pages in a browser: what is seen, what keys do, and that nothing leaves the page."""

from __future__ import annotations

import itertools
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import VIEWPORT, Watched
from tests.report.documents import HOSTILE
from tests.report.html_reports import HEAD, document_of, read
from transpiler.model.pipeline import ScheduleModel
from transpiler.report.page.pages import pages
from transpiler.report.page.schedule import schedule_of, schedule_view
from transpiler.report.page.write import write_pages

pytestmark = pytest.mark.browser

LTV = "migration/tran_ds_ltv_acquisition_be_inference.html"
TASKS = re.compile("^Tasks$")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "device_scale_factor": 2}
LOOKS: list[dict[str, Any]] = [{"viewport": VIEWPORT}, PHONE]


@pytest.mark.parametrize("watched", LOOKS, indirect=True, ids=["desk", "phone"])
@pytest.mark.parametrize("name", [LTV, "migration.html"])
def test_every_look_is_readable(watched: Watched, folder: Path, name: str) -> None:
    page = watched.open(folder / name)
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_a_chosen_task_is_readable_too(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / LTV)
    page.locator(".node").nth(5).click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page, options={"runOnly": ["color-contrast"]})
        assert found.violations_count == 0, found.generate_report()


def test_the_theme_can_be_chosen(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / LTV)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.locator("#theme").click()
    assert page.evaluate(ground) != before
    page.reload()
    assert page.evaluate(ground) != before


def test_a_task_leads_to_everything_about_it(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / LTV)
    assert not page.locator("#inspector").is_visible()
    page.locator('.node[aria-label^="predict_ltv_12m, Kub"]').click()
    assert page.locator("#inspector h3").inner_text() == "predict_ltv_12m"
    assert page.locator("figure").nth(1).locator(".node.on").count() == 4
    marked = page.locator("#s0 .blk.on").inner_text()
    assert "KubernetesPodOperator(" in marked
    assert "write_predictions" in " ".join(page.locator("#o0 .blk.on").all_inner_texts())
    assert page.locator("#s0 .blk.on").first.is_visible()
    page.locator("#inspector .close").click()
    assert page.locator(".on").count() == 0


def test_lines_lead_to_lines(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / LTV)
    line = page.locator("#s0 .blk", has_text='task_id="convert_orders_to_eur"').first
    line.click()
    assert "convert_orders_to_eur.sql" in page.locator("#o0 .blk.on").inner_text()
    page.locator('[role=tab]:has-text("convert_orders_to_eur.sql")').click()
    assert page.locator("#o0").is_hidden()
    assert page.locator(".code:visible .blk.on").count() == 2
    page.locator("#check a.spot").first.click()
    assert page.locator(".ln.at").count() == 1
    assert page.locator(".ln.at").is_visible()


def test_keys_are_enough(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / LTV)
    page.locator(".zoom button").nth(2).focus()
    page.keyboard.press("Tab")
    focused = "document.activeElement.getAttribute('aria-label') || ''"
    assert "wait_for_features" in page.evaluate(focused)
    page.keyboard.press("ArrowDown")
    assert "create_tables" in page.evaluate(focused)
    page.keyboard.press("Enter")
    assert page.locator("#inspector h3").inner_text() == "create_tables"
    page.keyboard.press("Escape")
    assert not page.locator("#inspector").is_visible()
    assert "create_tables" in page.evaluate(focused)
    page.locator("#o0-tab").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#o1").is_visible()
    assert page.evaluate("document.activeElement.id") == "o1-tab"


def test_the_account_is_filtered(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / LTV)
    rows = page.locator(".account tbody tr:visible")
    total = rows.count()
    page.locator("input[value=mapped]").uncheck()
    assert 0 < rows.count() < total
    page.locator("input[value=mapped]").check()
    page.locator("#kind").select_option("import")
    page.locator("#find").fill("airflow")
    assert 0 < rows.count() < 12
    assert page.locator("#shown").inner_text() == f"{rows.count()} of {total}"


def test_pictures_can_be_made_larger(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / LTV)
    svg = page.locator("svg.graph").nth(1)
    width = "svg => svg.getBoundingClientRect().width"
    before = svg.evaluate(width)
    page.get_by_label("Larger: ZenML: steps").click()
    assert svg.evaluate(width) > before
    page.get_by_label("Fit: ZenML: steps").click()
    assert svg.evaluate(width) == before


def test_it_can_be_printed(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / LTV)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".jump").is_hidden()
    assert page.locator("#o3").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    whole = page.evaluate("(() => {const c = document.querySelector('#s0');"
                          "return c.scrollHeight <= c.clientHeight + 1})()")  # fmt: skip
    assert whole
    assert page.pdf().startswith(b"%PDF")


def test_the_index_sorts_searches_and_leads_on(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / "migration.html")
    rows = page.locator(".index tbody tr")
    page.locator("th button", has_text=TASKS).click()
    sizes = [int(text) for text in rows.locator("td:nth-child(3)").all_inner_texts()]
    assert sizes == sorted(sizes, reverse=True)
    page.locator("th button", has_text=TASKS).click()
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Tasks")
    page.locator("#find").fill("month")
    assert page.locator(".index tbody tr:visible").count() == 1
    page.locator('.node[aria-label^="month_end_reporting"]').click()
    assert page.locator("h1").inner_text() == "month_end_reporting"
    page.get_by_role("link", name="All DAGs").click()
    assert page.locator("h1").inner_text() == "Migration of 3 DAGs"


def test_three_thousand_tasks_stay_usable(watched: Watched, large: Path) -> None:
    page = watched.open(large)
    assert page.locator(".graphs:visible .node").count() <= 2 * 60
    assert page.locator(".node").count() < 2500
    page.locator('.graphs:visible .node[aria-label^="group_7,"]').first.click()
    assert "group_7" in page.locator(".graphs:visible .crumb").inner_text()
    stack = page.locator(".graphs:visible .node").first
    stack.click()
    assert page.locator("#inspector").is_visible()
    page.locator("#inspector .chip").first.click()
    assert "group_7." in page.locator("#inspector h3").inner_text()
    page.keyboard.press("Escape")
    page.locator(".graphs:visible button.back").click()
    assert page.locator('.graphs:visible .node[aria-label^="group_7,"]').count() == 2


def test_text_of_a_dag_file_does_nothing(watched: Watched, tmp_path: Path) -> None:
    code = f"""{HEAD}
EVIL = {HOSTILE!r}
with DAG("evil", start_date=datetime(2024, 1, 1), schedule="@daily", doc_md=EVIL):
    BashOperator(task_id="a", bash_command=EVIL + "<img src=http://127.0.0.1:9/x onerror=alert(1)>")
"""
    results = read(tmp_path / "dags", {"evil.py": code})
    write_pages(tmp_path, pages(document_of(results), results))
    page = watched.open(tmp_path / "migration.html")
    assert "onerror=alert(1)" in page.locator("#s0").inner_text()
    page.locator(".node").first.click()
    assert page.locator("img").count() == 0


SCHEDULES: list[dict[str, Any]] = [
    {"cron": "0 2 * * *"},
    {"cron": "*/20 8-18 * * 1-5"},
    {"cron": "15 3 1 * 1"},
    {"cron": "0 0 29 2 *"},
    {"cron": "5 * * * *"},
    {"cron": "30 2 * * *", "timezone": "Europe/Brussels"},
    {"cron": "30 1 * * *", "timezone": "America/New_York"},
    {"cron": "0 6 1 1,7 *", "timezone": "Asia/Kolkata"},
    {"cron": "0 9 * * 1", "trigger": True, "interval_seconds": 3600},
    {"cron": "0 4 * * *", "end_date": "2026-03-31T00:00:00+00:00"},
]


RARE = ("0 0 29 2 *", "0 6 1 1,7 *")
NOWS = ("2026-03-28T12:00", "2026-10-24T23:59", "2026-11-23T02:00")


def test_the_page_counts_dates_as_airflow_does(watched: Watched, folder: Path) -> None:
    """The page's own counting against the timetables, which are held against Airflow."""
    page = watched.open(folder / LTV)
    for schedule, now in itertools.product(SCHEDULES, NOWS):
        model = ScheduleModel(**schedule, start_date="2020-01-01T00:00:00+00:00")
        view = schedule_view(model, schedule["cron"])
        moment = datetime.fromisoformat(now).replace(tzinfo=timezone.utc)
        counted = page.evaluate(
            "([schedule, now]) => nextRuns(schedule, now).map((run) => run.slice(0, 3))",
            [view.fires, moment.timestamp() * 1000],
        )
        expected = [[stamp(a), stamp(b), stamp(b)] for a, b in next_runs(model, moment)]
        assert (schedule, now, counted) == (schedule, now, expected)


def next_runs(model: ScheduleModel, moment: datetime) -> list[tuple[datetime, datetime]]:
    """The data intervals of the next five runs that end after a moment."""
    timetable = schedule_of(model)
    reach = timedelta(days=1500 if model.cron in RARE else 40)
    dates = timetable.dates(moment - reach, moment + 6 * reach)
    spans = (timetable.data_interval(date) for date in dates)
    return list(itertools.islice((span for span in spans if span[1] > moment), 5))


def stamp(moment: datetime) -> int:
    """Milliseconds, as scripts count."""
    return int(moment.timestamp() * 1000)
