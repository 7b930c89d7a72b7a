"""All files of the emitted project, as text by path."""

from __future__ import annotations

from transpiler.emit.config_file import config_yaml
from transpiler.emit.graph_test import graph_test
from transpiler.emit.pipeline_module import pipeline_module
from transpiler.emit.steps_module import steps_module
from transpiler.model.pipeline import PipelineModel

_PACKAGE = ""
"""`__init__.py` is empty: it makes the folder win over installed packages of the same name."""


def pipeline_path(model: PipelineModel) -> str:
    """The path of the pipeline module below the output folder."""
    return f"pipelines/{model.identifier}.py"


def emit_pipeline(model: PipelineModel) -> dict[str, str]:
    """The files of one DAG: text by path below the output folder, forward slashes.

    A DAG without tasks has no files, because ZenML refuses an empty pipeline. Raises EmitError.
    """
    if not model.tasks:
        return {}
    name = model.identifier
    files = {"pipelines/__init__.py": _PACKAGE, pipeline_path(model): pipeline_module(model)}
    if model.steps_module is not None:
        files["steps/__init__.py"] = _PACKAGE
        files[f"steps/{name}.py"] = steps_module(model, model.steps_module)
    files.update({f"sql/{path}": text for path, text in model.sql_files.items()})
    files[f"configs/{name}.yaml"] = config_yaml(model.config, model.config_comments)
    files["tests/__init__.py"] = _PACKAGE
    files[f"tests/test_{name}.py"] = graph_test(model)
    return files
