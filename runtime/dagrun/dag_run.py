"""The block in which a dynamic pipeline notes its tasks, and that runs them when it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from runtime.context import RunContext
from runtime.dagrun.callbacks import Callback, call_back
from runtime.dagrun.finish import RunState, reported, run_state
from runtime.dagrun.graph import Graph
from runtime.dagrun.limits import Limits
from runtime.dagrun.live import shown
from runtime.dagrun.noting import Notebook
from runtime.dagrun.plan import recording
from runtime.dagrun.pool_queue import PoolQueue
from runtime.dagrun.scheduler import Options, Scheduler
from runtime.exceptions import DagRunFailedError


class DagRun(Notebook):
    """Runs the tasks noted in its block as Airflow's scheduler would.

    The arguments are those of Airflow's DAG: `max_active_tasks`, `dagrun_timeout` in seconds,
    `fail_fast` (also `fail_stop`), and the callbacks, functions or lists of functions that get
    Airflow's context. `pools` gives the slots of pools by name, by default
    those of the configuration; others have one slot.

    What all tasks share, as by `default_args`: `step_options` are options of every step, as
    `with_options` takes them; `depends_on_past`, `wait_for_downstream` and `pool` are those of
    `task`. What a task says itself wins.

    Leaving the block raises `DagRunFailedError` if Airflow would fail the DagRun, and
    `DagDefinitionError` for tasks that cannot be scheduled. The states of all tasks are in the
    run's metadata `airflow_states`, its own in `airflow_run_state`.
    """

    def __init__(
        self,
        run: RunContext,
        *,
        max_active_tasks: int | None = None,
        timeout_seconds: float | None = None,
        fail_fast: bool = False,
        on_success: Callback | Sequence[Callback] | None = None,
        on_failure: Callback | Sequence[Callback] | None = None,
        pools: Mapping[str, int] | None = None,
        step_options: Mapping[str, Any] | None = None,
        depends_on_past: bool = False,
        wait_for_downstream: bool = False,
        pool: str | None = None,
    ) -> None:
        """Take the run's context and its options."""
        super().__init__(
            step_options,
            {
                "depends_on_past": depends_on_past,
                "wait_for_downstream": wait_for_downstream,
                "pool": pool,
            },
        )
        self._run = run
        self._max_active_tasks = max_active_tasks
        self._pools = pools
        self._options = Options(timeout_seconds, fail_fast)
        self._callbacks = {"success": on_success, "failed": on_failure}
        self._told = {
            "max_active_tasks": max_active_tasks,
            "timeout_seconds": timeout_seconds,
            "fail_fast": fail_fast,
        }

    def __enter__(self) -> DagRun:
        """Begin to note tasks."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Run the tasks, unless noting them failed."""
        if error is not None:
            return
        graph = self.graph()
        recorder = recording.get()
        if recorder is not None:
            recorder.record(graph, self._told)
            return
        self._schedule(graph)

    def _slots(self) -> Mapping[str, int]:
        from runtime.config import load_config

        return load_config(self._run.dag_id).pools if self._pools is None else self._pools

    def _schedule(self, graph: Graph) -> None:
        from runtime.dagrun.zenml_run import current_zenml_run

        zenml_run = current_zenml_run()
        limits = Limits(self._max_active_tasks, self._slots(), PoolQueue())
        scheduler = Scheduler(
            graph,
            zenml_run.launcher(graph),
            limits,
            self._options,
            zenml_run.past(self._run, graph),
            zenml_run.watch,
        )
        try:
            with zenml_run.plain_parameters(), shown(zenml_run.id, scheduler.table):
                table = scheduler.run()
        except BaseException:
            zenml_run.stop(scheduler.abort())
            zenml_run.record(reported(scheduler.table), RunState("failed", "interrupted"))
            raise
        finally:
            limits.close()
        state = run_state(table, timed_out=scheduler.timed_out)
        zenml_run.record(reported(table), state)
        with shown(zenml_run.id, table):
            call_back(self._callbacks[state.state], self._run, table, state)
        if state.state == "failed":
            raise DagRunFailedError(_message(self._run, state, reported(table)))


def _message(run: RunContext, state: RunState, states: Mapping[str, str | None]) -> str:
    """Say why a run failed, with the tasks that matter."""
    reasons: Mapping[str, Any] = {
        "task_failure": "Failed: " + _names(states, "failed") + ".",
        "timed_out": "It ran longer than its timeout.",
        "all_tasks_deadlocked": "No rule lets these tasks run: " + _names(states, None) + ".",
    }
    return f"The run {run.run_id} of {run.dag_id!r} failed. {reasons[state.reason]}"


def _names(states: Mapping[str, str | None], state: str | None) -> str:
    return ", ".join(label for label, found in states.items() if found == state) or "no task"
