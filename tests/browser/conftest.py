"""A headless Chromium, and the pages that it shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.emit import factory
from tests.report.html_reports import document_of, fixture_results
from transpiler.report.page.pages import pages
from transpiler.report.page.write import write_pages
from transpiler.report.result import FileResult

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VIEWPORT = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one that CHROMIUM names."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if executable is None:
        pytest.skip("no Chromium: make chromium installs it, CHROMIUM names another one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of three of the repository's DAG files, with their index."""
    made = tmp_path_factory.mktemp("pages")
    results = fixture_results()
    write_pages(made, pages(document_of(results), results))
    return made


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a DAG of three thousand tasks."""
    made = tmp_path_factory.mktemp("large")
    tasks = [
        factory.account(
            f"group_{group}.task_{n}",
            [f"group_{group}.task_{n - 1}"] if n % 5 else [],
            group=f"group_{group}",
        )
        for group in range(30)
        for n in range(100)
    ]
    model = factory.pipeline_model(tasks=tuple(tasks), body=())
    results = [FileResult("dags/large.py", None, (model,))]
    write_pages(made, pages(document_of(results), results))
    return made / "migration.html"


class Watched:
    """A page that remembers what went wrong and what it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: self.errors.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: self.requests.append(request.url))

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.errors.append(text)

    def open(self, path: Path) -> Page:
        """Open a file; whatever else is asked for is an error."""
        self.page.goto(path.as_uri())
        return self.page


@pytest.fixture
def watched(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A page of its own; the test fails on an error in it, or a request for another page."""
    context = browser.new_context(**getattr(request, "param", {"viewport": VIEWPORT}))
    context.set_default_timeout(20_000)
    watched = Watched(context.new_page())
    yield watched
    errors, requests = watched.errors, watched.requests
    context.close()
    assert errors == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
