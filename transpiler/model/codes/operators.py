"""Codes 3xx: operators, callables and callbacks."""

from __future__ import annotations

from transpiler.model.codes.code import Code

ROWS: tuple[Code, ...] = (
    Code(
        "D2Z301",
        "manual",
        "No rule for this operator",
        "No rule translates the operator; the emitted step raises.",
        "Write the step by hand, or a rule module for the operator.",
    ),
    Code(
        "D2Z302",
        "manual",
        "Argument not translated",
        "The rule for the operator does not know this argument.",
        "Check what the argument does, and write it into the emitted step by hand.",
    ),
    Code(
        "D2Z303",
        "manual",
        "Argument not understood",
        "An argument that the rule needs is missing, has the wrong type or is not known.",
        "Give the argument as a plain value.",
    ),
    Code(
        "D2Z304",
        "manual",
        "Airflow API in a callable",
        "The callable uses a part of Airflow that has no equivalent in the runtime.",
        "Rewrite the line named.",
    ),
    Code(
        "D2Z305",
        "manual",
        "Callable not found",
        "The callable, or something it needs, is not in the project.",
        "Add its module to the project, or install it where the pipeline runs.",
    ),
    Code(
        "D2Z306",
        "info",
        "Container replaced",
        "As migration.yaml asks, the container became steps that load features, predict and write.",
        "Confirm that nothing is missed of what is not carried over; resources of the pod become "
        "ZenML's ResourceSettings of the step.",
    ),
    Code(
        "D2Z307",
        "manual",
        "Callable may skip",
        "The callable can raise a skip; a static pipeline, as was asked for, has no skipped state.",
        "Leave the mode to `auto`, or return early instead.",
    ),
    Code(
        "D2Z308",
        "warning",
        "Setting to fill in",
        "A connection, variable or platform setting that Airflow kept in its database.",
        "Fill in the value in the emitted configuration, or set the environment variable named.",
    ),
    Code(
        "D2Z309",
        "info",
        "Callback translated",
        "The callback became a hook of the steps, or is called at the end of the run.",
        "Nothing to do.",
    ),
    Code(
        "D2Z310",
        "manual",
        "Callback not translated",
        "The callback is not a function of the project, or its place is not supported.",
        "Write a hook by hand.",
    ),
    Code(
        "D2Z311",
        "info",
        "Argument not needed",
        "The argument has no meaning outside Airflow.",
        "Nothing to do.",
    ),
    Code(
        "D2Z312",
        "warning",
        "Waits for a pipeline that must exist",
        "The step waits for runs of another pipeline.",
        "Migrate that DAG too. A step that waits can look into the Airflow where it still runs: `upstreams` in the configuration.",
    ),
    Code(
        "D2Z313",
        "warning",
        "Result has another form",
        "Another task reads the result, which the step gives in another form than the operator.",
        "Check what the other task does with the result.",
    ),
)
