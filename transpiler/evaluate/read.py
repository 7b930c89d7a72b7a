"""One file to its DAGs: the entry of reading."""

from __future__ import annotations

from pathlib import Path

from transpiler.evaluate.failures import failed, run_failure
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.limits import Budget, Limits
from transpiler.evaluate.module import load_source
from transpiler.evaluate.objects import ModuleValue
from transpiler.evaluate.result import dag_file
from transpiler.model.dag import AirflowRelease, DagFile
from transpiler.source.deep import run_deep
from transpiler.source.discover import find_project_root
from transpiler.source.errors import SourceError

_IMPORT_FOLDERS = ("dags", "plugins", "include", "src")


def read_dag_file(
    path: Path,
    project_root: Path | None = None,
    limits: Limits | None = None,
    airflow: AirflowRelease | None = None,
) -> DagFile:
    """Read a file without running it.

    `airflow` is the release that the file is for, where somebody knows.

    Everything that is wrong with the file becomes a finding in the result; `error` is set where it
    has no usable DAG. Nothing is raised for a bad file.
    """
    return run_deep(lambda: _read(path, project_root, limits or Limits(), airflow))


def _read(
    path: Path, project_root: Path | None, limits: Limits, airflow: AirflowRelease | None
) -> DagFile:
    try:
        root = (project_root or find_project_root(path)).resolve()
        resolved = path.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        return failed(path.name, SourceError("D2Z120", f"cannot read the file: {error}"))
    if not resolved.is_relative_to(root):
        text = "the file, or the file it links to, lies outside the root"
        return failed(path.name, SourceError("D2Z105", text))
    shown = resolved.relative_to(root).as_posix()
    roots = _import_roots(resolved, root)
    ip = Interpreter(root, resolved, Budget(limits), import_roots=roots, airflow=airflow)
    try:
        source = load_source(ip, resolved, f"unusual_prefix_{resolved.stem}")
    except SourceError as error:
        return failed(shown, error)
    frame = Frame("module", source)
    ip.modules[shown] = ModuleValue(source.name, shown, frame)
    failure = run_failure(ip, source, frame)
    return dag_file(ip, source, frame, failure)


def _import_roots(file: Path, root: Path) -> list[Path]:
    """Every folder from the file's own up to the root, the `plugins` beside them, which Airflow
    imports from too, then the root's usual import folders.
    """
    folders = [folder for folder in file.parents if folder.is_relative_to(root)]
    extra = [folder / "plugins" for folder in folders if (folder / "plugins").is_dir()]
    extra += [root / name for name in _IMPORT_FOLDERS if (root / name).is_dir()]
    extra = list(dict.fromkeys(extra))
    return [*folders, *(folder for folder in extra if folder not in folders)]
