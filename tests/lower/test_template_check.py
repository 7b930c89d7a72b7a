"""Templates: unknown names, syntax, and rendering within bounds."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import jinja2
import pytest

from tests.rules.lowered import HEAD
from transpiler.config import MigrationConfig
from transpiler.evaluate.read import read_dag_file
from transpiler.lower.lowering import Lowering
from transpiler.lower.sample_context import sample_context
from transpiler.lower.template_check import (
    KnownNames,
    TemplatePlace,
    check_task_templates,
    check_template,
)
from transpiler.lower.template_sandbox import BoundedEnvironment, TemplateBoundsError
from transpiler.model.span import Span

PLACE = TemplatePlace(Span("dags/a.py", 7, 3), "t")
KNOWN = KnownNames(frozenset({"own"}), frozenset({"shout"}), {"a": 1})


def check(text: str, known: KnownNames = KNOWN) -> list[tuple[str, str, str]]:
    return [(f.code, f.severity, f.message) for f in check_template(text, PLACE, known)]


@pytest.mark.parametrize(
    "text",
    [
        "{{ ds }} {{ ts_nodash }} {{ data_interval_start }} {{ next_execution_date }}",
        "{{ params.a }} {{ params['a'] }} {{ params.get('z') }}",
        "{% set x = 1 %}{{ params[x] if false }}",
        "{{ params.z | default(1) }} {% if params.y is defined %}{{ params.y | d('') }}{% endif %}",
        "{{ macros.ds_add(ds, -1) }} {{ macros.datetime.utcnow() }}",
        "{{ var.value.x }} {{ conn.y.password }} {{ ti.xcom_pull(task_ids='z') }}",
        "{% for i in range(3) %}{{ i }}{{ loop.index }}{% endfor %}",
        "{{ own(1) }} {{ 'x' | shout }} {{ ds | ds_nodash }}",
        "{% set x = namespace(a=1) %}{% do x.update(a=2) %}{{ x.a }}",
        "plain",
    ],
)
def test_what_is_right(text: str) -> None:
    assert [found for found in check(text) if found[1] == "manual"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ foo }}", ("D2Z404", "manual", "Airflow has no name 'foo' for templates")),
        (
            "a\n{{ foo }}",
            ("D2Z404", "manual", "Airflow has no name 'foo' for templates (line 2 of the text)"),
        ),
        ("{{ conf }}", ("D2Z404", "manual", "the runtime has no name 'conf' for templates")),
        ("{{ macros.acme.x }}", ("D2Z404", "manual", "the runtime has no macros.acme")),
        ("{{ params.z }}", ("D2Z404", "warning", "params.z has no default")),
        ("{{ params['z'] }}{{ params.z }}", ("D2Z404", "warning", "params.z has no default")),
        (
            "{% if %}",
            (
                "D2Z405",
                "manual",
                "the template does not parse: Expected an expression, got 'end of statement block'",
            ),
        ),
        (
            "{{ 'x' | nope }}",
            ("D2Z405", "manual", "the template does not parse: No filter named 'nope'."),
        ),
        (
            "{{ " + "(" * 3000 + " }}",
            ("D2Z405", "manual", "the template does not parse: it is nested too deeply"),
        ),
        (
            "{{ ds }}" + " " * 200_001,
            (
                "D2Z405",
                "warning",
                "the template has more than 200000 characters and was not checked",
            ),
        ),
    ],
)
def test_what_is_wrong(text: str, expected: tuple[str, str, str]) -> None:
    assert check(text) == [expected]


def test_params_that_are_not_known_are_not_judged() -> None:
    assert check("{{ params.z }}", KnownNames()) == []


def test_lines_of_a_file() -> None:
    place = TemplatePlace(Span("sql/a.sql", 1, 1), None, in_file=True)

    (found,) = check_template("a\nb {{ foo }}", place, KNOWN)

    assert (found.span.line, found.message) == (2, "Airflow has no name 'foo' for templates")


def lowering(folder: Path, task: str, dag: str = "") -> Lowering:
    text = (
        f"{HEAD}from airflow.operators.bash import BashOperator\n"
        f'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None{dag}):\n    {task}\n'
    )
    (folder / "dag.py").write_text(text, encoding="utf-8")
    dag_file = read_dag_file(folder / "dag.py", folder)
    return Lowering(dag_file, dag_file.dags[0], MigrationConfig(), folder)


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ("bash_command='{{ foo }}'", ["D2Z404"]),
        ("bash_command='x', env={'A': ['{{ foo }}', '{{ bar }}']}", ["D2Z404", "D2Z404"]),
        ("bash_command='x', doc_md='{{ foo }}', params={'a': '{{ foo }}'}", []),
        ("bash_command='{{ params.a }}{{ params.b }}', params={'b': 1}", []),
        ("bash_command='{{ mine(1) }}'", []),
        ("bash_command='{{ params.c }}', params=make()", []),
        ("bash_command='{% if %}'", ["D2Z405"]),
    ],
)
def test_arguments_of_a_task(arguments: str, codes: list[str], tmp_path: Path) -> None:
    dag = ", params={'a': 1}, user_defined_macros={'mine': len}, user_defined_filters={'f': len}"
    call = f"BashOperator(task_id='t', {arguments})"
    to = lowering(tmp_path, call.replace("make()", "__import__('x').y"), dag)

    check_task_templates(to.dag.tasks[0], to)

    assert [found.code for found in to.findings] == codes
    assert all(found.task_id == "t" for found in to.findings)


CONTEXT = sample_context("d", "t", {"market": "BE", "list": [1, 2]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{{ ds }} {{ ds_nodash }} {{ yesterday_ds }} {{ tomorrow_ds_nodash }}",
            "2024-01-02 20240102 2024-01-01 20240103",
        ),
        ("{{ ts }} {{ ts_nodash }}", "2024-01-02T00:00:00+00:00 20240102T000000"),
        (
            "{{ macros.ds_add(ds, -1) }} {{ macros.ds_format(ds, '%Y-%m-%d', '%d') }}",
            "2024-01-01 02",
        ),
        (
            "{{ macros.ds_add(var.value.x, 1) }}{{ macros.ds_format(var.value.x, 'a', 'b') }}",
            "2024-01-022024-01-02",
        ),
        (
            "{{ logical_date.add(days=1).strftime('%Y') }} {{ logical_date.format('YYYY') }}",
            "2024 2024-01-02",
        ),
        (
            "{{ logical_date.to_date_string() }} {{ logical_date.int_timestamp }}",
            "2024-01-02 sample_value",
        ),
        ("{{ (execution_date - macros.timedelta(days=1)).day }}", "1"),
        ("{{ ti.xcom_pull('a')['b'].c + 1 }}", "sample_value"),
        (
            "{{ -var.value.x * 2 / 3 }} {{ var.json.x.y | int }} {{ conn.a.port | float }}",
            "sample_value 1 1.0",
        ),
        (
            "{% if var.value.n > 3 %}a{% endif %}{% for x in var.json.l %}{{ x }}{% endfor %}",
            "asample_value",
        ),
        ("{{ var['value'] }} {{ var.value.get('x').upper() }}", "sample_value SAMPLE_VALUE"),
        ("{{ params.market ~ '_' ~ params.list[0] }} {{ params.list | join(',') }}", "BE_1 1,2"),
        (
            "{{ run_id }} {{ dag.dag_id }} {{ task.task_id }}",
            "scheduled__2024-01-02T00:00:00+00:00 d t",
        ),
        (
            "{{ '%s-%s' % (ds, 1) }} {{ 'a{}'.format(1) }} {{ '%d' | format(3) }}",
            "2024-01-02-1 a1 3",
        ),
        ("{{ macros.uuid.uuid4() }}", "00000000-0000-0000-0000-000000000001"),
        ("{{ macros.json.dumps({'a': 2 * 3 ** 2 + 1}) }}{{ [1] * 2 }}", '{"a": 19}[1, 1]'),
    ],
)
def test_sample_values(text: str, expected: str) -> None:
    assert BoundedEnvironment().bounded(text, CONTEXT) == expected


def test_samples_have_no_internals() -> None:
    for value in (CONTEXT["var"], CONTEXT["logical_date"], CONTEXT["var"].value):
        assert not hasattr(value, "__html__")
        assert not hasattr(value, "__call_me__")


def test_includes() -> None:
    environment = BoundedEnvironment({"a.sql": "{{ ds }}"})

    assert environment.bounded("{% include 'a.sql' %}", CONTEXT) == "2024-01-02"


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10**9 }}",
        "{{ [1] * 10**9 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ 'x\ny' | indent(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ '{:>{w}}'.format(1, w=1000000000) }}",
        "{{ '{0!r:^+{w}d}'.format(1, w=1000000000) }}",
        "{{ '{v:{w}}'.format_map({'v': 1, 'w': 1000000000}) }}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f() %}{% endmacro %}"
        + "{% for i in range(9999) %}{{ f() }}{{ f() }}{{ f() }}{% endfor %}",
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 40,
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a + a %}" * 40,
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a | join(a) %}" * 10,
        "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a.replace('x', 'xx') %}" * 40,
        "{% set a = [1] %}" + "{% set a = a + a %}" * 40,
        "{% set a = 10 %}" + "{% set a = a * a %}" * 40,
        "{% for i in range(9999) %}{{ 'xxxxxxxxxx' * 20 }}{% endfor %}",
        "{% include 'self' %}",
        "x" * 200_001,
    ],
    ids=range(24),
)
def test_hostile_templates_are_refused_before_they_take_memory(text: str) -> None:
    environment = BoundedEnvironment({"self": "{% include 'self' %}"})
    tracemalloc.start()
    try:
        with pytest.raises(TemplateBoundsError):
            environment.bounded(text, CONTEXT)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ params.__init__.__globals__ }}",
        "{{ lipsum() }}",
        "{{ nope }}",
    ],
)
def test_python_is_out_of_reach(text: str) -> None:
    with pytest.raises((jinja2.sandbox.SecurityError, jinja2.UndefinedError)):
        BoundedEnvironment().bounded(text, CONTEXT)
