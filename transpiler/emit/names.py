"""Which name everything has in the emitted pipeline module.

Names of the source (constants, loop variables, task variables, imports) stay as they are. What the
emitted module adds gives way: an import that would collide gets an alias, the pipeline function a
suffix.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass, replace
from itertools import count

from transpiler.emit.expressions import identifier, parsed
from transpiler.emit.scan import expressions, local_names, step_calls, stored_names
from transpiler.model.pipeline import Import, PipelineModel

RUN_PARAMETER = "run"
DAG_VARIABLE = "dag"
_DAG_RUN = Import("runtime.dagrun", "DagRun")
_OWN = {
    "pipeline": Import("zenml", "pipeline"),
    "RunContext": Import("runtime.context", "RunContext"),
    "DagSchedule": Import("runtime.schedule", "DagSchedule"),
    "launch": Import("runtime", "launch"),
    "Path": Import("pathlib", "Path"),
    "sys": Import("sys"),
}


@dataclass(frozen=True)
class Names:
    """What the pipeline function, the schedule, and each own import (`own`) and step (`steps`) are
    called.
    """

    function: str
    schedule: str
    own: dict[str, str]
    steps: dict[str, str]
    imports: tuple[Import, ...]
    dag: str | None = None
    """The variable of `with DagRun(run) as dag:` in a dynamic pipeline."""


def bound_name(import_: Import) -> str:
    """The name that the import binds."""
    return import_.alias or import_.name or import_.module.split(".")[0]


def assign_names(model: PipelineModel) -> Names:
    """Settle all names of the pipeline module. Raises EmitError where a name is no identifier."""
    imports = {bound_name(i): i for i in model.imports}
    locals_ = set(local_names(model.body))
    read = {name for expr in expressions(model) for name in expr.names}
    constants = {
        name for text in model.constants for name in stored_names(parsed(text, "a constant"))
    }
    taken = {*imports, *locals_, *constants, *read & set(dir(builtins)), RUN_PARAMETER}

    def add(import_: Import, fallback: str) -> str:
        name = bound_name(import_)
        if imports.get(name) == import_ and name not in locals_:
            return name
        bound = _free(name, fallback, taken)
        imports[bound] = replace(import_, alias=None if bound == name else bound)
        taken.add(bound)
        return bound

    dag = None
    wanted = dict(_OWN)
    if model.mode == "dynamic":
        dag = _free(DAG_VARIABLE, f"{DAG_VARIABLE}_run", taken)
        taken.add(dag)
        wanted["DagRun"] = _DAG_RUN
    own = {name: add(i, f"{i.module.split('.')[0]}_{name}") for name, i in wanted.items()}
    steps: dict[str, str] = {}
    for call in step_calls(model.body):
        if call.function not in steps:
            step = _step_import(call.function, model.identifier)
            steps[call.function] = add(step, f"{step.name}_step")
    schedule = _free("SCHEDULE", "DAG_SCHEDULE", taken)
    taken |= {*read, *dir(builtins), schedule}
    if own["pipeline"] == "pipeline":
        taken.discard(
            "pipeline"
        )  # `@pipeline(...) def pipeline` is fine: the decorator is read first.
    function = _free(model.identifier, f"{model.identifier}_pipeline", taken)
    return Names(function, schedule, own, steps, tuple(imports.values()), dag)


def _free(name: str, fallback: str, taken: set[str]) -> str:
    if name not in taken:
        return identifier(name, "name")
    for number in count(1):
        candidate = fallback if number == 1 else f"{fallback}_{number}"
        if candidate not in taken:
            return identifier(candidate, "name")
    raise AssertionError("count() does not end")


def _step_import(function: str, stem: str) -> Import:
    module, _, name = function.rpartition(".")
    return Import(module or f"steps.{stem}", name)
