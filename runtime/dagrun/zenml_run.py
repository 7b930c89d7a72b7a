"""The ZenML run that the scheduler works in."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from runtime.context import RunContext
from runtime.dagrun.finish import RunState, reported
from runtime.dagrun.graph import Graph
from runtime.dagrun.past import Past, past_of
from runtime.dagrun.table import Instance, Table
from runtime.dagrun.zenml_launcher import ZenMLLauncher
from runtime.exceptions import ContextError, DagDefinitionError
from runtime.report import STATES_SO_FAR, TASK_STATES
from runtime.termination import end_run

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse

logger = logging.getLogger(__name__)

RUN_STATE = "airflow_run_state"
REASON = "airflow_run_reason"
_THRESHOLD = "ZENML_PARAMETER_SIZE_THRESHOLD"
_PARAMETER_BYTES = "65536"
_NOTE_SECONDS = 10.0


class ZenMLRun:
    """The run that is going on in this process."""

    def __init__(self, run: PipelineRunResponse) -> None:
        """Take ZenML's run."""
        self.id = run.id
        self._run = run
        self._launcher: ZenMLLauncher | None = None
        self._noted = ""
        self._next_note = 0.0

    @contextmanager
    def plain_parameters(self) -> Iterator[None]:
        """Let ZenML keep short plain arguments as parameters of a step, where they can be read.

        Without, it stores each argument of a dynamic step as an artifact.
        """
        before = os.environ.get(_THRESHOLD)
        os.environ[_THRESHOLD] = before or _PARAMETER_BYTES
        try:
            yield
        finally:
            if before is None:
                del os.environ[_THRESHOLD]

    def launcher(self, graph: Graph) -> ZenMLLauncher:
        """Give what runs the tasks of a graph in this run."""
        self._launcher = ZenMLLauncher(graph, self._run.id)
        return self._launcher

    def past(self, run: RunContext, graph: Graph) -> Past:
        """Give what answers for tasks that depend on earlier runs."""
        return past_of(run, graph)

    def watch(self, table: Table) -> None:
        """Let others see the states while the run goes on; they are stored now and then."""
        from sqlalchemy.exc import SQLAlchemyError
        from zenml import log_metadata
        from zenml.exceptions import ZenMLBaseException

        now = time.monotonic()
        if now < self._next_note:
            return
        states = json.dumps(reported(table))
        if states == self._noted:
            return
        self._noted, self._next_note = states, now + _NOTE_SECONDS
        try:
            # As text: ZenML would merge dicts, and keep tasks that were expanded meanwhile.
            log_metadata(metadata={STATES_SO_FAR: states}, run_id_name_or_prefix=self._run.id)
        except (OSError, RuntimeError, SQLAlchemyError, ZenMLBaseException):
            # The store is away or locked; at the run's end all states are stored for good.
            logger.exception("The states of the tasks could not be noted; the run goes on.")

    def record(self, states: Mapping[str, str | None], state: RunState) -> None:
        """Store the states as the run's metadata."""
        from zenml import log_metadata

        # ZenML's metadata has no null.
        values: dict[str, Any] = {label: found or "" for label, found in states.items()}
        log_metadata(
            metadata={TASK_STATES: values, RUN_STATE: state.state, REASON: state.reason},
            run_id_name_or_prefix=self._run.id,
        )

    def stop(self, stopped: Sequence[Instance]) -> None:
        """Wait a moment for steps that were stopped, then mark the run and what is left as failed.

        ZenML does so only once all steps have ended, and the process may be killed before.
        """
        if self._launcher is not None:
            self._launcher.wait_stopped(stopped)
        end_run(self._run.id)


def current_zenml_run() -> ZenMLRun:
    """Give the dynamic run whose pipeline function is running; raises `ContextError` without.

    Raises `DagDefinitionError` if the pipeline does not go on after a failure.
    """
    from zenml.enums import ExecutionMode
    from zenml.execution.pipeline.dynamic.run_context import DynamicPipelineRunContext

    context = DynamicPipelineRunContext.get()
    if context is None:
        raise ContextError(
            "There is no dynamic ZenML run here. Call the pipeline, declared with "
            "`@pipeline(dynamic=True)`, or start it with `runtime.launch`."
        )
    mode = context.snapshot.pipeline_configuration.execution_mode
    if mode != ExecutionMode.CONTINUE_ON_FAILURE:
        raise DagDefinitionError(
            f"The pipeline {context.run.name!r} has the execution mode {mode.value!r}, with which "
            "ZenML starts nothing after a failure. Declare it with "
            "`execution_mode=ExecutionMode.CONTINUE_ON_FAILURE`."
        )
    return ZenMLRun(context.run)
