"""Airflow's callbacks as hooks of ZenML steps.

Seen by running ZenML 0.98: `on_failure` fires once, after the last attempt; `on_success` once;
`on_start` and `on_end` on every attempt, `on_end` with the exception or None. So
`on_retry_callback` becomes an `on_end` hook that acts when another attempt follows.
`on_execute_callback` runs on every attempt in Airflow too.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transpiler.lower.airflow_uses import reached
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import about
from transpiler.lower.shown_code import shortened
from transpiler.model.dag import Argument, Dag
from transpiler.model.finding import Finding, Severity
from transpiler.model.pipeline import Expr, Import
from transpiler.model.values import Call, FunctionRef, PartialRef, Ref, Symbolic, Value, is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

INCIDENT_IO_HOOK = "runtime.alerts.incident_io"
_INCIDENT_IO_MARKS = ("api.incident.io", "/alert_events/http")
KEEP, DROP = "keep", "drop"


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


KINDS: Mapping[str, HookKind] = {
    "on_failure_callback": HookKind(
        "on_failure",
        "exception: BaseException",
        "failure_context(exception)",
        _runtime("failure_context"),
    ),
    "on_success_callback": HookKind(
        "on_success", "", "callback_context()", _runtime("callback_context")
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


def lower_task_callbacks(
    task: TaskReader, to: Lowering
) -> tuple[dict[str, Expr], tuple[Finding, ...]]:
    """Take the callbacks of a task: hooks by step option, and findings."""
    hooks: dict[str, Expr] = {}
    findings: list[Finding] = []
    for name, kind in KINDS.items():
        argument = task.take(name)
        if argument is None or not argument.value:
            continue
        lowering = _CallbackLowering(argument, kind, task.task_id, to)
        hook = lowering.lower()
        findings += lowering.findings
        if hook is not None:
            hooks[kind.option] = hook
    skipped = task.take("on_skipped_callback")
    if skipped is not None and skipped.value:
        detail = "on_skipped_callback: a static pipeline skips nothing"
        findings.append(about("D2Z310", skipped, detail, task_id=task.task_id))
    return hooks, tuple(findings)


def lower_dag_callbacks(dag: Dag) -> list[Finding]:
    """Callbacks of the whole run have no place in a static pipeline."""
    findings = []
    for name in ("on_failure_callback", "on_success_callback"):
        argument = dag.arguments.get(name)
        if argument is not None and argument.value:
            detail = f"{name} of the DAG fires once for the run; the pipeline does not call it"
            findings.append(about("D2Z205", argument, detail))
    argument = dag.arguments.get("sla_miss_callback")
    if argument is not None and argument.value:
        findings.append(about("D2Z209", argument, "sla_miss_callback: ZenML has no SLA monitor"))
    return findings


class _CallbackLowering:
    """Lowers one argument: a callback or a list of them."""

    def __init__(self, argument: Argument, kind: HookKind, task_id: str, to: Lowering) -> None:
        self._argument = argument
        self._kind = kind
        self._task_id = task_id
        self._to = to
        self.findings: list[Finding] = []

    def lower(self) -> Expr | None:
        """The hook as an expression; None where nothing is left to call."""
        value = self._argument.value
        callbacks = list(value) if isinstance(value, (list, tuple)) else [value]
        mapped = [self._mapped(one) for one in callbacks]
        hooks = [hook for hook in mapped if hook not in (None, KEEP, DROP)]
        kept = [one for one, hook in zip(callbacks, mapped, strict=True) if hook in (None, KEEP)]
        if len(hooks) == 1 and not kept:
            return Expr(repr_double(str(hooks[0])))
        return self._written(kept, [str(hook) for hook in hooks])

    def _mapped(self, callback: Value) -> str | None:
        """What migration.yaml says about the callback, or incident.io where its code plainly posts
        there.
        """
        names = self._names(callback)
        for name in names:
            mapped = self._to.config.callback(name)
            if mapped == DROP:
                self._find("D2Z309", f"{name} is left out, as migration.yaml asks")
                return DROP
            if mapped == KEEP:
                return KEEP
            if mapped is not None:
                self._find("D2Z309", f"{name} became {mapped}, as migration.yaml asks")
                if mapped == INCIDENT_IO_HOOK:
                    self._to.settings.incident_io(self._argument.span, f"{name} is mapped")
                return mapped
        if self._kind.option == "on_failure" and self._posts_to_incident_io(callback):
            detail = f"{names[0]} posts to incident.io; it became {INCIDENT_IO_HOOK}, with that hook's own wording"
            remedy = (
                "Map the callback to `keep` in migration.yaml to have your own function called."
            )
            self._find("D2Z309", detail, "warning", remedy)
            self._to.settings.incident_io(self._argument.span, f"{names[0]} posts to incident.io")
            return INCIDENT_IO_HOOK
        return None

    def _names(self, callback: Value) -> list[str]:
        """The names by which migration.yaml may know the callback: dotted, then bare."""
        if isinstance(callback, PartialRef):
            return self._names(callback.func)
        if isinstance(callback, FunctionRef):
            module = callback.module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            parts = module.split(".")
            dotted = [".".join([*parts[i:], callback.name]) for i in range(len(parts))]
            return [*dotted, callback.name]
        if isinstance(callback, Ref):
            return [callback.qualified_name]
        return [callback.func] if isinstance(callback, Call) else ["the callback"]

    def _posts_to_incident_io(self, callback: Value) -> bool:
        while isinstance(callback, PartialRef):
            callback = callback.func
        if not isinstance(callback, FunctionRef):
            return False
        known = self._to.callables.posts_to_incident_io
        if callback not in known:
            code = "\n".join(piece.code for piece in reached(self._to.callables.modules, callback))
            known[callback] = all(mark in code for mark in _INCIDENT_IO_MARKS)
        return known[callback]

    def _written(self, callbacks: list[Value], hooks: list[str]) -> Expr | None:
        """A hook function in the steps module that calls what is left, in order."""
        calls: list[str] = []
        callables = self._to.callables
        with callables.space.undone_on_error():
            for callback in callbacks:
                call = self._call(callback)
                if call is not None:
                    calls.append(call)
            if not calls and not hooks:
                return None
            for hook in hooks:
                module, _, name = hook.rpartition(".")
                argument = "exception" if "exception" in self._kind.parameters else ""
                calls.append(f"{callables.space.use(Import(module, name))}({argument})")
            for import_ in self._kind.imports:
                callables.space.use(import_)
            name = callables.define(self._kind.option, self._text(calls))
        self._to.use(Import(f"steps.{callables.identifier}", name))
        if calls:
            self._find("D2Z309", f"{self._argument.name} became the hook {name}")
        return Expr(name, frozenset({name}))

    def _call(self, callback: Value) -> str | None:
        try:
            with self._to.callables.space.undone_on_error():
                return self._call_text(callback)
        except (UntranslatableError, NotALiteralError) as error:
            why = error.finding.message if isinstance(error, UntranslatableError) else str(error)
            self._find("D2Z310", f"{self._argument.name}: {_shown(callback)} is not called: {why}")
            return None

    def _call_text(self, callback: Value) -> str:
        args: list[str] = []
        kwargs: dict[str, str] = {}
        while isinstance(callback, PartialRef):
            args = [*(self._literal(value) for value in callback.args), *args]
            kwargs = {**{k: self._literal(v) for k, v in callback.kwargs.items()}, **kwargs}
            callback = callback.func
        if not all(name.isidentifier() and not keyword.iskeyword(name) for name in kwargs):
            raise NotALiteralError("a keyword of the partial is no Python name")
        if not isinstance(callback, (FunctionRef, Ref)):
            raise NotALiteralError("it is not a function of the project")
        if isinstance(callback, Ref) and callback.qualified_name.startswith("airflow."):
            raise NotALiteralError("it is a part of Airflow")
        name = self._to.callables.plain(
            callback, self._argument.span, f"{self._kind.option}_callback"
        )
        arguments = [*args, self._kind.context, *(f"{k}={v}" for k, v in kwargs.items())]
        return f"{name}({', '.join(arguments)})"

    def _literal(self, value: Value) -> str:
        if not is_known(value):
            raise NotALiteralError(
                "an argument of the partial is known only when the DAG file runs"
            )
        return literal(value, use=self._to.callables.space.use)[0]

    def _text(self, calls: list[str]) -> Callable[[str], str]:
        kind = self._kind

        def text(name: str) -> str:
            indent = "    "
            lines = [f"def {name}({kind.parameters}) -> None:"]
            if kind.guard is not None:
                lines.append(f"{indent}if {kind.guard}:")
                indent += "    "
            return "\n".join([*lines, *(f"{indent}{call}" for call in calls)])

        return text

    def _find(
        self,
        code: str,
        detail: str,
        severity: Severity | None = None,
        remedy: str | None = None,
    ) -> None:
        found = about(
            code,
            self._argument,
            detail,
            task_id=self._task_id,
            severity=severity,
            remedy=remedy,
        )
        self.findings.append(found)


def repr_double(text: str) -> str:
    """Text as a literal in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shown(callback: Value) -> str:
    if isinstance(callback, (Call, Symbolic)):
        return shortened(callback.code)
    if isinstance(callback, FunctionRef):
        return callback.name
    return callback.qualified_name if isinstance(callback, Ref) else type(callback).__name__
