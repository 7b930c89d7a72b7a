"""The scheduler by itself: states of small graphs, without ZenML."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from runtime.dagrun import each
from runtime.dagrun.launcher import Outcome
from runtime.dagrun.limits import Limits
from runtime.dagrun.notes import Note
from runtime.dagrun.noting import Notebook
from runtime.dagrun.scheduler import Options, Scheduler
from runtime.dagrun.table import Instance
from runtime.exceptions import SkipTask
from tests.runtime.dagrun.memory import NOTHING, Memory, fail, give, nothing, run, skip


def chain(*steps: Any) -> Notebook:
    """Tasks `t0`, `t1`, ... that follow each other."""
    dag = Notebook()
    for number, step in enumerate(steps):
        dag.task(step, id=f"t{number}", after=[f"t{number - 1}"] if number else [])
    return dag


def test_success_goes_on() -> None:
    ran = run(chain(nothing, nothing))
    assert ran.states == {"t0": "success", "t1": "success"}
    assert (ran.run.state, ran.run.reason) == ("success", "success")
    assert ran.memory.after == {"t0": [], "t1": ["t0"]}


def test_failure_and_skip_spread() -> None:
    assert run(chain(fail, nothing, nothing)).states["t2"] == "upstream_failed"
    assert run(chain(skip, nothing, nothing)).states["t2"] == "skipped"


def test_a_run_without_failed_leaves_succeeds() -> None:
    dag = chain(fail)
    dag.task(nothing, id="cleanup", after=["t0"], trigger_rule="all_done")
    ran = run(dag)
    assert ran.run.state == "success"


def test_values_reach_other_tasks() -> None:
    dag = Notebook()
    value = dag.task(give({"n": 2, "none": None}), id="value")
    skipped = dag.task(skip, id="skipped")
    dag.task(
        lambda *args, **kwargs: (args, kwargs),
        value,
        [value["n"], {"deep": value["n"]}],
        id="taker",
        trigger_rule="all_done",
        key=value["n"],
        lost=skipped,
    )
    args, kwargs = run(dag).result("taker")
    assert args == ({"n": 2, "none": None}, [2, {"deep": 2}])
    assert kwargs == {"key": 2, "lost": None}


def test_a_key_that_was_never_pushed_fails_the_task() -> None:
    dag = Notebook()
    value = dag.task(give({"n": 2}), id="value")
    dag.task(nothing, value["other"], id="taker")
    ran = run(dag)
    assert ran.states["taker"] == "failed"
    assert "has pushed nothing under the key 'other'" in ran.memory.refused["taker"]


class Steps:
    """A graph whose tasks end when the test says so."""

    def __init__(self, dag: Notebook, **options: Any) -> None:
        """Start the graph in a thread of its own."""
        self.memory = Memory()
        self.scheduler = Scheduler(dag.graph(), self.memory, **options)
        self.thread = threading.Thread(target=self.scheduler.run, daemon=True)
        self.thread.start()

    def end(self, label: str, state: Any = "success") -> None:
        """End a task."""
        self.wait_for(label)
        self.memory.running[label](Outcome(state))

    def wait_for(self, label: str) -> None:
        """Wait until a task has started."""
        pause = threading.Event()
        while label not in self.memory.running:
            assert self.thread.is_alive()
            pause.wait(0.005)

    def finish(self) -> dict[str, str | None]:
        """Wait for the end of the run; gives the states."""
        self.thread.join(60)
        return dict(self.scheduler.table.labelled())


def test_one_success_starts_before_the_others_end() -> None:
    dag = Notebook()
    for id in ("slow", "quick"):
        dag.task(give(NOTHING), id=id)
    dag.task(nothing, id="first", after=["slow", "quick"], trigger_rule="one_success")
    steps = Steps(dag)
    steps.end("quick")
    steps.wait_for("first")
    assert steps.scheduler.table.state(Instance("slow")) == "running"
    steps.end("slow")
    assert steps.finish()["first"] == "success"


def test_a_skip_waits_for_what_runs_in_the_same_round() -> None:
    dag = Notebook()
    for id in ("skips", "fails"):
        dag.task(give(NOTHING), id=id)
    dag.task(nothing, id="both", after=["skips", "fails"])
    steps = Steps(dag)
    steps.wait_for("fails")
    steps.end("skips", "skipped")
    steps.end("fails", "failed")
    assert steps.finish()["both"] == "upstream_failed"


def test_it_does_not_wait_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.dagrun.patience.PATIENCE_SECONDS", 0.05)
    dag = Notebook()
    for id in ("skips", "fails"):
        dag.task(give(NOTHING), id=id)
    dag.task(nothing, id="both", after=["skips", "fails"])
    dag.task(nothing, id="after", after=["both"], trigger_rule="all_done")
    steps = Steps(dag)
    steps.wait_for("fails")
    steps.end("skips", "skipped")
    steps.wait_for("after")
    steps.end("fails", "failed")
    assert steps.finish()["both"] == "skipped"


def test_a_branch_skips_what_runs_already() -> None:
    dag = Notebook()
    dag.branch(give(NOTHING), id="choose")
    dag.task(nothing, id="other")
    dag.task(give(NOTHING), id="early", after=["choose", "other"], trigger_rule="one_success")
    steps = Steps(dag)
    steps.wait_for("early")
    steps.memory.results[Instance("choose")] = []
    steps.end("choose")
    assert steps.finish()["early"] == "skipped"
    assert steps.memory.stopped == ["early"]


def test_fail_fast_stops_all_but_teardowns() -> None:
    dag = Notebook()
    dag.task(give(NOTHING), id="runs")
    dag.task(give(NOTHING), id="fails")
    dag.task(nothing, id="waits", after=["runs"])
    dag.task(nothing, id="teardown", after=["fails"], teardown=True)
    steps = Steps(dag, options=Options(fail_fast=True))
    steps.wait_for("runs")
    steps.end("fails", "failed")
    states = steps.finish()
    assert states == {
        "runs": "failed",
        "fails": "failed",
        "waits": "skipped",
        "teardown": "success",
    }
    assert steps.memory.stopped == ["runs"]


def test_a_run_past_its_timeout_skips_what_is_left() -> None:
    dag = Notebook()
    dag.task(give(NOTHING), id="hangs")
    dag.task(nothing, id="waits", after=["hangs"])
    ran = run(dag, options=Options(timeout_seconds=0.05))
    assert ran.states == {"hangs": "skipped", "waits": "skipped"}
    assert ran.memory.stopped == ["hangs"]
    assert (ran.run.state, ran.run.reason) == ("failed", "timed_out")


def test_an_abort_fails_what_runs() -> None:
    dag = Notebook()
    dag.task(give(NOTHING), id="hangs")
    dag.task(nothing, id="waits", after=["hangs"])
    steps = Steps(dag)
    steps.wait_for("hangs")
    assert [one.label for one in steps.scheduler.abort()] == ["hangs"]
    assert steps.scheduler.table.labelled() == {"hangs": "failed", "waits": None}
    steps.end("hangs")
    steps.finish()


@pytest.mark.parametrize(
    ("limits", "options"),
    [
        pytest.param(Limits(max_active_tasks=2), {}, id="active tasks"),
        pytest.param(Limits(pools={"db": 2}), {"pool": "db"}, id="pool"),
        pytest.param(Limits(pools={"db": 5}), {"pool": "db", "pool_slots": 2}, id="slots"),
        pytest.param(Limits(), {"max_active_tis_per_dagrun": 2}, id="instances"),
    ],
)
def test_limits(limits: Limits, options: dict[str, Any]) -> None:
    dag = Notebook()
    dag.map(give(NOTHING), n=each([1, 2, 3]), id="t", **options)
    steps = Steps(dag, limits=limits)
    steps.wait_for("t[1]")
    assert steps.memory.started == ["t[0]", "t[1]"]
    for index in range(3):
        steps.end(f"t[{index}]")
    assert set(steps.finish().values()) == {"success"}


def test_a_pool_that_is_not_named_has_one_slot() -> None:
    limits, note = Limits(), Note(id="t", step=None)
    assert limits.admits(note)
    pooled = Notebook()
    pooled.task(nothing, id="t", pool="db", pool_slots=3)
    noted = pooled.graph().notes["t"]
    limits.start(noted)
    assert not limits.admits(noted)
    limits.end(noted)
    assert limits.admits(noted)


@pytest.mark.parametrize(
    ("answers", "state", "reason"),
    [([True], "success", "success"), ([False], None, "all_tasks_deadlocked")],
)
def test_the_past_holds_back(answers: list[bool], state: str | None, reason: str) -> None:
    dag = Notebook()
    dag.task(nothing, id="t", depends_on_past=True)
    dag.task(nothing, id="free")
    ran = run(dag, past=lambda note: answers[0])
    assert ran.states == {"t": state, "free": "success"}
    assert ran.run.reason == reason


def test_a_past_that_still_goes_on_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.dagrun.scheduler._PAST_INTERVAL_SECONDS", 0.01)
    answers = iter([None, None, None, None, True, True, True])
    dag = Notebook()
    dag.task(nothing, id="t", wait_for_downstream=True)
    assert run(dag, past=lambda note: next(answers)).states == {"t": "success"}


def test_parts_of_a_task_fail_as_one() -> None:
    dag = Notebook()
    dag.task(fail, id="score.load", part_of="score")
    dag.task(nothing, id="score.predict", after=["score.load"], part_of="score")
    dag.task(nothing, id="score", after=["score.predict"])
    dag.task(nothing, id="alert", after=["score"], trigger_rule="one_failed")
    dag.task(nothing, id="one", after=["score"], trigger_rule="one_done")
    ran = run(dag)
    assert ran.states["score"] == ran.states["score.predict"] == "failed"
    assert ran.states["alert"] == ran.states["one"] == "success"


def test_a_function_of_a_map_may_skip_an_instance() -> None:
    def only_even(value: int) -> int:
        if value % 2:
            raise SkipTask("odd")
        return value

    dag = Notebook()
    numbers = dag.task(give([1, 2]), id="numbers")
    dag.map(lambda n: n, n=each(numbers.map(only_even)), id="t")
    ran = run(dag)
    assert ran.states == {"numbers": "success", "t[0]": "skipped", "t[1]": "success"}


@pytest.mark.parametrize(
    ("setup", "state"), [(nothing, "success"), (fail, "upstream_failed"), (skip, "skipped")]
)
def test_a_setup_far_upstream_decides(setup: Any, state: str) -> None:
    dag = Notebook()
    dag.task(setup, id="setup", setup=True)
    dag.task(nothing, id="near", after=["setup"])
    dag.task(nothing, id="far", after=["near"], trigger_rule="all_done")
    dag.task(nothing, id="teardown", after=["far", "setup"], teardown=True)
    states = run(dag).states
    assert states["far"] == state
    assert states["teardown"] == state


def test_a_failed_teardown_fails_the_run_only_if_asked_to() -> None:
    for strict, state in ((False, "success"), (True, "failed")):
        dag = chain(nothing)
        dag.task(fail, id="end", after=["t0"], teardown=True, on_failure_fail_dagrun=strict)
        assert run(dag).run.state == state


def test_every_task_starts_once_however_many_there_are() -> None:
    dag = Notebook()
    dag.task(nothing, id="first")
    for number in range(500):
        dag.task(nothing, id=f"t{number}", after=["first"])
    dag.task(nothing, id="last", after=[f"t{number}" for number in range(500)])
    ran = run(dag)
    assert len(ran.memory.started) == len(set(ran.memory.started)) == 502
    assert set(ran.states.values()) == {"success"}
