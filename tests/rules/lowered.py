"""Rules at work on the text of a DAG file, without the rest of lowering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rules import RuleRegistry
from transpiler.config import load_migration_config
from transpiler.evaluate.read import read_dag_file
from transpiler.lower.callables import Callables
from transpiler.lower.common import take_common
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.lowering import Lowering
from transpiler.lower.mode import choose_mode
from transpiler.lower.reader import TaskReader
from transpiler.lower.settings import Settings
from transpiler.lower.sql_files import SqlFiles
from transpiler.model.dag import Task
from transpiler.model.finding import Finding
from transpiler.model.pipeline import StepCall

REGISTRY = RuleRegistry.load()
HEAD = """\
from datetime import datetime, timedelta
from airflow import DAG
"""


@dataclass
class Lowered:
    """What the rules made of one DAG."""

    calls: list[StepCall] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    untaken: list[str] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    sql: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, object] = field(default_factory=dict)
    dynamic: bool = False
    steps: str = ""
    """The definitions of the steps module."""

    @property
    def texts(self) -> list[str]:
        """The calls as text, each once: those of a loop's turns are alike."""
        return list(dict.fromkeys(call_text(call, self.dynamic) for call in self.calls))

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Code and severity of each finding, of refusals too."""
        return [(found.code, found.severity) for found in (*self.refused, *self.findings)]


def call_text(call: StepCall, dynamic: bool = False) -> str:
    """A call as `function(arguments)`, or `dag.task(function, arguments)`, without id and order."""
    arguments = [arg.code for arg in call.args]
    arguments += [f"{name}={value.code}" for name, value in call.kwargs.items()]
    assign = f"{call.assign} = " if call.assign else ""
    function = call.function.rpartition(".")[2]
    if not dynamic:
        return f"{assign}{function}({', '.join(arguments)})"
    arguments += [f"{name}={value.code}" for name, value in call.scheduling.items()]
    return f"{assign}dag.{call.kind}({', '.join([function, *arguments])})"


def lower(folder: Path, text: str, config: str = "", **files: str) -> Lowered:
    """Run the rules over a DAG file; `files` are texts by path: `__` is `/`, `_dot_` is `.`."""
    (folder / "dag.py").write_text(text, encoding="utf-8")
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    if config:
        (folder / "migration.yaml").write_text(config, encoding="utf-8")
    dag_file = read_dag_file(folder / "dag.py", folder)
    assert dag_file.error is None, dag_file.findings
    result = Lowered()
    for dag in dag_file.dags:
        config_of = load_migration_config(None, folder)
        mode = choose_mode(dag_file, dag, config_of, REGISTRY)
        result.dynamic = mode.dynamic
        to = Lowering(dag_file, dag, config_of, folder, mode)
        to.sql = SqlFiles(to, dag.dag_id.replace("-", "_"))
        to.settings = Settings(dag.dag_id)
        to.callables = Callables(to, dag.dag_id.replace("-", "_"))
        for task in dag.tasks:
            to.expressions.loops = task.loops
            _lower_task(task, to, result)
        result.findings += [*to.findings, *to.settings.findings]
        result.sql = {**result.sql, **to.sql.files}
        result.config = to.settings.content().config
        module = to.callables.build()
        result.steps += "\n".join(module.definitions) if module is not None else ""
    return result


def _lower_task(task: Task, to: Lowering, result: Lowered) -> None:
    rule = REGISTRY.find_for(task)
    assert rule is not None, task.operator
    reader = TaskReader(task)
    take_common(reader, to)
    try:
        calls = rule(reader, to)
        result.calls += calls if isinstance(calls, list) else [calls]
        result.untaken += [argument.name for argument in reader.untaken()]
    except UntranslatableError as error:
        result.refused.append(error.finding)
    result.findings += reader.findings


def one(folder: Path, import_: str, call: str, config: str = "", **files: str) -> Lowered:
    """Run the rule over a DAG of one task, `call`, whose operator is in the module `import_`."""
    operator = call.partition("(")[0]
    text = (
        f"{HEAD}from {import_} import {operator}\nfrom kubernetes.client import models as k8s\n"
        "from airflow.providers.cncf.kubernetes.secret import Secret\n"
        "from airflow.utils.state import State\n"
        f'with DAG("d", start_date=datetime(2024, 1, 1), schedule="@daily"):\n    {call}\n'
    )
    return lower(folder, text, config, **files)
