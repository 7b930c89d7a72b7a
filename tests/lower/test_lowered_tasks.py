"""What becomes of a task as a whole: order, options, timeouts, and steps that raise."""

from __future__ import annotations

from pathlib import Path

from tests.lower.emitted_body import HEAD, WITH, body_of, model_of, module_of


def test_order_is_kept_by_ids(tmp_path: Path) -> None:
    body = body_of(
        tmp_path,
        """\
        a = BashOperator(task_id="a", bash_command="x")
        b = BashOperator(task_id="b", bash_command="x")
        c = BashOperator(task_id="c", bash_command="x")
        [a, b] >> c
        """,
    )
    assert 'run_bash("x", id="c", after=["a", "b"])' in body


def test_comments_stand_above_their_steps(tmp_path: Path) -> None:
    body = body_of(
        tmp_path,
        """\
        # first of all
        a = BashOperator(
            task_id="a",  # its name
            bash_command="x",
        )  # done
        """,
    )
    assert body == '# first of all\n# its name\nrun_bash("x", id="a")  # done'


def test_one_task_without_retries_leaves_them_to_the_steps(tmp_path: Path) -> None:
    tasks = """\
        BashOperator(task_id="a", bash_command="x", retries=2)
        BashOperator(task_id="b", bash_command="x", retries=2)
        BashOperator(task_id="c", bash_command="x")
        """
    module = module_of(tmp_path, HEAD + WITH + tasks.replace("        ", "    "))
    assert "RETRY = StepRetryConfig(max_retries=2, delay=300, backoff=1)\n" in module
    assert module.count(".with_options(retry=RETRY)") == 2
    assert 'run_bash("x", id="c")' in module


def test_retries_of_all_tasks_stand_on_the_pipeline(tmp_path: Path) -> None:
    tasks = '    BashOperator(task_id="a", bash_command="x", retries=2, retry_delay=timedelta(seconds=7))\n'
    module = module_of(tmp_path, HEAD + WITH + tasks)
    assert (
        "retry=StepRetryConfig(max_retries=2, delay=7, backoff=1)" in module.split("def probe")[0]
    )


def test_execution_timeout_reaches_the_step(tmp_path: Path) -> None:
    body = body_of(
        tmp_path,
        'BashOperator(task_id="a", bash_command="x", execution_timeout=timedelta(minutes=2))\n',
    )
    assert body == 'run_bash("x", timeout_seconds=120, id="a")'


def test_unknown_operator_raises_and_shows_the_original(tmp_path: Path) -> None:
    text = HEAD + "from vendor.operators import ThingOperator\n" + WITH
    model = model_of(tmp_path, text + '    ThingOperator(task_id="a", size=3)\n')
    (task,) = model.tasks
    assert (task.disposition, task.step) == ("manual", "not_translated")
    assert [f.code for f in model.findings if f.severity == "manual"] == ["D2Z301"]
    module = module_of(tmp_path, text + '    ThingOperator(task_id="a", size=3)\n')
    assert '# ThingOperator(task_id="a", size=3)' in module
    assert '"D2Z301"' in module


def test_trigger_rule_that_static_cannot_carry_raises(tmp_path: Path) -> None:
    tasks = """\
    a = BashOperator(task_id="a", bash_command="x")
    b = BashOperator(task_id="b", bash_command="x", trigger_rule="all_done")
    a >> b
"""
    model = model_of(tmp_path, HEAD + WITH + tasks, "static")
    assert {t.task_id: t.disposition for t in model.tasks} == {"a": "mapped", "b": "manual"}
    assert [f.code for f in model.findings if f.severity != "info"] == ["D2Z201", "D2Z220"]


def test_argument_that_no_rule_reads_is_reported_at_its_place(tmp_path: Path) -> None:
    model = model_of(
        tmp_path, HEAD + WITH + '    BashOperator(task_id="a", bash_command="x", surprise=1)\n'
    )
    (found,) = [f for f in model.findings if f.code == "D2Z302"]
    assert found.message.startswith("surprise")
    assert (found.span.line, found.task_id) == (6, "a")


def test_identifiers_are_python_names(tmp_path: Path) -> None:
    text = (
        HEAD
        + WITH.replace('"probe"', '"2024-Daily.report"')
        + '    BashOperator(task_id="a", bash_command="x")\n'
    )
    assert model_of(tmp_path, text).identifier == "dag_2024_daily_report"
