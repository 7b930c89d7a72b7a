"""The pictures of the documentation: `python -m tests.browser.screenshots`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.terminal import screen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REPOSITORY = Path(__file__).resolve().parents[2]
IMAGES = REPOSITORY / "docs" / "images"
COMPANY = REPOSITORY / "tests" / "walkthrough" / "company"
SCREEN = ["assess", "dags/legacy", "dags/reporting"]
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
        dags = REPOSITORY / "fixtures_dags"
        _write_pages(Path(folder, "fixtures"), sorted(dags.glob("*.py")), REPOSITORY)
        company = _company(Path(folder))
        _write_pages(Path(folder, "company"), [company / "dags"], company)
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        _take(browser, Path(folder, "fixtures"))
        _take_company(browser, Path(folder, "company"))
        browser.close()
        (IMAGES / "terminal.svg").write_text(screen(SCREEN, company), encoding="utf-8")
    return 0


def _company(folder: Path) -> Path:
    """The repository of docs/walkthrough.md, with the settings that the page takes over."""
    root = folder / "acme"
    shutil.copytree(COMPANY, root, ignore=shutil.ignore_patterns("__pycache__"))
    settings = 'airflow_version: "2.10"\nexclude: ["dags/archive/*"]\n'
    (root / "migration.yaml").write_text(settings, encoding="utf-8")
    return root


def _write_pages(folder: Path, dags: Sequence[Path], root: Path) -> None:
    from transpiler.config import load_migration_config
    from transpiler.report.document import build_document
    from transpiler.report.page.pages import pages
    from transpiler.report.page.write import write_pages
    from transpiler.service import analyse

    results = analyse(
        dags,
        project_root=root,
        config=load_migration_config(None, root, dags[0].parent),
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


def _take_company(browser: Browser, folder: Path) -> None:
    _shot(_open(browser, folder / "migration.html", height=760), "walkthrough-index")
    page = _open(browser, folder / "migration.html", height=760)
    page.evaluate("document.querySelector('#needs').scrollIntoView()")
    _shot(page, "walkthrough-needs")


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
