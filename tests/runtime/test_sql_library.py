"""The query library."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.context import RunContext
from runtime.exceptions import SqlLibraryError, TemplateError
from runtime.sql_library import RenderedSql, SqlLibrary
from tests.conftest import EmittedProject


@pytest.fixture
def library(emitted_project: EmittedProject) -> SqlLibrary:
    """A library of three queries in the project's own folder."""
    emitted_project.write("sql/ltv/build.sql", "SELECT '{{ ds }}', {{ params.tenure }}\n")
    emitted_project.write("sql/ltv/all.sql", "-- all\n{% include 'ltv/build.sql' %};")
    emitted_project.write("sql/ltv/wrong.sql", "SELECT 1,\n  {{ params.nothing }}")
    emitted_project.write("secret.sql", "SELECT 'secret'")
    return SqlLibrary()


def test_file(library: SqlLibrary, run: RunContext) -> None:
    rendered = library.render("ltv/build.sql", run, {"tenure": 6})
    assert rendered == RenderedSql("SELECT '2024-01-02', 6", "ltv/build.sql")


def test_text(library: SqlLibrary, run: RunContext) -> None:
    rendered = library.render("SELECT '{{ task.task_id }} {{ params.market }}'", run, task_id="t")
    assert rendered == RenderedSql("SELECT 't BE'", "inline")


def test_include(library: SqlLibrary, run: RunContext) -> None:
    text = library.render("ltv/all.sql", run, {"tenure": 6}).text
    assert text == "-- all\nSELECT '2024-01-02', 6;"


def test_missing_query_names_the_nearest(library: SqlLibrary, run: RunContext) -> None:
    with pytest.raises(SqlLibraryError, match="nearest are: ltv/build.sql"):
        library.render("ltv/bild.sql", run)
    with pytest.raises(SqlLibraryError, match="The library is empty"):
        SqlLibrary(library.root / "none").render("a.sql", run)


def test_missing_include_is_named(library: SqlLibrary, run: RunContext) -> None:
    (library.root / "x.sql").write_text("{% include 'ltv/nix.sql' %}")
    with pytest.raises(SqlLibraryError, match="no query 'ltv/nix.sql'"):
        library.render("x.sql", run)


@pytest.mark.parametrize(
    "name", ["../secret.sql", "ltv/../../secret.sql", "{absolute}", "link.sql"]
)
def test_no_name_leads_out(library: SqlLibrary, run: RunContext, name: str) -> None:
    outside = library.root.parent / "secret.sql"
    (library.root / "link.sql").symlink_to(outside)
    with pytest.raises(SqlLibraryError, match="leads out of the SQL library"):
        library.render(name.format(absolute=outside), run)


def test_undefined_name_says_file_line_and_name(library: SqlLibrary, run: RunContext) -> None:
    with pytest.raises(TemplateError, match=r"ltv/wrong.sql, line 2: .*'nothing'.*`params:`"):
        library.render("ltv/wrong.sql", run)


def test_include_leads_to_the_line_of_the_included_file(
    library: SqlLibrary, run: RunContext
) -> None:
    (library.root / "outer.sql").write_text("\n\n\n{% include 'ltv/wrong.sql' %}")
    with pytest.raises(TemplateError, match=r"ltv/wrong.sql, line 2: "):
        library.render("outer.sql", run)


def test_syntax_error(library: SqlLibrary, run: RunContext) -> None:
    (library.root / "syntax.sql").write_text("SELECT\n{{ ds")
    with pytest.raises(TemplateError, match="syntax.sql, line 2: "):
        library.render("syntax.sql", run)


def test_file_that_is_not_text(library: SqlLibrary, run: RunContext) -> None:
    (library.root / "latin.sql").write_bytes("SELECT 'é'".encode("latin-1"))
    with pytest.raises(SqlLibraryError, match="not UTF-8"):
        library.render("latin.sql", run)


def test_names(library: SqlLibrary, tmp_path: Path) -> None:
    assert library.names() == ["ltv/all.sql", "ltv/build.sql", "ltv/wrong.sql"]
