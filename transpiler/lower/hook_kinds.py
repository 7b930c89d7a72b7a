"""The hooks of ZenML that stand for the callbacks of Airflow.

Seen by running ZenML 0.98: `on_failure` fires once, after the last attempt; `on_success` once;
`on_start` and `on_end` on every attempt, `on_end` with the exception or None. So
`on_retry_callback` becomes an `on_end` hook that acts when another attempt follows.
`on_execute_callback` runs on every attempt in Airflow too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transpiler.model.pipeline import Import


@dataclass(frozen=True, slots=True)
class HookKind:
    """A hook of ZenML that stands for a callback of Airflow.

    `head` is its parameter list, `guard` a condition under which it acts, `context` the call that
    makes what Airflow hands to the callback.
    """

    option: str
    parameters: str
    context: str
    imports: tuple[Import, ...]
    guard: str | None = None


def _runtime(*names: str) -> tuple[Import, ...]:
    return tuple(Import("runtime.callbacks", name) for name in names)


_CONTEXT = Import("runtime.callables", "AirflowContext")

KINDS: Mapping[str, HookKind] = {
    "on_failure_callback": HookKind(
        "on_failure",
        "exception: BaseException",
        "failure_context(exception)",
        _runtime("failure_context"),
    ),
    "on_success_callback": HookKind(
        "on_success", "", "success_context()", _runtime("success_context")
    ),
    "on_execute_callback": HookKind(
        "on_start", "", "callback_context()", _runtime("callback_context")
    ),
    "on_retry_callback": HookKind(
        "on_end",
        "exception: BaseException | None = None",
        "failure_context(exception)",
        _runtime("failure_context", "retry_pending"),
        "exception is not None and retry_pending(exception)",
    ),
}

SKIPPED = HookKind("on_skipped", "context: AirflowContext", "context", (_CONTEXT,))
"""`on_skipped_callback`, for which ZenML has no hook: the runtime calls it, with the context."""
