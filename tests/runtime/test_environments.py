"""Functions that run in a Python environment of their own."""

from __future__ import annotations

import sys
import threading
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from runtime.callables import call_python, verbatim
from runtime.environments import CACHE_VARIABLE, call_in_environment, environment
from runtime.exceptions import CommandFailedError, ConfigError, SkipTask, XComError

InStep = Callable[[Callable[[], Any]], Any]
HERE = sys.executable


def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
    """Stand for a decorator of Airflow."""
    return function


@decorated
def describe(day, numbers, ds=None, logical_date=None, params=None, ti="none"):  # type: ignore[no-untyped-def]
    import os
    import sys

    texts = virtualenv_string_args  # type: ignore[name-defined]  # noqa: F821
    outside = "decorated" in globals()
    date = type(logical_date).__module__, str(logical_date)
    return {
        "given": [day, sum(numbers), ds, params["market"], ti],
        "around": [texts, outside, date],
        "process": [os.environ.get("COLOUR"), os.environ.get("HOME") is not None, sys.executable],
    }


def everything(**context):  # type: ignore[no-untyped-def]
    return sorted(context)


def ends(code):  # type: ignore[no-untyped-def]
    raise SystemExit(code)


def gives_a_class():  # type: ignore[no-untyped-def]
    class Inner:
        pass

    return Inner()


def shows_date(logical_date, mine):  # type: ignore[no-untyped-def]
    return [repr(logical_date), mine.__class__.__module__]


def uses_package():  # type: ignore[no-untyped-def]
    import tiny_probe_package  # type: ignore[import-not-found]

    return tiny_probe_package.ANSWER


def test_arguments_context_and_process(in_step: InStep) -> None:
    found = in_step(
        lambda: call_in_environment(
            describe,
            op_args=["{{ ds }}"],
            op_kwargs={"numbers": verbatim([1, 2])},
            python=HERE,
            string_args=["a", "b"],
            env={"COLOUR": "red"},
            inherit_env=False,
        )
    )
    assert found == {
        "given": ["2024-01-02", 3, "2024-01-02", "BE", "none"],
        "around": [["a", "b"], False, ("pendulum.datetime", "2024-01-02 02:00:00+00:00")],
        "process": ["red", False, HERE],
    }


def test_what_of_the_context_is_passed(in_step: InStep) -> None:
    names = in_step(lambda: call_in_environment(everything, op_kwargs={"own": 1}, python=HERE))
    assert {"ds", "own", "params", "run_id", "logical_date"} <= set(names)
    assert not {"ti", "dag", "var", "macros", "task_instance"} & set(names)


def test_dates_where_pendulum_is_missing(in_step: InStep, tmp_path: Path) -> None:
    (tmp_path / "pendulum.py").write_text("raise ImportError", encoding="utf-8")
    found = in_step(
        lambda: call_in_environment(
            shows_date,
            op_kwargs={"mine": datetime(2024, 1, 1)},
            python=HERE,
            env={"PYTHONPATH": str(tmp_path)},
        )
    )
    assert found == [
        "datetime.datetime(2024, 1, 2, 2, 0, tzinfo=datetime.timezone.utc)",
        "datetime",
    ]


def test_how_the_process_ends(in_step: InStep) -> None:
    def call(code: int, skip: int | list[int] | None) -> Callable[[], Any]:
        return lambda: call_in_environment(
            ends, op_args=[code], python=HERE, skip_on_exit_code=skip
        )

    with pytest.raises(CommandFailedError, match="exit code 3"):
        in_step(call(3, None))
    with pytest.raises(SkipTask, match="exit code 4"):
        in_step(call(4, [4, 5]))
    with pytest.raises(SkipTask):
        in_step(call(4, 4))


def test_what_cannot_be_handed_over(in_step: InStep) -> None:
    lock = threading.Lock()
    with pytest.raises(XComError, match="cannot be handed to another process"):
        in_step(lambda: call_in_environment(ends, op_args=[lock], python=HERE))
    with pytest.raises(CommandFailedError, match="failed in its environment"):
        in_step(lambda: call_in_environment(gives_a_class, python=HERE))


def test_an_environment_with_requirements(
    in_step: InStep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "kept"))
    wheel = _wheel(tmp_path)
    offline = ["--offline", "--no-index"]

    def call() -> Any:
        return call_in_environment(
            uses_package,
            requirements=[str(wheel)],
            system_site_packages=False,
            install_options=offline,
        )

    assert [in_step(call), in_step(call)] == [42, 42]
    assert len([*(tmp_path / "kept").iterdir()]) == 1
    with pytest.raises(CommandFailedError, match="uv pip failed"):
        environment([str(tmp_path / "missing.whl")], install_options=offline)
    assert len([*(tmp_path / "kept").iterdir()]) == 1


def test_without_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(ConfigError, match="needs the program uv"):
        environment([])


def test_whole_lists_are_kept_from_rendering(in_step: InStep) -> None:
    given = verbatim(["{{ ds }}", 1])
    assert in_step(lambda: call_python(lambda *args: args, op_args=given)) == ("{{ ds }}", 1)
    both = verbatim({"x": "{{ ds }}"})
    result = in_step(lambda: call_python(lambda x, y: [x, y], op_kwargs={**both, "y": "{{ ds }}"}))
    assert result == ["{{ ds }}", "2024-01-02"]


def _wheel(folder: Path) -> Path:
    """A package `tiny_probe_package` of one module."""
    path = folder / "tiny_probe_package-1.0-py3-none-any.whl"
    info = "tiny_probe_package-1.0.dist-info"
    files = {
        "tiny_probe_package.py": "ANSWER = 42\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny-probe-package\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(name, text)
    return path
