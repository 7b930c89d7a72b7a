"""Airflow's callbacks as hooks of ZenML steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from transpiler.lower.airflow_uses import reached
from transpiler.lower.alert_emails import email_alerts
from transpiler.lower.callables_uses import report_callback_uses
from transpiler.lower.callback_values import arguments_of_partial, callback_names, shown
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.hook_calls import HookCall
from transpiler.lower.hook_kinds import KINDS, SKIPPED, HookKind
from transpiler.lower.notifiers import Notifier, arguments_of, note_access, notifier_of
from transpiler.lower.outlets import UPDATE_HOOK, outlets_of
from transpiler.lower.own_notifiers import is_own_notifier, own_method, own_object
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import about
from transpiler.model.dag import Argument
from transpiler.model.finding import Finding, Severity
from transpiler.model.pipeline import Expr, Import
from transpiler.model.values import Call, FunctionRef, PartialRef, Ref, Value

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

INCIDENT_IO_HOOK = "runtime.alerts.incident_io"
_INCIDENT_IO_MARKS = ("api.incident.io", "/alert_events/http")
KEEP, DROP = "keep", "drop"


def lower_task_callbacks(
    task: TaskReader, to: Lowering, wait: HookCall | None = None
) -> tuple[dict[str, Expr], tuple[Finding, ...]]:
    """Take the callbacks of a task: hooks by step option, and findings.

    `wait` is called before every attempt.
    """
    hooks: dict[str, Expr] = {}
    calls, findings = email_alerts(task, to)
    if wait is not None:
        calls["on_execute_callback"] = wait
    task.take("outlets")
    outlets = outlets_of(task.task)
    findings += outlets.findings
    if outlets.hook is not None:
        calls["on_success_callback"] = outlets.hook
    for name, kind in KINDS.items():
        given, first = task.take(name), calls.get(name)
        callbacks = _callbacks_of(given)
        argument = given if callbacks else first.argument if first is not None else None
        if argument is None:
            continue
        if first is not None and first == outlets.hook and not callbacks:
            hooks[kind.option] = Expr(quoted_path(UPDATE_HOOK))
            continue
        lowering = _CallbackLowering(argument, callbacks, kind, task.task_id, to, first)
        hook = lowering.lower()
        findings += lowering.findings
        if hook is not None:
            hooks[kind.option] = hook
    findings += _success_of_skipped(task, to)
    skipped = task.take("on_skipped_callback")
    if skipped is not None and skipped.value:
        if not to.mode.may_skip(task.task):
            detail = "on_skipped_callback: nothing that the task does skips it"
            findings.append(about("D2Z311", skipped, detail, task_id=task.task_id))
        elif not to.mode.dynamic:
            detail = "on_skipped_callback is not called: a static pipeline skips nothing"
            findings.append(about("D2Z310", skipped, detail, task_id=task.task_id))
    return hooks, tuple(findings)


def _success_of_skipped(task: TaskReader, to: Lowering) -> list[Finding]:
    """Seen by running 2.10: a task that skips itself calls both callbacks; 3 calls one of them."""
    argument = task.task.arguments.get("on_success_callback")
    if argument is None or not argument.value or to.dag_file.airflow.major >= 3:
        return []
    if not to.mode.may_skip(task.task):
        return []
    detail = "on_success_callback is not called where the task is skipped, as late Airflow 2 does"
    return [about("D2Z311", argument, detail, task_id=task.task_id)]


def lower_skipped_callback(
    argument: Argument, task_id: str, to: Lowering
) -> tuple[str | None, list[Finding]]:
    """The function of the steps module that calls an `on_skipped_callback`, and findings."""
    callbacks = _callbacks_of(argument)
    first, *others = callbacks
    if not others and isinstance(first, FunctionRef) and first.owner is None:
        try:
            report_callback_uses(first, to)
            name = to.callables.plain(first, argument.span, "on_skipped")
        except UntranslatableError as error:
            detail = f"on_skipped_callback is not called: {error.finding.message}"
            return None, [about("D2Z310", argument, detail, task_id=task_id)]
        detail = "on_skipped_callback is called where the step is skipped"
        return name, [about("D2Z309", argument, detail, task_id=task_id)]
    lowering = _CallbackLowering(argument, callbacks, SKIPPED, task_id, to, None)
    hook = lowering.lower()
    if hook is not None and not hook.names:
        detail = f"on_skipped_callback is not called: {hook.code} takes no context"
        return None, [about("D2Z310", argument, detail, task_id=task_id)]
    return None if hook is None else hook.code, lowering.findings


def posts_to_incident_io(callback: Value, to: Lowering) -> bool:
    """Whether the callback's code, or what it reaches, plainly posts an alert event there."""
    while isinstance(callback, PartialRef):
        callback = callback.func
    if not isinstance(callback, FunctionRef):
        return False
    known = to.callables.posts_to_incident_io
    if callback not in known:
        code = "\n".join(piece.code for piece in reached(to.callables.modules, callback))
        known[callback] = all(mark in code for mark in _INCIDENT_IO_MARKS)
    return known[callback]


def _callbacks_of(argument: Argument | None) -> list[Value]:
    """One callback, or those of a list."""
    if argument is None or not argument.value:
        return []
    value = argument.value
    return list(value) if isinstance(value, (list, tuple)) else [value]


class _CallbackLowering:
    """Lowers the callbacks of one argument, and what Airflow does before them."""

    def __init__(
        self,
        argument: Argument,
        callbacks: list[Value],
        kind: HookKind,
        task_id: str,
        to: Lowering,
        first: HookCall | None,
    ) -> None:
        self._argument = argument
        self._callbacks = callbacks
        self._first = first
        self._kind = kind
        self._task_id = task_id
        self._to = to
        self.findings: list[Finding] = []

    def lower(self) -> Expr | None:
        """The hook as an expression; None where nothing is left to call."""
        mapped = [self._mapped(one) for one in self._callbacks]
        hooks = [hook for hook in mapped if hook not in (None, KEEP, DROP)]
        both = zip(self._callbacks, mapped, strict=True)
        kept = [one for one, hook in both if hook in (None, KEEP)]
        if len(hooks) == 1 and not kept and self._first is None:
            return Expr(quoted_path(str(hooks[0])))
        return self._written(kept, [str(hook) for hook in hooks])

    def _mapped(self, callback: Value) -> str | None:
        """What migration.yaml says about the callback, or incident.io where its code plainly posts
        there.
        """
        names = callback_names(callback)
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
        if self._kind.option == "on_failure" and posts_to_incident_io(callback, self._to):
            detail = f"{names[0]} posts to incident.io; it became {INCIDENT_IO_HOOK}, with that hook's own wording"
            remedy = (
                "Map the callback to `keep` in migration.yaml to have your own function called."
            )
            self._find("D2Z309", detail, "warning", remedy)
            self._to.settings.incident_io(self._argument.span, f"{names[0]} posts to incident.io")
            return INCIDENT_IO_HOOK
        return None

    def _written(self, callbacks: list[Value], hooks: list[str]) -> Expr | None:
        """A hook function in the steps module that calls what is left, in order."""
        calls: list[str] = []
        callables = self._to.callables
        with callables.space.undone_on_error():
            for callback in callbacks:
                call = self._call(callback)
                if call is not None:
                    calls.append(call)
            if self._first is not None:
                callables.space.use(self._first.import_)
                calls.insert(0, self._first.code)
            if not calls and not hooks:
                return None
            for hook in hooks:
                module, _, name = hook.rpartition(".")
                argument = "exception" if "exception" in self._kind.parameters else ""
                calls.append(f"{callables.space.use(Import(module, name))}({argument})")
            code = " ".join([*calls, self._kind.guard or ""])
            for import_ in self._kind.imports:
                if f"{import_.name}(" in code or f": {import_.name}" in self._kind.parameters:
                    callables.space.use(import_)
            name = callables.define(self._kind.option, self._text(calls))
        if self._kind is not SKIPPED:
            self._to.use(Import(f"steps.{callables.identifier}", name))
        if self._first is not None:
            detail = f"{self._first.argument.name} became a call of the hook {name}"
            self.findings.append(
                about("D2Z309", self._first.argument, detail, task_id=self._task_id)
            )
        if calls and self._callbacks:
            self._find("D2Z309", f"{self._argument.name} became the hook {name}")
        return Expr(name, frozenset({name}))

    def _call(self, callback: Value) -> str | None:
        try:
            with self._to.callables.space.undone_on_error():
                return self._call_text(callback)
        except (UntranslatableError, NotALiteralError) as error:
            why = error.finding.message if isinstance(error, UntranslatableError) else str(error)
            self._find("D2Z310", f"{self._argument.name}: {shown(callback)} is not called: {why}")
            return None

    def _notified(self, callback: Call, notifier: Notifier) -> str:
        """The call of the runtime's function that stands for a notifier of Airflow."""
        arguments = arguments_of(notifier, callback)
        name = self._to.callables.space.use(notifier.import_)
        note_access(notifier, arguments, self._argument.span, self._to.settings)
        texts = [f"{key}={self._literal(value)}" for key, value in arguments.items()]
        return f"{name}({', '.join([self._kind.context, *texts])})"

    def _call_text(self, callback: Value) -> str:
        notifier = notifier_of(callback)
        if notifier is not None:
            return self._notified(callback, notifier)
        if is_own_notifier(callback, self._to):
            made = own_object(callback, self._to, self._literal)
            return f"{made}({self._kind.context})"
        callback, positional, named = arguments_of_partial(callback)
        args = [self._literal(value) for value in positional]
        kwargs = {name: self._literal(value) for name, value in named.items()}
        if not isinstance(callback, (FunctionRef, Ref)):
            raise NotALiteralError("it is not a function of the project")
        if isinstance(callback, Ref) and callback.qualified_name.startswith("airflow."):
            raise NotALiteralError("it is a part of Airflow")
        report_callback_uses(callback, self._to)
        if isinstance(callback, FunctionRef) and callback.owner is not None:
            name = own_method(callback, self._to, self._literal)
        else:
            name = self._to.callables.plain(
                callback, self._argument.span, f"{self._kind.option}_callback"
            )
        arguments = [*args, self._kind.context, *(f"{k}={v}" for k, v in kwargs.items())]
        return f"{name}({', '.join(arguments)})"

    def _literal(self, value: Value) -> str:
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


def quoted_path(text: str) -> str:
    """Text as a literal in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
