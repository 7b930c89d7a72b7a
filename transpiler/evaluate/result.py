"""The DagFile of an evaluated file."""

from __future__ import annotations

from transpiler.evaluate import versions
from transpiler.evaluate.builders import DagBuilder
from transpiler.evaluate.checks import check_dag
from transpiler.evaluate.equal_keys import report_equal_keys
from transpiler.evaluate.errors import LimitReached
from transpiler.evaluate.export import export_dag
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter, ModuleSource
from transpiler.evaluate.iterators import report_waiting
from transpiler.model.dag import Dag, DagFile, SourceModule
from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span


def dag_file(
    ip: Interpreter, source: ModuleSource, frame: Frame, failure: Finding | None
) -> DagFile:
    """DAGs, modules and findings of a file; no DAGs where a failure ended its evaluation."""
    report_waiting(ip)
    report_equal_keys(ip)
    builders = [] if failure else _registered(ip, frame)
    kept, twice = check_dag.unique(builders)
    findings = [*ip.findings, *([failure] if failure else []), *twice]
    if not builders and not any(item.severity == "manual" for item in findings):
        text = "reading the file to its end made no DAG"
        findings.append(finding("D2Z106", Span(source.path, 1, 1), text))
    dags: list[Dag] = []
    for builder in kept:
        made, problems = _export(builder)
        dags.extend(made)
        findings.extend(problems)
    # The first failure says why there is no DAG.
    fatal = failure or next((item for item in findings if item.severity == "manual"), None)
    return DagFile(
        path=source.path,
        dags=tuple(dags),
        modules={path: _module(ip, path) for path in ip.sources},
        findings=tuple(findings),
        error=f"{fatal.code}: {fatal.message}" if fatal and not dags else None,
        encoding=source.encoding,
        files_read=tuple(sorted(ip.files_read)),
        airflow=versions.release(ip),
        executed=frozenset(ip.executed),
        outside=ip.outside,
    )


def _export(builder: DagBuilder) -> tuple[list[Dag], list[Finding]]:
    """The DAG, or the findings that say why Airflow or this tool refuses it."""
    problems = check_dag.problems(builder)
    if any(problem.code in check_dag.FATAL for problem in problems):
        return [], problems
    try:
        return [export_dag(builder, tuple(problems))], []
    except LimitReached as error:
        return [], [*problems, finding("D2Z108", builder.span, error.what)]


def _registered(ip: Interpreter, frame: Frame) -> list[DagBuilder]:
    """DAGs that Airflow finds: bound to a name of the module, used by `with`, or made by `@dag`."""
    named = {id(value) for value in frame.names.values() if isinstance(value, DagBuilder)}
    return [dag for dag in ip.dags if dag.registered or id(dag) in named]


def _module(ip: Interpreter, path: str) -> SourceModule:
    source, value = ip.sources[path], ip.modules.get(path)
    imports = dict(value.frame.imported) if value is not None else {}
    return SourceModule(path, source.tree, source.name, imports, source.tree.get_docstring())
