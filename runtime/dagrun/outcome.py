"""What a step's function tells the scheduler: that it skips, or that it fails for good.

ZenML has no skipped state that a running step could take, and retries every exception. So the
function's decorator turns Airflow's exceptions into what ZenML has, from within the step, so that
it also works where steps run in processes of their own.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, overload

from runtime.attempts import note_failure_for_good, stop_after_failure_for_good
from runtime.callables import AirflowContext
from runtime.callbacks import skipped_context
from runtime.context import running_dag_id
from runtime.dagrun.given import inputs_of, protected
from runtime.dagrun.handles import MISSING
from runtime.dagrun.values import check_mappable
from runtime.exceptions import BranchError, ContextError, FailTask, SkipTask, TaskExitError
from runtime.failed_callbacks import note_failed_callback
from runtime.report import SKIPPED, TASK_STATE

if TYPE_CHECKING:
    from uuid import UUID

    from zenml.models import StepRunResponse

P = ParamSpec("P")
R = TypeVar("R")

EXTRA: Final = "airflow"  # The key of a step's `extra` under which the scheduler tells it things.
REASON: Final = "airflow_reason"
SUCCESS_HOOK: Final = "success_hook"
SKIPPED_HOOK: Final = "skipped_hook"
GIVEN: Final = "given"
_MARK: Final = "__airflow_task__"
_TYPED: Final = "__airflow_typed__"
_skipped_here: set[UUID] = set()  # Hooks run in the process of their step.
# Whether steps that ended in this process were skipped, by run and name: it saves asking the store.
_ended_here: dict[tuple[UUID, str], bool] = {}


@overload
def airflow_task(function: Callable[P, R], /) -> Callable[P, R | None]: ...
@overload
def airflow_task(
    *, on_skipped: Callable[[AirflowContext], Any] | None = None, typed: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R | None]]: ...
def airflow_task(
    function: Callable[P, R] | None = None,
    /,
    *,
    on_skipped: Callable[[AirflowContext], Any] | None = None,
    typed: bool = False,
) -> Any:
    """Give a step's function Airflow's way of ending; goes under ZenML's `@step`.

    ```python
    @step
    @airflow_task
    def load_orders(orders): ...
    ```

    In a dynamic pipeline `SkipTask` ends the step as completed, with the metadata `airflow_state:
    skipped`, without a result, without retries, failure and success hooks; `on_skipped` gets
    Airflow's context. `FailTask` fails the step without further retries. As in Airflow,
    annotations bind neither arguments nor results: an upstream task that was skipped gives `None`;
    with `typed`, which is for steps of the library, those of arguments do, and texts that other
    tasks gave are kept from rendering. Anywhere else the function is as it was.
    """

    def decorate(body: Callable[P, R]) -> Callable[P, R | None]:
        @functools.wraps(body)
        def task(*args: P.args, **kwargs: P.kwargs) -> R | None:
            step_run = _scheduled_step()
            if typed:
                kwargs = _unrendered(kwargs)  # type: ignore[assignment]
            if step_run is None:
                return body(*args, **kwargs)
            stop_after_failure_for_good()
            try:
                value = body(*args, **kwargs)
                _check_result(step_run, value)
                _ended_here[(step_run.pipeline_run_id, step_run.name)] = False
                return value
            except SkipTask as skip:
                _skip(step_run, skip, on_skipped)
                return None
            except FailTask as failure:
                _fail_for_good(step_run, failure)
                raise
            except SystemExit as exit_:
                _exit(exit_)
                return None

        setattr(task, _MARK, True)
        setattr(task, _TYPED, typed)
        return _unannotated(task, typed=typed)

    return decorate if function is None else decorate(function)


def direct_downstream() -> list[str]:
    """Give the ids of the tasks directly after the branch that is running."""
    step_run = _scheduled_step()
    if step_run is None:
        raise ContextError("No scheduler started this step: note it by `dag.branch`.")
    ids: list[str] = step_run.config.extra[EXTRA]["downstream"]
    return ids


def has_airflow_ending(step: Any) -> bool:
    """Tell whether a step's function is decorated with `airflow_task`."""
    return getattr(getattr(step, "entrypoint", None), _MARK, False) is True


def is_typed(step: Any) -> bool:
    """Tell whether a step's function is decorated with `airflow_task(typed=True)`."""
    return getattr(getattr(step, "entrypoint", None), _TYPED, False) is True


def has_skipped(step: Any, run_id: UUID, name: str) -> bool:
    """Tell whether a step that has completed was skipped."""
    if not has_airflow_ending(step):
        return False
    known = _ended_here.pop((run_id, name), None)
    if known is not None:
        return known
    from zenml.client import Client

    found = Client().list_run_steps(pipeline_run_id=run_id, name=name, size=1, hydrate=True)
    return any(one.run_metadata.get(TASK_STATE) == SKIPPED for one in found.items)


def _unannotated(function: Callable[P, R], *, typed: bool = False) -> Callable[P, R]:
    """Take the annotations away, but for `-> None`, which tells ZenML that there is no result, and
    with `typed` those of parameters.
    """
    signature = inspect.signature(function)
    keeps = signature.return_annotation in (None, "None")
    ending = {"return": None} if keeps else {}
    own = {name: kind for name, kind in function.__annotations__.items() if name != "return"}
    function.__annotations__ = {**(own if typed else {}), **ending}
    parameters = [
        parameter if typed else parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
    ]
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        parameters, return_annotation=None if keeps else inspect.Signature.empty
    )
    return function


def _scheduled_step() -> StepRunResponse | None:
    """Give the running step if it is one that the scheduler started."""
    from zenml.steps.step_context import StepContext

    context = StepContext.get()
    if context is None or EXTRA not in context.step_run.config.extra:
        return None
    return context.step_run


def _unrendered(arguments: dict[str, Any]) -> dict[str, Any]:
    """Mark in the arguments of the running step what other tasks gave: that is no template."""
    from zenml.steps.step_context import StepContext

    context = StepContext.get()
    if context is None:
        return arguments
    told = context.step_run.config.extra.get(EXTRA)
    paths = inputs_of(context.step_run) if told is None else told.get(GIVEN, ())
    return protected(arguments, paths)


def _exit(exit_: SystemExit) -> None:
    """Take `sys.exit()` for a success, and any other code than 0 for a failure, as Airflow does.

    Left alone, it would end ZenML's pipeline.
    """
    if exit_.code not in (None, 0):
        raise TaskExitError(f"The task called sys.exit({exit_.code!r}).") from exit_


def _skip(
    step_run: StepRunResponse, skip: SkipTask, on_skipped: Callable[[AirflowContext], Any] | None
) -> None:
    """Leave word that the step is skipped, and call back as Airflow does, whatever that raises."""
    from zenml import log_metadata

    log_metadata({TASK_STATE: SKIPPED, REASON: skip.reason})
    _skipped_here.add(step_run.id)
    _ended_here[(step_run.pipeline_run_id, step_run.name)] = True
    on_skipped = on_skipped or _skipped_hook(step_run)
    if on_skipped is None:
        return
    try:
        on_skipped(skipped_context())
    except Exception as error:  # It is the user's code, and may raise anything.
        note_failed_callback(on_skipped, running_dag_id(), error)


def _skipped_hook(step_run: StepRunResponse) -> Callable[[AirflowContext], Any] | None:
    """Give the function that the pipeline wants to be called when the step is skipped."""
    from zenml.config.source import Source
    from zenml.utils import source_utils

    told = step_run.config.extra[EXTRA].get(SKIPPED_HOOK)
    return None if told is None else source_utils.load(Source.model_validate(told))


def run_success_hook() -> None:
    """Run a step's own success hook, unless the step has just been skipped.

    The scheduler puts this hook in the place of the step's, which it names in the step's `extra`.
    """
    from zenml import get_step_context
    from zenml.config.source import Source
    from zenml.enums import HookType
    from zenml.hooks.execution import run_lifecycle_hook

    step_run = get_step_context().step_run
    if step_run.id in _skipped_here:
        _skipped_here.discard(step_run.id)
        return
    own = Source.model_validate(step_run.config.extra[EXTRA][SUCCESS_HOOK])
    run_lifecycle_hook(own, HookType.STEP_SUCCESS)


def _check_result(step_run: StepRunResponse, value: Any) -> None:
    """Fail, as Airflow does within the task, for a result that the scheduler cannot use."""
    expected: Mapping[str, Any] = step_run.config.extra[EXTRA]
    if expected.get("mapped_over"):
        check_mappable(step_run.name, MISSING if value is None else value)
    names = expected.get("branches")
    if names is None or value is None:
        return
    several = isinstance(value, Iterable) and not isinstance(value, str)
    for chosen in value if several else [value]:
        if chosen not in names:
            raise BranchError(
                f"The branch {step_run.name!r} chose {chosen!r}, which is no task or group of this "
                "pipeline."
            )


def _fail_for_good(step_run: StepRunResponse, failure: FailTask) -> None:
    """Prevent the retries that ZenML would make.

    Within the pipeline's process, ZenML ends a step that says it was stopped at once. It then runs
    no failure hook, since it counts on a retry, so that is done here. Elsewhere the retries happen,
    and fail without doing anything.
    """
    from zenml.execution.pipeline.dynamic.run_context import DynamicPipelineRunContext

    if not step_run.is_retriable:
        return
    note_failure_for_good(failure)
    if DynamicPipelineRunContext.get() is None:
        return
    from zenml.enums import HookType
    from zenml.hooks.execution import run_lifecycle_hook

    run_lifecycle_hook(
        step_run.config.failure_hook_source, HookType.STEP_FAILURE, optional_args=(failure,)
    )
    raise _stopping(type(failure).__name__)(str(failure)) from failure


def _stopping(name: str) -> type[Exception]:
    """Give a kind of `FailTask` that ZenML takes for a stop, which it does not retry."""
    from zenml.exceptions import RunStoppedException

    return type(name, (FailTask, RunStoppedException), {})
