"""Run a function in a Python environment of its own, as Airflow's PythonVirtualenvOperator does.

The function sees nothing of the module that it stands in: its source goes into a script, its
arguments and its result through files. Environments are made by uv and kept, by their content.
Source: `airflow.operators.python`, `airflow/utils/python_virtualenv_script.jinja2`.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import logging
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from runtime.callables import AirflowContext, callable_arguments, keyword_arguments
from runtime.exceptions import CommandFailedError, ConfigError, SkipTask, XComError
from runtime.processes import run_process

logger = logging.getLogger(__name__)

CACHE_VARIABLE = "RUNTIME_ENVIRONMENTS"
"""The environment variable that says where environments are kept."""
CONTEXT_KEYS = frozenset(
    "ds ds_nodash next_ds next_ds_nodash prev_ds prev_ds_nodash run_id task_instance_key_str "
    "test_mode tomorrow_ds tomorrow_ds_nodash ts ts_nodash ts_nodash_with_tz yesterday_ds "
    "yesterday_ds_nodash params data_interval_end data_interval_start execution_date logical_date "
    "next_execution_date prev_execution_date".split()
)
"""What of the context another process gets; its dates are pendulum's where that is installed."""
_SCRIPT = """\
from __future__ import annotations

import {serializer} as _serializer
import sys as _sys

virtualenv_string_args = {string_args!r}


{source}

if __name__ == "__main__":
    with open(_sys.argv[1], "rb") as _file:
        _given = _serializer.load(_file)
    try:
        from pendulum import instance as _date
    except ImportError:
        def _date(moment):
            return moment
    _dates = {{key: _date(moment) for key, moment in _given["dates"].items()}}
    _result = {name}(*_given["args"], **_given["kwargs"], **_dates)
    with open(_sys.argv[2], "wb") as _file:
        _serializer.dump(_result, _file, protocol=4)
"""
_PIP_LINES = 500


def call_in_environment(
    function: Callable[..., Any],
    *,
    op_args: Sequence[Any] = (),
    op_kwargs: Mapping[str, Any] | None = None,
    templates_dict: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    python: str | None = None,
    requirements: Sequence[str] | None = None,
    python_version: str | None = None,
    system_site_packages: bool = True,
    install_options: Sequence[str] = (),
    serializer: str = "pickle",
    string_args: Sequence[str] = (),
    skip_on_exit_code: int | Sequence[int] | None = None,
    env: Mapping[str, str] | None = None,
    inherit_env: bool = True,
) -> Any:
    """Call a function in the environment of `python`, or in one with `requirements`.

    Arguments are rendered and taken from the context as by `call_python`, of which only plain values
    are given to another process (`CONTEXT_KEYS`). `python_version` such as `3.11` may be
    another one than this process has. `serializer` is `pickle`, `cloudpickle` or `dill`. Raises
    `CommandFailedError` where the function or the installation fails, `SkipTask` for an exit code
    in `skip_on_exit_code`, and `XComError` for a result that cannot be read here.
    """
    interpreter = python or str(
        environment(requirements or (), python_version, system_site_packages, install_options)
    )
    codes = [skip_on_exit_code] if isinstance(skip_on_exit_code, int) else skip_on_exit_code or []
    source, name = _source(function)
    script = _SCRIPT.format(
        serializer=serializer, string_args=[*string_args], source=source, name=name
    )
    variables = {**(os.environ if inherit_env else {}), **(env or {})}

    args, context = callable_arguments(op_args, op_kwargs, templates_dict, params)
    named = {**(op_kwargs or {}), "templates_dict": templates_dict}
    known = AirflowContext(
        {key: context[key] for key in context if key in CONTEXT_KEYS or key in named}
    )
    kwargs = keyword_arguments(function, args, known)
    given = {"args": list(args), **_split(kwargs, own=named)}
    return _run(interpreter, script, serializer, given, variables, codes)


def _split(kwargs: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give the dates of the context apart, as the standard library's: another process may lack
    pendulum. What the task itself is given goes as it is.
    """
    dates = {
        key: datetime.fromisoformat(value.isoformat())
        for key, value in kwargs.items()
        if isinstance(value, datetime) and key not in own
    }
    return {"kwargs": {key: kwargs[key] for key in kwargs if key not in dates}, "dates": dates}


def environment(
    requirements: Sequence[str],
    python_version: str | None = None,
    system_site_packages: bool = True,
    install_options: Sequence[str] = (),
) -> Path:
    """Give the interpreter of an environment with these requirements, made when first needed.

    Raises `ConfigError` without uv, and `CommandFailedError` with what uv said.
    """
    version = python_version or f"{sys.version_info.major}.{sys.version_info.minor}"
    content = [sorted(requirements), version, system_site_packages, [*install_options]]
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
    folder = _cache() / digest
    if not folder.exists():
        _make(folder, requirements, version, system_site_packages, install_options)
    return folder / "bin" / "python"


def _cache() -> Path:
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path.home() / ".cache" / "dag2zen" / "environments"


def _make(
    folder: Path,
    requirements: Sequence[str],
    version: str,
    system_site_packages: bool,
    install_options: Sequence[str],
) -> None:
    """Make the environment beside its place, and move it there when it is complete."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="new-") as scratch:
        made = Path(scratch) / "environment"
        site = ["--system-site-packages"] if system_site_packages else []
        _uv("venv", "--quiet", "--relocatable", "--python", version, *site, str(made))
        if requirements:
            listed = Path(scratch) / "requirements.txt"
            listed.write_text("\n".join(requirements), encoding="utf-8")
            target = ["--python", str(made / "bin" / "python"), "-r", str(listed)]
            _uv("pip", "install", "--quiet", *target, *install_options)
        try:
            made.rename(folder)
        except OSError:
            # Another process was faster; its environment has the same content.
            if not folder.exists():
                raise


def _uv(*arguments: str) -> None:
    beside = Path(sys.executable).with_name("uv")
    program = str(beside) if beside.exists() else shutil.which("uv")
    if program is None:
        raise ConfigError(
            "A task runs in a Python environment of its own, which needs the program uv. "
            "Install the package uv where the pipeline runs."
        )
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandFailedError(
            f"uv {arguments[0]} failed: {done.stderr.strip()[-_PIP_LINES:]}. "
            "Correct the requirements of the task."
        )


def _source(function: Callable[..., Any]) -> tuple[str, str]:
    """Give the source of a function without its decorators, and its name."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    (definition,) = tree.body
    assert isinstance(definition, (ast.FunctionDef, ast.AsyncFunctionDef))
    definition.decorator_list = []
    return ast.unparse(definition), definition.name


def _run(
    interpreter: str,
    script: str,
    serializer: str,
    values: Mapping[str, Any],
    env: Mapping[str, str],
    skip_codes: Sequence[int],
) -> Any:
    library = __import__(serializer)
    with tempfile.TemporaryDirectory(prefix="call-") as name:
        folder = Path(name)
        (folder / "script.py").write_text(script, encoding="utf-8")
        given, result = folder / "given", folder / "result"
        try:
            given.write_bytes(library.dumps(values, protocol=4))
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            raise XComError(
                f"An argument cannot be handed to another process: {error}. Pass plain data."
            ) from error
        done = run_process(
            [interpreter, str(folder / "script.py"), str(given), str(result)],
            env=env,
            cwd=folder,
            on_line=lambda line: logger.info("%s", line),
        )
        if done.exit_code in skip_codes:
            raise SkipTask(f"The process ended with exit code {done.exit_code}, which means skip.")
        if done.exit_code != 0:
            raise CommandFailedError(
                f"The function failed in its environment with exit code {done.exit_code}. "
                f"Its last line was: {done.last_line[:500]!r}."
            )
        try:
            return library.loads(result.read_bytes())
        except (pickle.UnpicklingError, ImportError, AttributeError, EOFError) as error:
            raise XComError(
                f"The function's result cannot be read in this environment: {error}. "
                "Return plain data."
            ) from error
