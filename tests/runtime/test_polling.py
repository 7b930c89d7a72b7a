"""Waiting as Airflow's sensors wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from zenml import pipeline, step
from zenml.client import Client
from zenml.config.retry_config import StepRetryConfig

from runtime import launch
from runtime.context import RunContext
from runtime.exceptions import FailTask, SkipTask, TaskTimeoutError, WaitTimeoutError
from runtime.polling import PokeReturnValue, Polling, backoff_interval, poll, poll_python
from runtime.schedule import DagSchedule

InStep = Callable[[Callable[[], Any]], Any]
QUICK: dict[str, Any] = {"poke_interval_seconds": 0.05, "timeout_seconds": 0.2}


class Answers:
    """Gives one answer after the other; an exception is raised."""

    def __init__(self, *answers: Any) -> None:
        self.given = 0
        self._answers: Iterator[Any] = iter(answers)

    def __call__(self) -> Any:
        self.given += 1
        answer = next(self._answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer


def always(answer: Any) -> Callable[[], Any]:
    return Answers(*[answer] * 1000)


def test_looks_until_the_answer_is_true(in_step: InStep) -> None:
    look = Answers(False, None, 1)

    assert in_step(lambda: poll(look, poke_interval_seconds=0)) is None
    assert look.given == 3


def test_gives_the_value_of_the_last_answer(in_step: InStep) -> None:
    look = Answers(PokeReturnValue(False, "no"), PokeReturnValue(True, {"rows": 3}))

    assert in_step(lambda: poll(look, poke_interval_seconds=0)) == {"rows": 3}


def test_looks_at_least_once(in_step: InStep) -> None:
    assert in_step(lambda: poll(always(True), timeout_seconds=0)) is None


def test_a_timeout_fails_for_good(in_step: InStep) -> None:
    with pytest.raises(WaitTimeoutError, match="more than its timeout of 0.2 s") as caught:
        in_step(lambda: poll(always(False), **QUICK))
    assert isinstance(caught.value, FailTask)


def test_a_timeout_skips_with_soft_fail(in_step: InStep) -> None:
    with pytest.raises(SkipTask, match="in vain"):
        in_step(lambda: poll(always(False), soft_fail=True, **QUICK))


def test_never_fail_leaves_timeouts_alone(in_step: InStep) -> None:
    with pytest.raises(WaitTimeoutError):
        in_step(lambda: poll(always(False), polling=Polling(never_fail=True), **QUICK))


@pytest.mark.parametrize("error", [FailTask("x"), TaskTimeoutError("x"), WaitTimeoutError("x")])
def test_soft_fail_and_never_fail_skip_what_fails_for_good(
    error: Exception, in_step: InStep
) -> None:
    with pytest.raises(type(error)):
        in_step(lambda: poll(always(error), polling=Polling(silent_fail=True)))
    with pytest.raises(SkipTask):
        in_step(lambda: poll(always(error), soft_fail=True))
    with pytest.raises(SkipTask):
        in_step(lambda: poll(always(error), polling=Polling(never_fail=True)))


def test_other_errors(in_step: InStep) -> None:
    error = KeyError("x")
    with pytest.raises(KeyError):
        in_step(lambda: poll(always(error), soft_fail=True))
    with pytest.raises(SkipTask, match="KeyError: 'x'"):
        in_step(lambda: poll(always(error), polling=Polling(never_fail=True)))
    silent = Polling(silent_fail=True)
    assert (
        in_step(lambda: poll(Answers(error, True), poke_interval_seconds=0, polling=silent)) is None
    )


def test_a_skip_is_a_skip(in_step: InStep) -> None:
    with pytest.raises(SkipTask, match="as asked"):
        in_step(lambda: poll(always(SkipTask("as asked")), polling=Polling(silent_fail=True)))


def test_settings_that_exclude_each_other(in_step: InStep) -> None:
    with pytest.raises(ValueError, match="exclude each other"):
        in_step(lambda: poll(always(True), soft_fail=True, polling=Polling(never_fail=True)))
    with pytest.raises(ValueError, match="must not be negative"):
        in_step(lambda: poll(always(True), timeout_seconds=-1))


def test_execution_timeout_of_the_whole_wait(in_step: InStep) -> None:
    limit = Polling(execution_timeout_seconds=0.3)

    # Airflow skips only a look that is too long, not a wait.
    with pytest.raises(TaskTimeoutError):
        in_step(
            lambda: poll(always(False), poke_interval_seconds=60, soft_fail=True, polling=limit)
        )


def test_execution_timeout_of_one_look(in_step: InStep) -> None:
    limit = Polling(look_timeout_seconds=0.3)

    def slow() -> bool:
        time.sleep(60)
        return True

    with pytest.raises(TaskTimeoutError):
        in_step(lambda: poll(slow, polling=limit))
    with pytest.raises(SkipTask):
        in_step(lambda: poll(slow, soft_fail=True, polling=limit))
    quick, several = Answers(*[False] * 9, True), Polling(look_timeout_seconds=1.0)
    in_step(lambda: poll(quick, poke_interval_seconds=0.15, polling=several))
    assert quick.given == 10


def test_waits_grow(in_step: InStep) -> None:
    settings = Polling(exponential_backoff=True, max_wait_seconds=0.05)
    look = Answers(False, False, True)

    in_step(lambda: poll(look, poke_interval_seconds=30, polling=settings))

    assert look.given == 3


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_backoff_doubles_and_varies(count: int) -> None:
    shortest = max(int(10 * 2 ** (count - 2)), 1)

    waits = {
        backoff_interval(10, count=count, seed=f"d#t#{n}", remaining=1e9, max_wait=None)
        for n in range(50)
    }

    assert all(shortest <= wait < 2 * shortest for wait in waits)
    assert len(waits) > 1


def test_backoff_has_limits() -> None:
    def wait(**limits: Any) -> float:
        given = {"remaining": 1e9, "max_wait": None, **limits}
        return backoff_interval(10, count=900, seed="s", **given)

    assert wait(max_wait=60) == 60
    assert wait(remaining=5) == 5
    assert wait() == 1e9


def test_python_callables_get_the_context(in_step: InStep) -> None:
    asked: list[tuple[Any, ...]] = []

    def is_there(folder: str, ds: str, **context: Any) -> PokeReturnValue:
        asked.append((folder, ds, context["params"]["market"]))
        return PokeReturnValue(len(asked) > 1, "done")

    options: dict[str, Any] = {"op_kwargs": {"folder": "/in/{{ ds }}"}, "params": {"market": "NL"}}
    result = in_step(lambda: poll_python(is_there, poke_interval_seconds=0, **options))

    assert result == "done"
    assert asked == [("/in/2024-01-02", "2024-01-02", "NL")] * 2


looks: list[str] = []


@step(enable_cache=False)
def wait_in_vain() -> None:
    """Time out at once."""
    poll(lambda: looks.append("look"), poke_interval_seconds=0, timeout_seconds=0)


@step(enable_cache=False)
def wait_over_attempts() -> None:
    """Fail in the first look; the second attempt has no time left."""
    looks.append("look")
    error = ValueError("a look that fails")

    def look() -> bool:
        if len(looks) == 1:
            time.sleep(1)
            raise error
        return False

    poll(
        look,
        poke_interval_seconds=0,
        timeout_seconds=1,
        polling=Polling(timeout_spans_retries=True),
    )


RETRY = StepRetryConfig(max_retries=2, delay=0, backoff=1)


@pipeline(name="waits-in-vain", enable_cache=False)
def waits_in_vain(run: RunContext) -> None:
    """One step with retries."""
    wait_in_vain.with_options(retry=RETRY)()


@pipeline(name="waits-over-attempts", enable_cache=False)
def waits_over_attempts(run: RunContext) -> None:
    """One step with retries."""
    wait_over_attempts.with_options(retry=RETRY)()


@pytest.mark.parametrize("pipe", [waits_in_vain, waits_over_attempts], ids=["each", "all"])
def test_a_timeout_is_not_repeated_by_retries(pipe: Any, zenml_store: Path) -> None:
    looks.clear()
    day = datetime(2024, 1, 1, tzinfo=timezone.utc)

    report = launch.start(pipe, DagSchedule(), logical_date=day)

    assert report.state == "failed"
    attempts = Client().list_run_steps(
        pipeline_run_id=Client().get_pipeline_run(report.run_name).id, exclude_retried=False
    )
    assert len(attempts.items) == 3
    noted = [attempt.run_metadata.get("failed_for_good") for attempt in attempts.items]
    assert len([text for text in noted if text]) == 1
