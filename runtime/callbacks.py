"""Airflow's callback context inside of ZenML hooks.

An emitted hook is an ordinary function that calls the user's callback:

```python
def tell_on_call(exception: BaseException) -> None:
    notify_slack(failure_context(exception))
```
"""

from __future__ import annotations

from runtime.callables import AirflowContext, airflow_context
from runtime.exceptions import FailTask, SkipTask


def failure_context(exception: BaseException) -> AirflowContext:
    """Give what Airflow hands to `on_failure_callback` and `on_retry_callback`."""
    state = "up_for_retry" if retry_pending(exception) else "failed"
    return _ended(airflow_context(exception=exception, reason="task_failure"), state)


def callback_context() -> AirflowContext:
    """Give what Airflow hands to `on_execute_callback`."""
    return airflow_context(reason=None)


def success_context() -> AirflowContext:
    """Give what Airflow hands to `on_success_callback`."""
    return _ended(airflow_context(reason=None), "success")


def skipped_context() -> AirflowContext:
    """Give what Airflow hands to `on_skipped_callback`."""
    return _ended(airflow_context(reason=None), "skipped")


def _ended(context: AirflowContext, state: str) -> AirflowContext:
    context["ti"].end(state)
    return context


def retry_pending(exception: BaseException | None) -> bool:
    """Tell, in ZenML's `on_end` hook, whether the attempt failed and another one follows.

    ZenML has no hook for retries: `on_end` runs after every attempt, with the exception or `None`.
    A task that fails for good has no retry, although ZenML may count on one.
    """
    if exception is None or isinstance(exception, (FailTask, SkipTask)):
        return False
    from zenml import get_step_context

    step_run = get_step_context().step_run
    retry = step_run.config.retry
    return retry is not None and step_run.version <= retry.max_retries
