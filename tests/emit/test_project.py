"""Emitted projects of hand-made models."""

from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.emit import factory
from transpiler.emit.errors import EmitError
from transpiler.emit.project import emit_pipeline
from transpiler.model.pipeline import (
    Assignment,
    Comment,
    Expr,
    ForLoop,
    Import,
    ScheduleModel,
    StepCall,
    StepsModule,
)

MODELS = {
    "chain": factory.chain(),
    "fan_out": factory.fan_out(),
    "task_flow": factory.task_flow(),
    "with_parts": factory.with_parts(),
    "not_translated": factory.not_translated(),
    "scheduled": factory.scheduled(),
}
PIPELINE = "pipelines/orders.py"


def pipeline_of(**changes: Any) -> str:
    """The emitted pipeline module of a model with the changes."""
    return emit_pipeline(factory.pipeline_model(**changes))[PIPELINE]


def body_of(source: str, function: str = "orders") -> str:
    """The lines between the pipeline function's head and the entry point."""
    body = source.split(f"def {function}(run: RunContext) -> None:\n")[1]
    return body.split("\n\n\nif __name__")[0]


def test_the_files_of_a_dag() -> None:
    model = dataclasses.replace(
        factory.task_flow(), sql_files={"orders/load.sql": "select '{{ ds }}';\n"}
    )
    files = emit_pipeline(model)
    assert sorted(files) == [
        "configs/orders.yaml",
        "pipelines/__init__.py",
        PIPELINE,
        "sql/orders/load.sql",
        "steps/__init__.py",
        "steps/orders.py",
        "tests/__init__.py",
        "tests/test_orders.py",
    ]
    assert files["sql/orders/load.sql"] == "select '{{ ds }}';\n"


def test_a_dag_without_tasks_has_no_files() -> None:
    assert emit_pipeline(factory.pipeline_model(body=(), tasks=())) == {}


def test_the_whole_pipeline_module() -> None:
    assert emit_pipeline(factory.chain())[PIPELINE] == (
        "# Made from dags/orders.py\n"
        '"""Orders of the day.\n'
        "\n"
        "Owned by the sales team.\n"
        '"""\n'
        "\n"
        "from __future__ import annotations\n"
        "\n"
        "from zenml import pipeline\n"
        "from zenml.config.retry_config import StepRetryConfig\n"
        "\n"
        "from runtime import launch\n"
        "from runtime.context import RunContext\n"
        "from runtime.schedule import DagSchedule\n"
        "from runtime.steps import run_bash\n"
        "\n"
        "# The shop's own name.\n"
        'SHOP = "be"\n'
        "\n"
        'SCHEDULE = DagSchedule(cron="0 2 * * *", start_date="2024-01-01T00:00:00+00:00")\n'
        "\n"
        "\n"
        "@pipeline(\n"
        '    name="orders",\n'
        "    enable_cache=False,\n"
        "    retry=StepRetryConfig(max_retries=2, delay=60, backoff=1),\n"
        "    tags=[SHOP],\n"
        ")\n"
        "def orders(run: RunContext) -> None:\n"
        "    # Night shift.\n"
        "    # All of yesterday.\n"
        '    run_bash("echo extract", id="extract")\n'
        '    run_bash("echo load", id="load", after=["extract"])  # slow\n'
        '    run_bash.with_options(group="mail")("echo mail.report", id="mail.report", '
        'after=["load"])\n'
        "\n"
        "\n"
        'if __name__ == "__main__":\n'
        "    launch.main(orders, SCHEDULE)\n"
    )


def test_a_loop_stays_a_loop() -> None:
    source = emit_pipeline(factory.fan_out())[PIPELINE]
    assert "TENURES = [6, 12, 24]  # months since acquisition\n" in source
    assert body_of(source) == (
        '    run_bash("echo features", id="features")\n'
        "\n"
        "    # One model per tenure.\n"
        "    for tenure in TENURES:\n"
        '        run_bash(f"echo {tenure}", id=f"predict_{tenure}m", after=["features"])\n'
        '    run_bash("echo publish", id="publish", '
        'after=[f"predict_{tenure}m" for tenure in TENURES])'
    )


def test_a_task_variable_with_the_name_of_its_function() -> None:
    files = emit_pipeline(factory.task_flow())
    assert "from steps.orders import extract as extract_step\n" in files[PIPELINE]
    assert body_of(files[PIPELINE]) == (
        '    extract = extract_step(id="extract")\n    total(orders=extract, id="total")'
    )
    assert files["steps/orders.py"] == (
        "# Made from dags/orders.py\n"
        '"""Steps of orders."""\n'
        "\n"
        "from __future__ import annotations\n"
        "\n"
        "import json\n"
        "\n"
        "from zenml import step\n"
        "\n"
        "\n"
        "@step(enable_cache=False)\n"
        "def extract() -> list:\n"
        "    # Two orders are enough.\n"
        '    return json.loads("[1, 2]")\n'
        "\n"
        "\n"
        "@step(enable_cache=False)\n"
        "def total(orders: list) -> int:\n"
        "    return sum(orders)\n"
    )


def test_the_original_call_of_a_step_that_is_not_translated_is_a_comment() -> None:
    assert body_of(emit_pipeline(factory.not_translated())[PIPELINE]) == (
        "    # LegacyOperator(\n"
        '    #     task_id="legacy",\n'
        "    # )\n"
        "    not_translated(\n"
        '        "D2Z301",\n'
        '        "no rule for acme.operators.LegacyOperator",\n'
        '        source="dags/orders.py:12:5",\n'
        '        id="legacy",\n'
        "    )"
    )


def test_the_graph_test_knows_tasks_of_several_steps() -> None:
    source = emit_pipeline(factory.with_parts())["tests/test_orders.py"]
    names: dict[str, Any] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            names[statement.targets[0].id] = ast.unparse(statement.value)
    assert names["PARTS"] == "{'score.read': 'score'}"
    assert names["UPSTREAM"] == "{'extract': set(), 'score': {'extract'}, 'publish': {'score'}}"


@pytest.mark.parametrize("name", MODELS)
def test_emitted_code_is_clean(name: str, tmp_path: Path) -> None:
    for path, text in emit_pipeline(MODELS[name]).items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    ruff = Path(sys.executable).with_name("ruff")
    command = [ruff, "check", "--isolated", "--no-cache", "--output-format=concise"]
    rules = ["--select=E,F,I,W,UP", "--line-length=100", "--target-version=py310"]
    ours = "--config=lint.isort.known-first-party=['pipelines', 'runtime', 'steps']"
    done = subprocess.run(
        [*command, *rules, ours, "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_only_schedule_fields_that_differ() -> None:
    assert "SCHEDULE = DagSchedule()\n" in pipeline_of(schedule=ScheduleModel())
    schedule = ScheduleModel(every_seconds=60.0, timezone="Europe/Brussels", catchup=True)
    assert (
        'SCHEDULE = DagSchedule(every_seconds=60.0, timezone="Europe/Brussels", catchup=True)\n'
    ) in pipeline_of(schedule=schedule)


def test_assignments_comments_and_empty_loops() -> None:
    body = (
        Assignment("shops", Expr('["be",\n "nl"]'), ("# all shops",)),
        ForLoop("shop", Expr("shops", frozenset({"shops"})), (Comment("# nothing yet"),)),
        Comment("the end"),
    )
    assert body_of(pipeline_of(body=body)) == (
        "    # all shops\n"
        '    shops = ["be", "nl"]\n'
        "    for shop in shops:\n"
        "        # nothing yet\n"
        "        pass\n"
        "\n"
        "    # the end"
    )


def test_a_string_of_several_lines_is_not_indented() -> None:
    call = factory.bash("a", args=(Expr('"""one\ntwo\n  three"""'),))
    source = pipeline_of(body=(ForLoop("i", Expr("[1]"), (call,)),))
    assert '"""one\ntwo\n  three"""' in source


def test_constants_keep_their_blank_line() -> None:
    source = pipeline_of(constants=("A = 1\r\n", "\nB = A", "\ndef f():\n    return B\n"))
    assert "A = 1\n\nB = A\n\n\ndef f():\n    return B\n\n\nSCHEDULE" in source


def test_unused_imports_are_left_out_and_known_ones_put_in() -> None:
    source = pipeline_of(
        imports=(Import("datetime", "timedelta"), Import("json")),
        constants=("DAY = timedelta(days=1)",),
        decorator={"retry": Expr("StepRetryConfig(max_retries=1)", frozenset({"StepRetryConfig"}))},
    )
    assert "from datetime import timedelta\n" in source
    assert "from zenml.config.retry_config import StepRetryConfig\n" in source
    assert "import json" not in source


def test_an_import_that_the_model_has_already_is_there_once() -> None:
    source = pipeline_of(imports=(Import("runtime.steps", "run_bash"),))
    assert source.count("import run_bash") == 1


def test_all_ways_to_bind_a_name() -> None:
    constants = (
        "import acme.run_bash as a\nimport launch.tools",
        "try:\n    pass\nexcept ValueError as pipeline:\n    pass",
        "class RunContext:\n    def DagSchedule(self, SCHEDULE): ...",
    )
    source = pipeline_of(constants=constants)
    for import_ in ("launch", "pipeline", "RunContext", "DagSchedule"):
        assert f"import {import_} as " in source
    assert "from runtime.steps import run_bash\n" in source
    assert "DAG_SCHEDULE = " in source


def test_a_hook_of_the_steps_module_is_imported() -> None:
    steps = StepsModule((), ("LIMIT = 3", "def alert(exception: BaseException) -> None:\n    ..."))
    source = pipeline_of(
        steps_module=steps,
        decorator={"on_failure": Expr("alert", frozenset({"alert"}))},
    )
    assert "from steps.orders import alert\n" in source
    assert "LIMIT" not in source


def test_a_name_that_nothing_defines_is_refused() -> None:
    call = factory.bash("a", args=(Expr("TABLE", frozenset({"TABLE"})),))
    with pytest.raises(EmitError, match="nothing defines: TABLE"):
        pipeline_of(body=(call,))


@pytest.mark.parametrize(
    "changes",
    [
        {"body": (factory.bash("a", args=(Expr("1), exit(2"),)),)},
        {"body": (factory.bash("a", kwargs={"a b": Expr("1")}),)},
        {"body": (ForLoop("x in y:\n  pass\nfor z", Expr("[]"), ()),)},
        {"body": (ForLoop("x in y: pass #", Expr("[]"), ()),)},
        {"body": (Assignment("x = 1; y", Expr("2")),)},
        {"body": (ForLoop("x # in", Expr("[]"), ()),)},
        {"constants": ("x = (",)},
        {"identifier": "not an identifier"},
        {"steps_module": StepsModule((), ("def broken(:",))},
    ],
)
def test_models_that_are_not_python_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(EmitError):
        emit_pipeline(factory.pipeline_model(**changes))


@pytest.mark.parametrize(
    ("identifier", "function"),
    [
        ("orders", "orders"),
        ("run", "run_pipeline"),
        ("str", "str_pipeline"),
        ("SCHEDULE", "SCHEDULE_pipeline"),
        ("launch", "launch_pipeline"),
        ("run_bash", "run_bash_pipeline"),
        ("class_", "class_"),
        ("pipeline", "pipeline"),
    ],
)
def test_the_function_gives_way_to_names_that_the_module_needs(
    identifier: str, function: str
) -> None:
    files = emit_pipeline(factory.pipeline_model(identifier=identifier))
    source = files[f"pipelines/{identifier}.py"]
    assert f"def {function}(run: RunContext) -> None:" in source
    assert f"launch.main({function}, SCHEDULE)" in source


def test_imports_give_way_to_names_of_the_source() -> None:
    source = pipeline_of(
        constants=("SCHEDULE = 'nightly'", "launch = pipeline = run_bash = 1", "run_bash_step = 2"),
        body=(
            factory.bash("a", args=(Expr("SCHEDULE", frozenset({"SCHEDULE"})),)),
            factory.bash("b", args=(Expr("str(launch)", frozenset({"str", "launch"})),)),
            StepCall("str", factory.text("c"), "c"),
        ),
        steps_module=StepsModule((), ("def str(): ...",)),
        tasks=(factory.account("a"), factory.account("b"), factory.account("c")),
    )
    assert "from zenml import pipeline as zenml_pipeline\n" in source
    assert "from runtime import launch as runtime_launch\n" in source
    assert "from runtime.steps import run_bash as run_bash_step_2\n" in source
    assert "from steps.orders import str as str_step\n" in source
    assert 'DAG_SCHEDULE = DagSchedule(cron="0 2 * * *"' in source
    assert "runtime_launch.main(orders, DAG_SCHEDULE)\n" in source
    assert "@zenml_pipeline(" in source


pieces = st.one_of(
    st.sampled_from([*"\"'\\\n\r#{}%\t\0", '"""', "'''", "{{ ds }}", "{% raw %}", "{#", "*/"]),
    st.sampled_from(["\u202e", "\u2066", "\u200f", "\x1b", "\u2028", "\x85", "🚀", "\U000e0001"]),
    st.characters(exclude_categories=["Cs"]),
)
hostile = st.lists(pieces, max_size=12).map("".join)


@settings(max_examples=40, deadline=None)
@given(hostile, hostile, hostile)
def test_hostile_text_stays_text(text: str, comment: str, task_id: str) -> None:
    model = factory.pipeline_model(
        docstring=text,
        source_path=f"dags/{comment}.py",
        constants=(f"VALUE = {text!r}",),
        decorator={"name": factory.text(text), "tags": factory.text([text, comment])},
        body=(
            Comment(text),
            factory.bash(
                task_id,
                [comment],
                args=(factory.text(text),),
                comments=(comment,),
                trailing_comment=comment,
            ),
        ),
        tasks=(factory.account(task_id, [comment]),),
        config={"pipeline": text, "params": {text: comment}},
        config_comments={"pipeline": comment},
        dag_id=text,
    )
    files = emit_pipeline(model)
    assert call_literals(files[PIPELINE]) == [text, task_id, [comment]]
    assert yaml.safe_load(files["configs/orders.yaml"]) == model.config
    upstream = ast.parse(files["tests/test_orders.py"]).body[-3]
    assert isinstance(upstream, ast.Assign)
    assert ast.literal_eval(upstream.value) == {task_id: {comment}}
    for source in (files[PIPELINE], files["tests/test_orders.py"]):
        assert source.replace("\n", "").replace("\t", "").isprintable()


def call_literals(source: str) -> list[Any]:
    """Positional argument, id and upstream ids of the only step call."""
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(functions) == 1
    (statement,) = functions[0].body
    assert isinstance(statement, ast.Expr)
    call = statement.value
    assert isinstance(call, ast.Call)
    return [ast.literal_eval(node) for node in (*call.args, *(k.value for k in call.keywords))]
