"""How to run the pipelines, switch over from Airflow, and go back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from transpiler.report.markdown import code, escaped
from transpiler.report.models import DagEntry
from transpiler.workspace.pull_request.subject import AirflowVersion, Subject


def operation_sections(subject: Subject) -> Iterator[str]:
    """The three sections."""
    yield from _run(subject)
    yield from _switch(subject)
    yield from _roll_back(subject)


def _run(subject: Subject) -> Iterator[str]:
    yield "## How to run\n"
    yield "```bash"
    yield "pip install 'dag2zen[runtime]'"
    yield f"cd {shlex.quote(subject.links.out)}"
    yield from (f"export {name}=..." for name in subject.variables)
    for _, dag in subject.dags:
        yield f"dag2zen run {shlex.quote(str(dag.pipeline))}"
    yield "```\n"
    yield (
        "That runs the newest date of the schedule on the active ZenML stack; `--logical-date` "
        "takes another one. `python -m pytest tests` runs the tests.\n"
    )


def _switch(subject: Subject) -> Iterator[str]:
    scheduled = [dag for _, dag in subject.dags if dag.schedule]
    yield "## What to switch off in Airflow\n"
    yield "After a run whose results you have compared, and before the next date is due:\n"
    yield "1. Pause the DAG, and wait until no run is under way:\n"
    yield "   ```bash"
    for file, dag in subject.dags:
        version = subject.airflow.get(file.path) or AirflowVersion(2, None)
        yield f"   airflow dags pause {shlex.quote(dag.dag_id)}"
        yield f"   {_running(dag, version)}"
    yield "   ```\n"
    yield from _versions(subject)
    if scheduled:
        yield "2. Hand the schedule to the orchestrator of the ZenML stack:\n"
        yield "   ```bash"
        yield from (f"   python {shlex.quote(str(dag.pipeline))} --schedule" for dag in scheduled)
        yield "   ```\n"
        yield (
            "   Where that cannot schedule, or the DAG starts by assets, `dag2zen listen .` starts "
            "the runs, with catchup.\n"
        )
    number = 3 if scheduled else 2
    yield f"{number}. When you no longer want to go back, delete the DAG file in a change of its own.\n"
    yield from _others_that_wait(subject)


def _running(dag: DagEntry, version: AirflowVersion) -> str:
    """The command that lists running runs; Airflow 3 takes the DAG id as an argument."""
    name = shlex.quote(dag.dag_id)
    option = "-d " if version.major < 3 else ""
    return f"airflow dags list-runs {option}{name} --state running"


def _versions(subject: Subject) -> Iterator[str]:
    """For which Airflow the commands are."""
    for file in dict.fromkeys(file.path for file, _ in subject.dags):
        version = subject.airflow.get(file)
        if version is None or version.source is None:
            yield (
                "   Nothing in the repository says which Airflow this is; the commands are those of "
                "Airflow 2. Airflow 1.10 has `airflow pause`, Airflow 3 `list-runs` without `-d`.\n"
            )
            return
        yield f"   For Airflow {version.major}: {escaped(version.source)}.\n"


def _others_that_wait(subject: Subject) -> Iterator[str]:
    waited = sorted(
        {
            other
            for _, dag in subject.dags
            for task in dag.tasks
            for other in (*task.waits_for, *task.triggers)
        }
        - {dag.dag_id for _, dag in subject.dags}
    )
    if waited:
        names = ", ".join(code(name) for name in waited)
        yield (
            f"The pipeline waits for runs of, or starts, {names}. It looks for them in ZenML, so "
            "these come first.\n"
        )


def _roll_back(subject: Subject) -> Iterator[str]:
    yield "## How to roll back\n"
    yield "```bash"
    if any(dag.schedule for _, dag in subject.dags):
        yield "zenml pipeline schedule list"
        yield "zenml pipeline schedule delete NAME"
    for _, dag in subject.dags:
        yield f"airflow dags unpause {shlex.quote(dag.dag_id)}"
    yield "```\n"
    catching = [code(dag.dag_id) for _, dag in subject.dags if dag.catchup]
    if catching:
        yield (
            f"Airflow then also runs the dates in between ({', '.join(catching)}: `catchup=True`), "
            "those that ZenML has done among them."
        )
    else:
        yield "Airflow then goes on with the newest date."
    yield "\nReverting this change removes the pipeline; the DAG file was never touched."
