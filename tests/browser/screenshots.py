"""The pictures of docs/report.md: `python -m tests.browser.screenshots`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REPOSITORY = Path(__file__).resolve().parents[2]
IMAGES = REPOSITORY / "docs" / "images"
LTV = "migration/tran_ds_ltv_acquisition_be_inference.html"
MONTH_END = "migration/month_end_reporting.html"


def main() -> int:
    """Write the pictures; 1 where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if executable is None:
        print("No Chromium. Install Debian's, or name one by CHROMIUM.", file=sys.stderr)
        return 1
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        _write_pages(Path(folder))
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        _take(browser, Path(folder))
        browser.close()
    return 0


def _write_pages(folder: Path) -> None:
    from transpiler.config import load_migration_config
    from transpiler.report.document import build_document
    from transpiler.report.page.pages import pages
    from transpiler.report.page.write import write_pages
    from transpiler.service import analyse

    dags = REPOSITORY / "fixtures_dags"
    results = analyse(
        sorted(dags.glob("*.py")),
        project_root=REPOSITORY,
        config=load_migration_config(None, REPOSITORY, dags),
        jobs=1,
        emit=True,
    )
    write_pages(folder, pages(build_document(results), results))


def _take(browser: Browser, folder: Path) -> None:
    _shot(_open(browser, folder / LTV), "report-light")
    page = _open(browser, folder / LTV, "dark")
    page.locator('.node[aria-label^="build_features"]').first.click()
    page.locator("#code").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#code').scrollIntoView()")
    _shot(page, "report-dark")
    page = _open(browser, folder / MONTH_END)
    page.locator('.node[aria-label^="reports.build_ltv"]').first.click()
    page.evaluate("document.querySelector('#graphs').scrollIntoView()")
    _shot(page, "report-graph")
    _shot(_open(browser, folder / MONTH_END, width=390, height=844), "report-phone")
    _shot(_open(browser, folder / "migration.html", height=1500), "report-index")


def _open(
    browser: Browser, path: Path, scheme: str = "light", width: int = 1280, height: int = 900
) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page.goto(path.as_uri())
    return page


def _shot(page: Page, name: str) -> None:
    page.wait_for_timeout(200)
    page.screenshot(path=IMAGES / f"{name}.png")
    page.close()


if __name__ == "__main__":
    sys.exit(main())
