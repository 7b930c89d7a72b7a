"""What ZenML compiles from emitted pipelines, as JSON.

A program of its own: `EXE zenml_facts.py DIR pipelines/a.py …`, where EXE is a Python that has
ZenML and the runtime. dag2zen starts it as a process and never imports it. It loads the emitted
code.

Prints `{"pipelines/a.py": {"error": null, "name": …, "steps": {id: {"upstream", "retries",
"retry_delay_seconds"}}}}`; steps of a dynamic pipeline have `trigger_rule`, `kind`, `mapped`,
`setup` and `teardown`, too.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml

_OS = {os.__file__, "<frozen os>"}
"""Where a look-up in the environment fails."""
_DAY = datetime(2024, 1, 1, tzinfo=timezone.utc)


def pipeline_facts(path: str) -> dict[str, Any]:
    """Facts of the one pipeline that the module defines."""
    from zenml.client import Client
    from zenml.config.compiler import Compiler
    from zenml.config.pipeline_run_configuration import PipelineRunConfiguration
    from zenml.pipelines.pipeline_definition import Pipeline

    from runtime.context import RunContext

    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    found = [value for value in vars(module).values() if isinstance(value, Pipeline)]
    if len(found) != 1:
        raise ValueError(f"{path} has {len(found)} pipelines, not one")
    pipeline = found[0]
    run = RunContext(
        dag_id=pipeline.name,
        run_id="verify",
        logical_date=_DAY,
        data_interval_start=_DAY,
        data_interval_end=_DAY,
        params=_params(path),
    )
    if pipeline.is_dynamic:
        return {"name": pipeline.name, "steps": planned_steps(pipeline, run)}
    pipeline.prepare(run=run)
    compiled = Compiler().compile(
        pipeline=pipeline,
        stack=Client().active_stack,
        run_configuration=PipelineRunConfiguration(),
    )
    steps = {name: step_facts(step) for name, step in compiled.step_configurations.items()}
    return {"name": pipeline.name, "steps": steps}


def _params(path: str) -> dict[str, Any]:
    """Defaults of the DAG's params from the pipeline's configuration, None for those without; the
    rest of it needs an environment.
    """
    file = Path(sys.path[0]) / "configs" / f"{Path(path).stem}.yaml"
    if not file.is_file():
        return {}
    config = yaml.safe_load(file.read_text(encoding="utf-8"))
    without = dict.fromkeys(config.get("param_schemas") or {})
    return {**without, **(config.get("params") or {})}


def step_facts(step: Any) -> dict[str, Any]:
    """Facts of one step: ids of the steps before it, retries and their delay."""
    retry = step.config.retry
    return {
        "upstream": sorted(step.spec.upstream_steps),
        "retries": retry.max_retries if retry else 0,
        "retry_delay_seconds": retry.delay if retry else 0,
    }


def planned_steps(pipeline: Any, run: Any) -> dict[str, Any]:
    """Facts of the steps of a dynamic pipeline, from what it notes; nothing is run."""
    from runtime.dagrun import plan

    return {
        task.id: {
            "upstream": sorted(task.upstream),
            "retries": task.retries,
            "retry_delay_seconds": task.retry_delay_seconds,
            "trigger_rule": task.trigger_rule,
            "kind": task.kind,
            "mapped": task.mapped,
            "setup": task.setup,
            "teardown": task.teardown,
        }
        for task in plan(pipeline, run).tasks
    }


def guarded(path: str) -> dict[str, Any]:
    """The facts, or the error that loading or compiling ended with."""
    try:
        return {"error": None, **pipeline_facts(path)}
    except Exception as error:  # the emitted code may raise anything; it is a fact about it
        return {"error": _cause(error), "name": None, "steps": None}


def _cause(error: Exception) -> str:
    """What went wrong, with the line of the emitted code; and what helps, where that is known."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(sys.path[0])]
    place = f" at {Path(own[-1].filename).relative_to(sys.path[0])}:{own[-1].lineno}" if own else ""
    if isinstance(error, KeyError) and frames[-1].filename in _OS:
        name = error.args[0]
        return f"{name} is not set in the environment{place}; for this, any value will do"
    return f"{type(error).__name__}: {error}{place}"


def main() -> None:
    """Print the facts of the pipelines named on the command line."""
    folder, *paths = sys.argv[1:]
    # This program's own folder is no import root; the emitted project's is, and where `runtime` is.
    sys.path[0] = folder
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    # ZenML and the emitted code print: what they say belongs on stderr, the JSON alone on stdout.
    stdout = os.dup(1)
    os.dup2(2, 1)
    sys.dont_write_bytecode = True
    from runtime.memory import collect_seldom

    collect_seldom()  # importing ZenML takes a quarter less time
    from zenml.utils import source_utils

    source_utils.set_custom_source_root(folder)
    os.environ.setdefault("RUNTIME_PROJECT_ROOT", str(Path(folder)))
    document = {path: guarded(path) for path in paths}
    with os.fdopen(stdout, "w", encoding="utf-8") as stream:
        json.dump(document, stream)


if __name__ == "__main__":
    main()
