"""Macros, filters and native objects that a DAG adds to its templates, and params of a task."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pendulum
import pytest

from runtime.context import RunContext, params_of
from runtime.exceptions import ConfigError, TemplateError
from runtime.sql_library import SqlLibrary
from runtime.templates import render, render_sql
from runtime.templates.settings import _loaded
from tests.conftest import EmittedProject

MACROS: dict[str, Any] = {
    "before": lambda ds, days: f"{ds} less {days}",
    "limits": [1, 2],
    "ds": "not the macro",
}
FILTERS = {"shout": str.upper}
TEMPLATES = "templates: {macros: %s.MACROS, filters: %s.FILTERS, native: %s}\n"


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Load anew in each test."""
    _loaded.cache_clear()
    yield
    _loaded.cache_clear()


def configure(project: EmittedProject, native: bool, module: str = __name__) -> None:
    """Write the configuration of the run's DAG."""
    text = TEMPLATES % (module, module, str(native).lower())
    for name in ("probe-dag", "probe_dag"):
        project.write(f"configs/{name}.yaml", text)


def test_macros_and_filters(emitted_project: EmittedProject, run: RunContext) -> None:
    configure(emitted_project, native=False)
    found = render(["{{ before(ds, limits[1]) }}", "{{ 'a' | shout }}", "{{ limits }}"], run, "t")
    # As in Airflow, names of the context win over macros.
    assert found == ["2024-01-02 less 2", "A", "[1, 2]"]
    assert render_sql("SELECT '{{ 'a' | shout }}'", run, "t") == "SELECT 'A'"
    emitted_project.write("sql/q.sql", "SELECT {{ limits[0] }}")
    assert SqlLibrary().render("q.sql", run).text == "SELECT 1"
    assert SqlLibrary().render("SELECT {{ limits[1] }}", run).text == "SELECT 2"


def test_native_objects(emitted_project: EmittedProject, run: RunContext) -> None:
    configure(emitted_project, native=True)
    texts = ["{{ limits }}", "{{ params.tenures }}", "{{ ds }}", "n = {{ 1 + 1 }}", "{{ none }}"]
    assert render(texts, run, "t") == [[1, 2], [6, 12], "2024-01-02", "n = 2", None]
    (date,) = render(["{{ logical_date }}"], run, "t")
    assert date == pendulum.datetime(2024, 1, 2, 2)
    assert type(date) is pendulum.DateTime
    with pytest.raises(TemplateError, match="'missing' is undefined"):
        render("{{ missing }}", run, "t")


@pytest.mark.parametrize("module", ["no_such_module", "math", "runtime.templates"])
def test_what_cannot_be_loaded(
    emitted_project: EmittedProject, run: RunContext, module: str
) -> None:
    configure(emitted_project, native=False, module=module)
    with pytest.raises(ConfigError, match="templates.macros of the configuration"):
        render("x", run, "t")


def test_what_is_no_dict(emitted_project: EmittedProject, run: RunContext) -> None:
    for name in ("probe-dag", "probe_dag"):
        emitted_project.write(f"configs/{name}.yaml", "templates: {macros: math.pi}\n")
    with pytest.raises(ConfigError, match="which is no dict"):
        render("x", run, "t")


def test_params_of_a_task_and_of_the_run(run: RunContext) -> None:
    own = {"market": "NL", "reason": "own"}
    assert params_of(run, own) == {"market": "NL", "tenures": [6, 12], "reason": "test"}


def test_options_of_jinja(emitted_project: EmittedProject, run: RunContext) -> None:
    options = "templates: {undefined: ChainableUndefined, options: {keep_trailing_newline: true}}"
    for name in ("probe-dag", "probe_dag"):
        emitted_project.write(f"configs/{name}.yaml", options)
    assert render("a{{ conf.nothing.here }}\n", run, "t") == "a\n"
    assert render("a{{ conf.nothing.here }}\n", run, "t", extra={"conf": {}}) == "a\n"


def test_options_that_jinja_has_not(emitted_project: EmittedProject, run: RunContext) -> None:
    for name in ("probe-dag", "probe_dag"):
        emitted_project.write(f"configs/{name}.yaml", "templates: {options: {colour: red}}")
    with pytest.raises(ConfigError, match=r"templates\.options .* 'colour'"):
        render("{{ ds }}", run, "t")
