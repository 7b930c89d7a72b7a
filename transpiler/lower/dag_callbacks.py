"""Callbacks of a DAG, which Airflow calls once at the end of the run: `DagRun(on_failure=…, on_success=…)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transpiler.lower.callables_uses import report_callback_uses
from transpiler.lower.callback_values import arguments_of_partial, callback_names, shown
from transpiler.lower.callbacks import (
    DROP,
    INCIDENT_IO_HOOK,
    KEEP,
    posts_to_incident_io,
    quoted_path,
)
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.notifiers import arguments_of, note_access, notifier_of
from transpiler.lower.own_notifiers import is_own_notifier, own_method, own_object
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.reporting import about
from transpiler.lower.template_names import AT_END
from transpiler.model.dag import Argument, Dag
from transpiler.model.finding import Finding, Severity
from transpiler.model.pipeline import Expr, Import
from transpiler.model.values import FunctionRef, Ref, Value

if TYPE_CHECKING:
    from transpiler.config import MigrationConfig
    from transpiler.lower.lowering import Lowering

OPTIONS = {"on_failure_callback": "on_failure", "on_success_callback": "on_success"}
INCIDENT_IO_RUN = "runtime.alerts.incident_io_run"


def called_at_end(dag: Dag, config: MigrationConfig) -> list[Argument]:
    """The callbacks of the DAG that migration.yaml does not drop."""
    given = [dag.arguments[name] for name in OPTIONS if name in dag.arguments]
    return [
        argument
        for argument in given
        if argument.value and not all(_dropped(one, config) for one in callbacks_of(argument))
    ]


def callbacks_of(argument: Argument) -> list[Value]:
    """One callback, or those of a list."""
    value = argument.value
    return list(value) if isinstance(value, (list, tuple)) else [value]


def lower_dag_callbacks(to: Lowering) -> tuple[dict[str, Expr], list[Finding]]:
    """Arguments of `DagRun`, and findings. A static pipeline has no place for them (D2Z205)."""
    options: dict[str, Expr] = {}
    findings: list[Finding] = []
    for name, option in OPTIONS.items():
        argument = to.dag.arguments.get(name)
        if argument is None or not argument.value:
            continue
        lowering = _AtEnd(argument, to)
        if not to.mode.dynamic and argument in called_at_end(to.dag, to.config):
            detail = f"{name} of the DAG is called once for the run; a static pipeline does not"
            lowering.find("D2Z205", detail)
        else:
            called = lowering.lower()
            if called:
                options[option] = called[0] if len(called) == 1 else _listed(called)
        findings += lowering.findings
    return options, findings


class _AtEnd:
    def __init__(self, argument: Argument, to: Lowering) -> None:
        self._argument = argument
        self._to = to
        self.findings: list[Finding] = []

    def lower(self) -> list[Expr]:
        """What is called, in order."""
        found = [self._one(callback) for callback in callbacks_of(self._argument)]
        return [one for one in found if one is not None]

    def find(
        self, code: str, detail: str, severity: Severity | None = None, remedy: str | None = None
    ) -> None:
        """Note a finding at the argument."""
        found = about(code, self._argument, detail, severity=severity, remedy=remedy)
        self.findings.append(found)

    def _one(self, callback: Value) -> Expr | None:
        name = self._argument.name
        mapped = self._mapped(callback)
        if mapped == DROP:
            return None
        if mapped not in (None, KEEP):
            return Expr(quoted_path(str(mapped)))
        try:
            with self._to.callables.space.undone_on_error():
                called = self._code(callback)
        except (UntranslatableError, NotALiteralError) as error:
            why = error.finding.message if isinstance(error, UntranslatableError) else str(error)
            self.find("D2Z310", f"{name} of the DAG: {shown(callback)} is not called: {why}")
            return None
        self.find("D2Z309", f"{name} of the DAG is called at the end of the run")
        return called

    def _mapped(self, callback: Value) -> str | None:
        """A dotted name, KEEP or DROP by migration.yaml; incident.io where the code plainly posts there."""
        names = callback_names(callback)
        for name in names:
            mapped = self._to.config.callback(name)
            if mapped == DROP:
                self.find("D2Z309", f"{name} is left out, as migration.yaml asks")
            elif mapped == INCIDENT_IO_HOOK:
                self._to.settings.incident_io(self._argument.span, f"{name} is mapped")
                self.find("D2Z309", f"{name} became {INCIDENT_IO_RUN}, as migration.yaml asks")
                return INCIDENT_IO_RUN
            elif mapped not in (None, KEEP):
                detail = f"{name} became {mapped}, which is called with the context of the run"
                self.find("D2Z309", detail, "warning", "Check that the function takes a context.")
            if mapped is not None:
                return mapped
        if posts_to_incident_io(callback, self._to):
            detail = f"{names[0]} posts to incident.io; it became {INCIDENT_IO_RUN}, with wording of its own"
            remedy = (
                "Map the callback to `keep` in migration.yaml to have your own function called."
            )
            self.find("D2Z309", detail, "warning", remedy)
            self._to.settings.incident_io(self._argument.span, f"{names[0]} posts to incident.io")
            return INCIDENT_IO_RUN
        return None

    def _code(self, callback: Value) -> Expr:
        """The function, or a partial of it, as an expression of the pipeline module."""
        notifier = notifier_of(callback)
        if is_own_notifier(callback, self._to):
            made = own_object(callback, self._to, lambda one: literal(one, use=self._use)[0])
            name = made.partition("(")[0]
            self._to.use(Import(f"steps.{self._to.callables.identifier}", name))
            return Expr(made, frozenset({name}))
        if notifier is not None:
            args, kwargs = list[Value](), arguments_of(notifier, callback)
            note_access(notifier, kwargs, self._argument.span, self._to.settings)
            name = self._use(notifier.import_)
        else:
            target, args, kwargs = arguments_of_partial(callback)
            name = self._function(target)
        if not args and not kwargs:
            return Expr(name, frozenset({_root(name)}))
        texts = [literal(value, use=self._use)[0] for value in args]
        texts += [f"{key}={literal(value, use=self._use)[0]}" for key, value in kwargs.items()]
        self._to.use(Import("functools", "partial"))
        return Expr(f"partial({', '.join([name, *texts])})", frozenset({"partial", _root(name)}))

    def _function(self, target: Value) -> str:
        if isinstance(target, FunctionRef):
            report_callback_uses(target, self._to, AT_END)
            if target.owner is not None:
                made = own_method(target, self._to, lambda one: literal(one, use=self._use)[0])
                self._to.use(Import(f"steps.{self._to.callables.identifier}", _root(made)))
                return made
            wanted = self._argument.name.removesuffix("_callback")
            name = self._to.callables.plain(target, self._argument.span, wanted)
            root = name.partition(".")[0]
            self._to.use(Import(f"steps.{self._to.callables.identifier}", root))
            return name
        if isinstance(target, Ref) and not target.qualified_name.startswith("airflow."):
            module, _, name = target.qualified_name.rpartition(".")
            if module:
                self._to.use(Import(module, name))
                return name
        raise NotALiteralError("it is not a function of the project")

    def _use(self, import_: Import) -> str:
        self._to.use(import_)
        return import_.alias or import_.name or import_.module


def _root(code: str) -> str:
    """The name that code of a function begins with."""
    return code.partition("(")[0].partition(".")[0]


def _dropped(callback: Value, config: MigrationConfig) -> bool:
    return any(config.callback(name) == DROP for name in callback_names(callback))


def _listed(called: list[Expr]) -> Expr:
    names = frozenset().union(*(one.names for one in called))
    return Expr(f"[{', '.join(one.code for one in called)}]", names)
