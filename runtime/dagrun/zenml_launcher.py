"""Run task instances as steps of the dynamic ZenML pipeline that is running."""

from __future__ import annotations

import inspect
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from runtime.dagrun.given import given_paths
from runtime.dagrun.graph import Graph
from runtime.dagrun.handles import MISSING, RETURN_VALUE
from runtime.dagrun.interrupt import interrupt_step
from runtime.dagrun.launcher import Done, Outcome, Start, Whole
from runtime.dagrun.outcome import (
    EXTRA,
    GIVEN,
    SKIPPED_HOOK,
    SUCCESS_HOOK,
    has_airflow_ending,
    has_skipped,
    is_typed,
    run_success_hook,
)
from runtime.dagrun.step_options import option_of
from runtime.dagrun.table import Instance
from runtime.exceptions import SkipTask
from runtime.termination import end_step

if TYPE_CHECKING:
    from uuid import UUID

    from zenml.execution.pipeline.dynamic.outputs import OutputArtifact, StepFuture
    from zenml.models import StepRunResponse

logger = logging.getLogger(__name__)

_GRACE_SECONDS = 10.0
_STOP_SECONDS = 60.0  # How long a step that is to be stopped may take to begin.


class ZenMLLauncher:
    """Submits steps to ZenML's own runner, and waits for each in a thread that sleeps meanwhile."""

    def __init__(self, graph: Graph, run_id: UUID) -> None:
        """Take the graph, and the id of the ZenML run."""
        self._graph = graph
        self._run_id = run_id
        self._futures: dict[Instance, StepFuture] = {}
        self._values: dict[tuple[Instance, str], Any] = {}
        self._waiters: dict[Instance, threading.Thread] = {}

    def start(self, start: Start, done: Done) -> None:
        """Submit the step of an instance."""
        step = self._configured(start)
        bound = inspect.signature(step.entrypoint).bind_partial(*start.args, **start.kwargs)
        self._submit(start, step, bound.arguments, done)

    def refuse(self, start: Start, error: BaseException, done: Done) -> None:
        """Run a step in the instance's place that fails with the error, with the same hooks."""
        from runtime.dagrun.refused import refused

        own = start.note.step
        step = refused.with_options(
            on_failure=option_of(own, "failure_hook_source"),
            on_end=option_of(own, "end_hook_source"),
        )
        self._submit(start, step, {"message": f"{type(error).__name__}: {error}"}, done)

    def stop(self, instance: Instance) -> None:
        """Interrupt the thread that runs the step, also if it has yet to begin."""
        if not interrupt_step(self._run_id, instance.label):
            stopper = threading.Thread(target=self._stop_later, args=(instance,), daemon=True)
            stopper.start()

    def _stop_later(self, instance: Instance) -> None:
        deadline = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < deadline:
            self._waiters[instance].join(0.5)
            if not self._waiters[instance].is_alive():
                return
            if interrupt_step(self._run_id, instance.label):
                return
        logger.warning("The step %s runs elsewhere and goes on to its end.", instance.label)

    def wait_stopped(self, instances: Iterable[Instance]) -> None:
        """Give stopped steps a moment to end. ZenML itself would wait for them without limit."""
        deadline = time.monotonic() + _GRACE_SECONDS
        for instance in instances:
            if instance in self._waiters:
                self._waiters[instance].join(max(0.0, deadline - time.monotonic()))

    def returned(self, instance: Instance) -> bool:
        """Tell whether the step has a result that is not `None`."""
        return self._artifacts(instance) is not None

    def value(self, instance: Instance, key: str) -> Any:
        """Give what a step returned, or the value of a key, or `MISSING`."""
        if (instance, key) not in self._values:
            self._values[(instance, key)] = self._load(instance, key)
        return self._values[(instance, key)]

    def _submit(self, start: Start, step: Any, inputs: Mapping[str, Any], done: Done) -> None:
        after = [self._futures[other] for other in start.after if other in self._futures]
        instance = start.instance
        # Not by `with_options`: ZenML lays the defaults of parameters over those.
        taken = {name: self._input(value) for name, value in inputs.items()}
        future = step.submit(id=instance.label, after=after or None, **taken)
        self._futures[instance] = future
        waiter = threading.Thread(
            target=self._await,
            args=(start, future, done),
            name=f"await {instance.label}",
            daemon=True,
        )
        self._waiters[instance] = waiter
        waiter.start()

    def _await(self, start: Start, future: StepFuture, done: Done) -> None:
        try:
            future.wait()
            skipped = has_skipped(start.note.step, self._run_id, start.instance.label)
            outcome = Outcome("skipped" if skipped else "success")
        except SkipTask as skip:
            outcome = Outcome("skipped", skip)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the scheduler must know
            outcome = Outcome("failed", error)
            self._settle_stopped(start.instance, error)
        done(start.instance, outcome)

    def _configured(self, start: Start) -> Any:
        """Give the step with what its function is told, and with a hook that knows of skips."""
        step = start.note.step
        told = self._told(start)
        options: dict[str, Any] = {}
        hook = option_of(step, "success_hook_source")
        if has_airflow_ending(step) and hook is not None:
            told[SUCCESS_HOOK] = hook.model_dump(mode="json")
            options["on_success"] = run_success_hook
        own = {**step.configuration.extra, **(option_of(step, "extra") or {})}
        return step.with_options(extra={**own, EXTRA: told}, **options)

    def _told(self, start: Start) -> dict[str, Any]:
        """Give what the step's function is told of the graph, see `outcome.airflow_task`."""
        note = start.note
        told: dict[str, Any] = {"task_id": note.id, "map_index": start.instance.map_index}
        if is_typed(note.step) and (given := given_paths(note)):
            told[GIVEN] = given
        if note.scheduling.on_skipped is not None:
            from zenml.utils import source_utils

            source = source_utils.resolve(note.scheduling.on_skipped)
            told[SKIPPED_HOOK] = source.model_dump(mode="json")
        if note.id in self._graph.mapped_over and note.expansion is None:
            told["mapped_over"] = True
        if note.kind == "branch":
            told["branches"] = self._graph.branch_names
            told["downstream"] = sorted(self._graph.downstream[note.id])
        return told

    def _input(self, value: Any) -> Any:
        if isinstance(value, Whole):
            artifacts = self._artifacts(value.instance)
            return (
                self.value(value.instance, RETURN_VALUE)
                if isinstance(artifacts, tuple)
                else artifacts
            )
        if isinstance(value, list) and value and all(isinstance(item, Whole) for item in value):
            return [self._input(item) for item in value]
        if _is_json(value):
            return value  # A parameter of the step, or an artifact if it is long.
        from zenml import ExternalArtifact

        return ExternalArtifact(value=value)

    def _artifacts(self, instance: Instance) -> OutputArtifact | tuple[OutputArtifact, ...] | None:
        found = self._futures[instance].artifacts() if instance in self._futures else None
        is_none = not isinstance(found, tuple) and found is not None
        if is_none and found.data_type.attribute == "NoneType":  # type: ignore[union-attr]
            return None
        return found

    def _load(self, instance: Instance, key: str) -> Any:
        if key != RETURN_VALUE:
            return self._key(instance, key)
        found = self._artifacts(instance)
        if found is None:
            return MISSING
        return tuple(one.load() for one in found) if isinstance(found, tuple) else found.load()

    def _key(self, instance: Instance, key: str) -> Any:
        """Give what was pushed under a key, or a key of a result with multiple outputs."""
        from runtime.xcom import step_value

        return next(iter(step_value(self._step_run(instance), key)), MISSING)

    def _step_run(self, instance: Instance) -> StepRunResponse:
        from zenml.client import Client

        page = Client().list_run_steps(
            pipeline_run_id=self._run_id, name=instance.label, size=1, hydrate=True
        )
        return page.items[0]

    def _settle_stopped(self, instance: Instance, error: BaseException) -> None:
        """Give a step that was stopped, and that ZenML meant to retry, a final state."""
        from zenml.exceptions import RunStoppedException

        if isinstance(error, RunStoppedException):
            end_step(self._step_run(instance))


def _is_json(value: Any) -> bool:
    """Tell whether a value is the same after it went through JSON."""
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    if isinstance(value, dict):
        return all(type(key) is str and _is_json(item) for key, item in value.items())
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    return value is None or type(value) in (str, int, bool)
