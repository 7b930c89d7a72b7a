"""Stop a step that runs in a thread of this process."""

from __future__ import annotations

import ctypes
import sys
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from zenml.orchestrators.step_launcher import StepLauncher


def interrupt_step(run_id: UUID, label: str) -> bool:
    """Raise in the thread that runs a step of a run, at its next byte code; tells if there is one.

    ZenML takes the exception for a stop, so it does not retry the step. A blocking C call ends
    before the interrupt is noticed.
    """
    from zenml.exceptions import RunStoppedException
    from zenml.orchestrators.step_launcher import StepLauncher

    code = StepLauncher.launch.__code__
    for thread, top in sys._current_frames().items():
        frame: FrameType | None = top
        while frame is not None:
            if frame.f_code is code and _runs(frame.f_locals["self"], run_id, label):
                _raise_in(thread, RunStoppedException)
                return True
            frame = frame.f_back
    return False


def _runs(launcher: StepLauncher, run_id: UUID, label: str) -> bool:
    step_run = launcher._step_run
    return step_run is not None and (step_run.pipeline_run_id, step_run.name) == (run_id, label)


def _raise_in(thread: int, exception: type[Exception]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))
