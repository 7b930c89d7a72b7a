"""Which callables become steps themselves, and how the others are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import libcst as cst
import pytest

from tests.lower.factory import (
    SCOPE,
    PlainLowering,
    argument,
    dag,
    dag_file,
    function,
    module,
    span,
    task,
)
from transpiler.lower.annotations import Returns, fits, return_annotation_holds
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.outputs import output_variables
from transpiler.lower.passed import ArgumentsOfCall
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.reader import TaskReader
from transpiler.lower.signatures import signature_of
from transpiler.model.dag import LoopStep, SourceExpression, Task
from transpiler.model.pipeline import Expr, Import, StepCall
from transpiler.model.values import PartialRef, Ref, Symbolic, TaskOutput


class Lowered:
    """The calls and the steps module of the tasks of one DAG."""

    def __init__(self, source: str, *tasks: Task) -> None:
        self.module = module(source)
        self.to = PlainLowering(dag(*tasks), dag_file(self.module))

    def step(self, one: Task, name: str = "f") -> StepCall | list[StepCall]:
        reader = TaskReader(one)
        callable_ = one.arguments.get("python_callable")
        return self.to.callables.step(
            reader,
            function(self.module, name) if callable_ is None else callable_.value,
            op_args=reader.take("op_args"),
            op_kwargs=reader.take("op_kwargs"),
            templates_dict=reader.take("templates_dict"),
        )

    def one(self, one: Task, name: str = "f") -> StepCall:
        call = self.step(one, name)
        assert isinstance(call, StepCall)
        return call

    @property
    def text(self) -> str:
        steps = self.to.callables.build()
        return "" if steps is None else "\n\n".join(text.strip("\n") for text in steps.definitions)


def lowered(source: str, **arguments: Any) -> tuple[StepCall, str]:
    one = task(**arguments)
    result = Lowered(source, one)
    return result.one(one), result.text


def test_no_callables_no_module() -> None:
    assert PlainLowering().callables.build() is None


@pytest.mark.parametrize(
    ("source", "arguments", "signature"),
    [
        pytest.param("def f(): pass", {}, "def f(): pass", id="nothing to pass"),
        pytest.param(
            "def f(a: int, b: str = 'x') -> None:\n    print(a, b)",
            {"op_kwargs": {"a": 1}},
            "def f(a: int, b: str = 'x') -> None:",
            id="annotations that hold stay",
        ),
        pytest.param(
            "def f(a: float, b: dict = None) -> None:\n    return a",
            {"op_args": [1]},
            "def f(a, b = None):",
            id="annotations that do not hold go",
        ),
        pytest.param(
            "def f(a: list[int], *, b: dict[str, Any] = {}) -> dict:\n    return {'a': a}",
            {"op_args": ([1, 2],)},
            "def f(a: list[int], *, b: dict[str, Any] = {}) -> dict:",
            id="containers",
        ),
        pytest.param(
            "LIMIT = 3\n\ndef f(limit: int = LIMIT): pass",
            {},
            "def f(limit: int = LIMIT): pass",
            id="a constant as default",
        ),
        pytest.param(
            "def f(ds): pass",
            {"op_kwargs": {"ds": "2024-01-01"}},
            "def f(ds): pass",
            id="ds is given",
        ),
    ],
)
def test_functions_that_are_steps(source: str, arguments: dict[str, Any], signature: str) -> None:
    call, text = lowered(f"from typing import Any\n{source}\n", **arguments)
    assert call.function == "f"
    assert f"@step\n{signature}" in text
    assert call.step_id == Expr("")
    assert call.task_id == "load"


@pytest.mark.parametrize(
    ("source", "arguments", "body"),
    [
        pytest.param(
            "def f(a): pass",
            {"op_kwargs": {"a": "{{ ds }}"}},
            "def f_step(a: Any) -> Any:\n    return call_python(f, op_kwargs={'a': a})",
            id="template",
        ),
        pytest.param(
            "def f(ds): pass",
            {},
            "def f_step() -> Any:\n    return call_python(f)",
            id="context key",
        ),
        pytest.param(
            "def f(**context): pass",
            {"op_kwargs": {"a": 1, "my-key": 2, "id": 3, "class": 4}},
            "def f_step(a: Any, my_key: Any, arg_id: Any, arg_class: Any) -> Any:\n"
            "    return call_python(f, op_kwargs="
            "{'a': a, 'my-key': my_key, 'id': arg_id, 'class': arg_class})",
            id="any keywords",
        ),
        pytest.param(
            "def f(*args): pass",
            {"op_args": [1, "x"]},
            "def f_step(arg_0: Any, arg_1: Any) -> Any:\n"
            "    return call_python(f, op_args=[arg_0, arg_1])",
            id="any arguments",
        ),
        pytest.param(
            "def f(a, /): pass",
            {"op_args": [1]},
            "def f_step(a: Any) -> Any:\n    return call_python(f, op_kwargs={'a': a})",
            id="positional only",
        ),
        pytest.param(
            "def f(since): pass",
            {"op_kwargs": {"since": timedelta(days=1)}},
            "def f_step() -> Any:\n"
            "    return call_python(f, op_kwargs={'since': dt.timedelta(days=1)})",
            id="not JSON",
        ),
        pytest.param(
            "from datetime import timedelta\ndef f(since=timedelta(1)): pass",
            {},
            "def f_step() -> Any:\n    return call_python(f)",
            id="a default that is not JSON",
        ),
        pytest.param("def f(a): pass", {}, "def f_step() -> Any:", id="an argument is missing"),
        pytest.param("def f():\n    yield 1", {}, "def f_step() -> Any:", id="generator"),
        pytest.param("async def f(): pass", {}, "def f_step() -> Any:", id="coroutine"),
        pytest.param(
            "def timed(g): return g\n@timed\ndef f(): pass",
            {},
            "def f_step() -> Any:",
            id="decorated",
        ),
        pytest.param(
            "def f(templates_dict): pass",
            {"templates_dict": {"day": "{{ ds }}"}, "params": {"x": 1}},
            "def f_step(templates_dict: Any) -> Any:\n"
            "    return call_python(f, templates_dict=templates_dict, params={'x': 1})",
            id="templates_dict and params",
        ),
    ],
)
def test_functions_that_a_step_calls(source: str, arguments: dict[str, Any], body: str) -> None:
    call, text = lowered(f"{source}\n", **arguments)
    assert call.function == "f_step"
    assert f"@step\n{body}" in text
    assert "@step\ndef f(" not in text


def test_arguments_are_expressions() -> None:
    call, _ = lowered("def f(a, b): pass\n", op_args=[1], op_kwargs={"b": [2]})
    assert call.kwargs == {"a": Expr("1"), "b": Expr("[2]")}


@pytest.mark.parametrize(
    ("code", "value", "parts"),
    [
        pytest.param("[A, 'b']", ["a", "b"], {"x": "A", "y": "'b'"}, id="list"),
        pytest.param("(A, B)", ("a", "b"), {"x": "A", "y": "B"}, id="tuple"),
        pytest.param("{'x': A, 'y': 1}", {"x": "a", "y": 1}, {"x": "A", "y": "1"}, id="dict"),
        pytest.param("dict(x=A, y=1)", {"x": "a", "y": 1}, {"x": "A", "y": "1"}, id="dict call"),
        pytest.param("[*A, B]", ["a", "b"], {"x": None, "y": None}, id="starred"),
        pytest.param("ARGS", ["a", "b"], {"x": None, "y": None}, id="a name"),
        pytest.param("{**A, 'y': B}", {"x": "a", "y": "b"}, {"x": None, "y": "B"}, id="merged"),
    ],
)
def test_each_argument_has_the_source_it_was_written_as(
    code: str, value: Any, parts: dict[str, str | None]
) -> None:
    source = SourceExpression(cst.parse_expression(code), SCOPE, cst.Module([]))
    given = replace(argument("op", value), source=source)
    signature = signature_of(function(module("def f(x, y): pass\n"), "f").node)
    bound = ArgumentsOfCall(task(), signature).bind(
        given if isinstance(value, (list, tuple)) else None,
        given if isinstance(value, dict) else None,
        None,
    )
    assert {one.name: one.source and one.source.code for one in bound} == parts


def test_a_time_limit_goes_on_the_function() -> None:
    call, text = lowered("def f(): pass\n", execution_timeout=timedelta(seconds=90))
    assert text == "@step\n@timeout(seconds=90)\ndef f(): pass"
    assert call.function == "f"


def test_tasks_share_what_they_can() -> None:
    tasks = [
        task("a", op_kwargs={"x": 1}),
        task("b", op_kwargs={"x": 2}),
        task("c", op_kwargs={"x": "{{ ds }}"}),
        task("d", op_kwargs={"x": "{{ ts }}"}),
        task("e", op_kwargs={"x": 1}, execution_timeout=timedelta(seconds=1)),
        task("g", op_kwargs={"x": "text"}),
    ]
    result = Lowered("def f(x: int): return x\n", *tasks)
    steps = [result.one(one).function for one in tasks]
    assert steps == ["f", "f", "f_step", "f_step", "f_step_2", "f_step"]
    assert result.text.count("def f(") == 1
    assert "call_python(f.entrypoint, op_kwargs={'x': x})" in result.text


def test_a_function_that_another_one_needed_first_stays_plain() -> None:
    tasks = [task("a"), task("b")]
    result = Lowered("def f(): return g()\ndef g(): return 1\n", *tasks)
    assert result.one(tasks[0], "f").function == "f"
    assert result.one(tasks[1], "g").function == "g_step"
    assert "call_python(g)" in result.text


def test_results_of_other_tasks() -> None:
    extract, load = (
        task("extract", variable="rows", multiple_outputs=True),
        task("load", op_kwargs={"rows": TaskOutput("extract"), "n": TaskOutput("extract", "n-1")}),
    )
    result = Lowered("def f(): return {'n': 1}\ndef g(rows, n): pass\n", extract, load)
    assert result.one(extract, "f").assign == "rows"
    select, call = result.step(load, "g")  # type: ignore[misc]
    assert select == StepCall(
        function="runtime.steps.select_output",
        step_id=Expr(".rows_n_1"),
        task_id="load",
        args=(Expr("rows", frozenset({"rows"})),),
        kwargs={"key": Expr("'n-1'")},
        assign="rows_n_1",
    )
    assert call.kwargs == {
        "rows": Expr("rows", frozenset({"rows"})),
        "n": Expr("rows_n_1", frozenset({"rows_n_1"})),
    }
    assert call.assign is None
    assert 'step(extra={"multiple_outputs": True})' in result.text


def test_a_key_of_a_task_without_multiple_outputs_is_pulled() -> None:
    extract, load = task("extract"), task("load", op_kwargs={"n": TaskOutput("extract", "n")})
    result = Lowered("def f(): return {'n': 1}\ndef g(n): pass\n", extract, load)
    select, _ = result.step(load, "g")  # type: ignore[misc]
    assert select.function == "runtime.steps.pull_output"
    assert select.args == (Expr("'extract'"),)
    assert select.kwargs == {"key": Expr("'n'")}


def test_lists_of_results_go_over_others_are_put_together_in_the_step() -> None:
    both = [TaskOutput("a"), TaskOutput("b")]
    tasks = [
        task("a"),
        task("b"),
        task("c", op_args=[both]),
        task("d", op_args=[{"x": both, "y": 1}]),
    ]
    result = Lowered("def f(x=None): return 1\n", *tasks)
    assert result.one(tasks[2]).kwargs["x"].code == "[a_output, b_output]"
    call = result.one(tasks[3])
    assert {name: value.code for name, value in call.kwargs.items()} == {
        "x_1": "a_output",
        "x_2": "b_output",
    }
    assert "op_kwargs={'x': {'x': [verbatim(x_1), verbatim(x_2)], 'y': 1}}" in result.text


def test_a_result_that_is_taken_is_kept_even_if_it_is_none() -> None:
    first, second = task("a"), task("b", op_args=[TaskOutput("a")])
    result = Lowered("def f() -> None: pass\ndef g(x): pass\n", first, second)
    assert result.one(first).function == "f"
    assert "@step\ndef f() -> Any: pass" in result.text


@pytest.mark.parametrize(
    ("annotation", "returned", "kept"),
    [
        ("dict", "return {'a': 1}", "dict"),
        ("list[int]", "return [1, 2]", "list[int]"),
        ("list[int]", "return ['a']", None),
        ("list[int]", "return list(range(3))", None),
        ("list", "return list(range(3))", "list"),
        ("pd.DataFrame", "return load()", "pd.DataFrame"),
        ("Any", "return load()", "Any"),
        ("dict", "return load()", None),
    ],
)
def test_annotations_of_results(annotation: str, returned: str, kept: str | None) -> None:
    producer = f"def f():\n    {returned}\n"
    imports = "import pandas as pd\nfrom typing import Any\nfrom x import load\n"
    source = f"{imports}{producer}def g(x: {annotation}): pass\n"
    own = module(source)
    tasks = [task("a", function=function(own, "f")), task("b", op_args=[TaskOutput("a")])]
    result = Lowered(source, *tasks)
    result.one(tasks[1], "g")
    assert f"def g({f'x: {kept}' if kept else 'x'}): pass" in result.text


def test_partials() -> None:
    own = module("def f(a, b, c): pass\n")
    partial = PartialRef(PartialRef(function(own, "f"), (1,), {"c": 3}), (), {"c": 4})
    one = task(python_callable=partial, op_args=[2])
    result = Lowered("def f(a, b, c): pass\n", one)
    result.to = PlainLowering(dag(one), dag_file(own))
    call = result.one(one)
    assert {name: value.code for name, value in call.kwargs.items()} == {
        "a": "1",
        "b": "2",
        "c": "4",
    }


def test_lambdas_become_functions_with_the_tasks_name() -> None:
    own = module("h = lambda x: x + 1\n")
    one = task("group.add", python_callable=function(own, "<lambda>"), op_args=[2])
    result = Lowered("", one)
    result.to = PlainLowering(dag(one), dag_file(own))
    assert result.one(one).function == "group_add_step"
    assert "def group_add(x):\n    return x + 1" in result.text


def test_functions_from_outside() -> None:
    one, two = task("a", python_callable=Ref("company.jobs.run")), task(
        "b", python_callable=Ref("builtins.print")
    )
    result = Lowered("", one, two)
    assert result.one(one).function == "run_step"
    assert result.one(two).function == "print_step"
    steps = result.to.callables.build()
    assert steps is not None
    assert Import("company.jobs", "run") in steps.imports


def test_a_method_of_a_class_from_outside() -> None:
    one = task(python_callable=Ref("company.jobs.Job.run"))
    result = Lowered("", one)
    assert result.one(one).function == "run_step"
    assert "call_python(Job.run)" in result.text


@pytest.mark.parametrize(("task_id", "name"), [("class", "function"), ("1", "function")])
def test_task_ids_that_are_no_names(task_id: str, name: str) -> None:
    own = module("h = lambda: 1\n")
    one = task(task_id, python_callable=function(own, "<lambda>"))
    result = Lowered("", one)
    result.to = PlainLowering(dag(one), dag_file(own))
    assert result.one(one).function == f"{name}_step"


def test_a_call_that_fails_leaves_nothing_behind() -> None:
    bad = datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    one, two = task("a", op_kwargs={"x": {"y": bad}}), task("b", op_kwargs={"x": 1})
    result = Lowered("def f(x): pass\n", one, two)
    with pytest.raises(UntranslatableError):
        result.step(one)
    assert result.one(two).function == "f"
    assert "def f(x)" in result.text


def test_variables_connections_skips_and_failures_are_told() -> None:
    source = """
from airflow.exceptions import AirflowFailException, AirflowSkipException
from airflow.hooks.base import BaseHook
from airflow.models import Variable

def f():
    if Variable.get("bucket", default_var="raw") and Variable.get("token"):
        raise AirflowSkipException("nothing to do")
    BaseHook.get_connection("crm")
    raise AirflowFailException("broken")
"""
    one = task(retries=2)
    result = Lowered(source, one)
    result.one(one)
    assert [(f.code, f.span.line) for f in result.to.findings] == [("D2Z307", 8), ("D2Z208", 10)]
    config = result.to.settings.content().config
    assert config["variables"] == {"bucket": "raw", "token": "${VARIABLE_TOKEN}"}
    assert config["connections"]["crm"]["type"] == "generic"


def test_a_failure_for_good_matters_only_with_retries() -> None:
    source = (
        "from airflow.exceptions import AirflowFailException\n"
        "def f(): raise AirflowFailException('x')\n"
    )
    one = task()
    result = Lowered(source, one)
    result.one(one)
    assert result.to.findings == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param({"op_args": [1, 2]}, "D2Z303", id="too many"),
        pytest.param({"op_args": "text"}, "D2Z303", id="no list"),
        pytest.param({"op_kwargs": [1]}, "D2Z303", id="no dict"),
        pytest.param({"op_kwargs": {1: 2}}, "D2Z303", id="names that are no text"),
        pytest.param({"op_kwargs": {"a": Symbolic("X", "unknown")}}, "D2Z216", id="not known"),
        pytest.param({"op_kwargs": {"a": [Ref("x.Y")]}}, "D2Z216", id="not data"),
        pytest.param({"python_callable": Symbolic("F", "unknown")}, "D2Z303", id="no callable"),
        pytest.param({"python_callable": Ref("airflow.operators.x")}, "D2Z304", id="Airflow's"),
        pytest.param(
            {"op_kwargs": {"a": datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=1)))}},
            "D2Z303",
            id="no literal",
        ),
    ],
)
def test_what_cannot_be_called(arguments: dict[str, Any], code: str) -> None:
    one = task(**arguments)
    result = Lowered("def f(a): pass\n", one)
    with pytest.raises(UntranslatableError) as error:
        result.step(one)
    assert (error.value.finding.code, error.value.finding.task_id) == (code, "load")
    assert result.text == ""


def test_constants_in_one_block() -> None:
    source = "A = 1\n\n\nB = 2  # b\n\n\ndef f(): return A, B\n"
    assert lowered(source)[1] == "A = 1\nB = 2  # b\n\n@step\ndef f(): return A, B"


@pytest.mark.parametrize(
    ("body", "only_none", "type_name"),
    [
        ("pass", True, None),
        ("return", True, None),
        ("return None", True, None),
        ("return 1", False, "int"),
        ("return f'{x}'", False, "str"),
        ("return ', '.join(x)", False, "str"),
        ("return 'a' if x else 'b'", False, "str"),
        ("return 'a' if x else 1", False, None),
        ("return 1, 2", False, "tuple"),
        ("if x:\n        return {}", False, None),
        ("if x:\n        return {}\n    else:\n        raise ValueError", False, "dict"),
        ("if x:\n        return {}\n    return None", False, None),
        ("with x:\n        return [1]", False, "list"),
        ("try:\n        return [1]\n    except ValueError:\n        raise", False, "list"),
        (
            "try:\n        x()\n    except ValueError:\n        return []\n"
            "    else:\n        return []",
            False,
            "list",
        ),
        ("try:\n        return []\n    except ValueError:\n        pass", False, None),
        ("r = {}\n    return r", False, "dict"),
        ("r = {}\n    r = []\n    return r", False, None),
        ("for r in x:\n        r = {}\n    return r", False, None),
        ("r = r\n    return r", False, None),
        ("def g():\n        return 1\n    return g()", False, None),
        ("return json.dumps(x)", False, "str"),
        ("while x:\n        return 1", False, None),
    ],
)
def test_what_a_function_returns(body: str, only_none: bool, type_name: str | None) -> None:
    returns = Returns(f"def f(x):\n    {body}\n")
    assert (returns.only_none, returns.type_name) == (only_none, type_name)


@pytest.mark.parametrize(
    ("annotation", "body", "holds"),
    [
        ("None", "pass", True),
        ("None", "return 1", False),
        ("Any", "return 1", True),
        ("int", "return 1", True),
        ("float", "return 1", False),
        ("Dict[str, int]", "return {}", True),
        ("tuple[int, int]", "return 1, 2", False),
        ("pd.DataFrame", "return x", True),
        ("pd.DataFrame", "if x: return x", False),
        ("Optional[dict]", "return {}", False),
        ("MyType", "return x", False),
    ],
)
def test_return_annotations_that_hold(annotation: str, body: str, holds: bool) -> None:
    assert return_annotation_holds(annotation, Returns(f"def f(x):\n    {body}\n")) is holds


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        ("int", 1, True),
        ("int", True, False),
        ("float", 1, False),
        ("str | None", None, True),
        ("Optional[int]", 1, True),
        ("Union[int, str]", "x", True),
        ("typing.List[int]", [1, "x"], False),
        ("dict[str, list[int]]", {"a": [1]}, True),
        ("Dict", {}, True),
        ("set[int]", {1}, False),
        ("'int'", 1, False),
        ("not valid", 1, False),
        ("Callable[[int], int]", 1, False),
    ],
)
def test_values_that_fit_an_annotation(annotation: str, value: Any, expected: bool) -> None:
    assert fits(annotation, value) is expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5, "1.5"),
        (float("inf"), 'float("inf")'),
        ((1,), "(1,)"),
        ((1, 2), "(1, 2)"),
        ({"a": [None, True]}, "{'a': [None, True]}"),
        ({2, 1}, "{1, 2}"),
        (set(), "set()"),
        (frozenset({1}), "frozenset({1})"),
        (timedelta(minutes=5), "dt.timedelta(seconds=300)"),
        (datetime(2024, 1, 1), "dt.datetime(2024, 1, 1, 0, 0)"),
        (datetime(2024, 1, 1).date(), "dt.date(2024, 1, 1)"),
        (datetime(2024, 1, 1).time(), "dt.time(0, 0)"),
        (
            datetime(2024, 1, 1, tzinfo=timezone.utc),
            "dt.datetime(2024, 1, 1, 0, 0, tzinfo=dt.timezone.utc)",
        ),
        (
            datetime(2024, 1, 1, tzinfo=ZoneInfo("Europe/Brussels")),
            "dt.datetime(2024, 1, 1, 0, 0, tzinfo=ZoneInfo('Europe/Brussels'))",
        ),
    ],
)
def test_literals(value: Any, text: str) -> None:
    import datetime as dt

    assert literal(value)[0] == text
    assert eval(text, {"dt": dt, "ZoneInfo": ZoneInfo}) == value


def test_what_is_no_literal() -> None:
    with pytest.raises(NotALiteralError):
        literal(object())


def test_variables_for_results() -> None:
    use = {"op_args": [TaskOutput("a"), TaskOutput("b"), TaskOutput("g.c"), TaskOutput("d")]}
    tasks = (
        task("a", variable="rows"),
        task("b", variable="run"),
        task("g.c", variable="t"),
        task("d", variable="t"),
        task("e", variable="d_output", **use),
    )
    assert output_variables(dag(*tasks)) == {
        "a": "rows",
        "b": "b_output",
        "g.c": "g_c_output",
        "d": "d_output_",
    }


def test_a_variable_of_a_loop_serves_its_own_turn() -> None:
    def turn(index: int) -> tuple[LoopStep, ...]:
        return (LoopStep(None, 1, index, 2, task().scope, {}),)  # type: ignore[arg-type]

    tasks = [
        replace(one, loops=turn(index))
        for index in (0, 1)
        for one in (
            task(f"a{index}", variable="t"),
            task(f"b{index}", op_args=[TaskOutput(f"a{index}")]),
        )
    ]
    assert output_variables(dag(*tasks)) == {"a0": "t", "a1": "t"}
    after = task("end", op_args=[TaskOutput("a0")])
    assert output_variables(dag(*tasks, after)) == {"a0": "a0_output", "a1": "t"}


def test_templates_name_variables_and_connections() -> None:
    from transpiler.lower.lookups import note_in_argument
    from transpiler.model.values import Call

    to = PlainLowering()
    text = "{{ var.value.bucket }} {% if var.json.get('flags', {}) %}{{ conn.get('crm').host }}"
    note_in_argument(
        argument("x", [text + "{% endif %}", {"k": "{{ conn.dwh.host }}"}]), to.settings
    )
    get = Call("airflow.models.Variable.get", ("limit",), {}, 'Variable.get("limit")', span())
    note_in_argument(argument("y", get), to.settings)
    note_in_argument(argument("z", "var.value.plain_text"), to.settings)
    config = to.settings.content().config
    assert set(config["variables"]) == {"bucket", "flags", "limit"}
    assert config["variables"]["flags"] == {}
    assert set(config["connections"]) == {"crm", "dwh"}
