"""Operators and sensors of a project, over the runtime's bases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from runtime.bash import call_bash
from runtime.callables import airflow_context, get_current_context, verbatim
from runtime.exceptions import SkipTask, TaskTimeoutError, WaitTimeoutError
from runtime.notifiers import BaseNotifier
from runtime.operator_classes import BashOperator, PythonOperator
from runtime.operators import (
    BaseBranchOperator,
    BaseOperator,
    BaseSensorOperator,
    apply_defaults,
    poke_mode_only,
    run_operator,
)
from runtime.polling import PokeReturnValue
from runtime.timeouts import time_limit

InStep = Callable[[Callable[[], Any]], Any]


class Show(BaseOperator):
    """Gives what it was made with."""

    template_fields = ("text", "items")

    @apply_defaults
    def __init__(self, text: Any = None, items: Any = None, raw: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.text, self.items, self.raw = text, items, raw

    def execute(self, context: Any) -> Any:
        return [self.text, self.items, self.raw]


class About(BaseOperator):
    """Gives what it knows of itself."""

    def execute(self, context: Any) -> Any:
        same = context["task"] is self and get_current_context()["task"] is self
        known = [self.task_id, self.dag_id, self.dag.dag_id, self.task_type]
        rendered = self.render_template({"day": "{{ ds }}"}, context)
        assert self.render_template("{{ x }}", {"x": 1}) == "1"
        return [*known, same, rendered, self.queue, self.params["market"]]  # type: ignore[attr-defined]


def test_template_fields_are_rendered_and_nothing_else(in_step: InStep) -> None:
    made = in_step(
        lambda: run_operator(Show, text="{{ ds }}", items=["{{ ds_nodash }}", 1], raw="{{ ds }}")
    )
    assert made == ["2024-01-02", ["20240102", 1], "{{ ds }}"]


def test_what_another_task_gave_is_not_rendered(in_step: InStep) -> None:
    made = in_step(
        lambda: run_operator(
            Show,
            text=verbatim("{{ x }}"),
            items={"of": verbatim("{{ y }}"), "own": ("{{ ds }}", verbatim(["{{ z }}"]))},
            raw=verbatim("{{ ds }}"),
        )
    )
    assert made == [
        "{{ x }}",
        {"of": "{{ y }}", "own": ("2024-01-02", ["{{ z }}"])},
        "{{ ds }}",
    ]


def test_one_template_field_may_be_a_text(in_step: InStep) -> None:
    class One(Show):
        template_fields = "text"  # type: ignore[assignment]

    assert in_step(lambda: run_operator(One, text="{{ ds }}"))[0] == "2024-01-02"


def test_a_template_field_that_is_no_attribute(in_step: InStep) -> None:
    class Wrong(Show):
        template_fields = ("nothing",)  # type: ignore[assignment]

    with pytest.raises(AttributeError, match="'nothing' is configured as a template field"):
        in_step(lambda: run_operator(Wrong))


def test_an_operator_knows_its_task(in_step: InStep) -> None:
    made = in_step(lambda: run_operator(About, queue="big", params={"market": "NL"}))
    assert made == [
        "probe-task", "probe-dag", "probe-dag", "About", True, {"day": "2024-01-02"}, "big", "NL",
    ]  # fmt: skip


def test_hooks_around_execute(in_step: InStep) -> None:
    seen: list[Any] = []

    class Hooked(BaseOperator):
        def pre_execute(self, context: Any) -> None:
            seen.append("before")

        def execute(self, context: Any) -> Any:
            raise SystemExit(0)

        def post_execute(self, context: Any, result: Any = None) -> None:
            seen.append(["after", result])

    assert in_step(lambda: run_operator(Hooked)) is None
    assert seen == ["before", ["after", None]]


class Stopped(BaseOperator):
    """Notes that it was told to stop."""

    killed = 0

    def execute(self, context: Any) -> Any:
        raise self.error  # type: ignore[attr-defined]

    def on_kill(self) -> None:
        type(self).killed += 1


@pytest.mark.parametrize(
    ("error", "times"), [(TaskTimeoutError("late"), 1), (KeyboardInterrupt(), 1), (ValueError(), 0)]
)
def test_on_kill(error: BaseException, times: int, in_step: InStep) -> None:
    Stopped.killed = 0
    with pytest.raises(type(error)):
        in_step(lambda: run_operator(Stopped, error=error))
    assert Stopped.killed == times


def test_on_kill_after_a_limit_around_the_step(in_step: InStep) -> None:
    class Slow(Stopped):
        def execute(self, context: Any) -> Any:
            while True:
                pass

    def limited() -> Any:
        with time_limit(0.05):
            return run_operator(Slow)

    Slow.killed = 0
    with pytest.raises(TaskTimeoutError):
        in_step(limited)
    assert Slow.killed == 1


def test_xcoms_by_the_old_methods(in_step: InStep) -> None:
    pushed: list[Any] = []

    class Instance:
        def xcom_push(self, **given: Any) -> None:
            pushed.append(given)

        def xcom_pull(self, **given: Any) -> Any:
            return given["task_ids"]

    context = {"ti": Instance()}
    BaseOperator.xcom_push(context, "a", 1)
    assert pushed == [{"key": "a", "value": 1}]
    assert BaseOperator.xcom_pull(context, "t") == "t"


@poke_mode_only
class Count(BaseSensorOperator):
    """Is satisfied at a number of looks."""

    looks = 0

    def __init__(self, until: int, **kwargs: Any) -> None:
        super().__init__(poke_interval=0, **kwargs)
        self.until = until

    def poke(self, context: Any) -> Any:
        self.looks += 1
        return self.looks >= self.until and PokeReturnValue(True, self.looks)


def test_a_sensor_looks_until_it_is_so(in_step: InStep) -> None:
    assert in_step(lambda: run_operator(Count, until=3, timeout=timedelta(hours=1))) == 3


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"timeout": 0}, WaitTimeoutError),
        ({"timeout": 0, "soft_fail": True}, SkipTask),
        ({"execution_timeout": timedelta(seconds=0.1)}, TaskTimeoutError),
    ],
)
def test_a_sensor_in_vain(given: dict[str, Any], error: type[Exception], in_step: InStep) -> None:
    with pytest.raises(error):
        in_step(lambda: run_operator(Count, until=10**9, **given))


def test_a_sensor_that_is_rescheduled_has_the_limit_for_each_look(in_step: InStep) -> None:
    limit = timedelta(seconds=60)
    given = {"mode": "reschedule", "execution_timeout": limit, "max_wait": 1}
    assert in_step(lambda: run_operator(Count, until=2, **given)) == 2


def test_a_branch_gives_what_it_chose(in_step: InStep) -> None:
    class Choose(BaseBranchOperator):
        def choose_branch(self, context: Any) -> Any:
            return [context["ds"]]

    assert in_step(lambda: run_operator(Choose)) == ["2024-01-02"]


@pytest.mark.parametrize(
    ("base", "method"),
    [
        (BaseOperator, "execute"),
        (BaseSensorOperator, "poke"),
        (BaseBranchOperator, "choose_branch"),
    ],
)
def test_a_class_without_work(base: type[BaseOperator], method: str, in_step: InStep) -> None:
    with pytest.raises(NotImplementedError, match=f"no {method} method"):
        in_step(lambda: run_operator(base))


def test_a_command_of_a_class(in_step: InStep) -> None:
    class Stamped(BashOperator):
        def execute(self, context: Any) -> Any:
            self.env = {**(self.env or {}), "DAY": context["ds"]}
            return super().execute(context)

    made = in_step(
        lambda: run_operator(
            Stamped, bash_command="echo $DAY {{ ds_nodash }}", output_processor=str.split
        )
    )
    assert made == ["2024-01-02", "20240102"]
    with pytest.raises(SkipTask):
        in_step(lambda: run_operator(BashOperator, bash_command="exit 7", skip_exit_code=7))


def test_a_callable_of_a_class(in_step: InStep) -> None:
    def call(x: str, ds: str, y: int = 1) -> list[Any]:
        return [x, ds, y]

    given = {"op_args": ["{{ ds_nodash }}"], "op_kwargs": {"y": 2}}
    made = in_step(lambda: run_operator(PythonOperator, python_callable=call, **given))
    assert made == ["20240102", "2024-01-02", 2]
    generator = in_step(lambda: run_operator(PythonOperator, python_callable=lambda: iter([1])))
    assert list(generator) == [1]


def test_a_function_that_gives_a_command(in_step: InStep) -> None:
    def command(name: str) -> str:
        return f"echo {name} {{{{ ds }}}} $MORE"

    made = in_step(
        lambda: call_bash(command, op_kwargs={"name": "{{ ds_nodash }}"}, env={"MORE": "{{ ts }}"})
    )
    assert made == "20240102 2024-01-02 2024-01-02T02:00:00+00:00"
    with pytest.raises(TypeError, match="must be a non-empty string"):
        in_step(lambda: call_bash(lambda: " "))


class Note(BaseNotifier):
    """Keeps what it was told."""

    template_fields = ("message",)

    def __init__(self, message: str) -> None:
        self.message = message
        self.told: list[Any] = []

    def notify(self, context: Any) -> None:
        self.told.append([self.message, context["message"]])
        raise ValueError("not sent")


def test_a_notifier_of_the_project(in_step: InStep) -> None:
    note = Note("on {{ ds }}")
    in_step(lambda: note(airflow_context()))
    assert note.told == [["on 2024-01-02", "on {{ ds }}"]]
    with pytest.raises(NotImplementedError):
        BaseNotifier().notify({})
