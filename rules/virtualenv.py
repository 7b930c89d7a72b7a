"""Python callables that run in an environment of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given, refused
from rules.container import may_skip
from rules.python import rendered
from rules.registry import Example, rule
from transpiler.lower.reporting import about, report_once
from transpiler.model.values import is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import Expr, StepCall

_DOCS = (
    "https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/python.html"
)
_SERIALIZERS = ("pickle", "cloudpickle", "dill")

_VIRTUALENV = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonVirtualenvOperator


def score(day):
    import sklearn

    return f"{day} {sklearn.__version__}"


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    PythonVirtualenvOperator(
        task_id="score",
        python_callable=score,
        requirements=["scikit-learn==1.5.2"],
        system_site_packages=False,
        op_kwargs={"day": "{{ ds }}"},
    )
""",
    after="""\
score_step(day="{{ ds }}", id="score")
""",
)
_EXTERNAL = Example(
    before="""\
from datetime import datetime

from airflow.decorators import dag, task


@task.external_python(python="/opt/models/bin/python")
def predict():
    return 1


@dag(start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False)
def nightly():
    predict()


nightly()
""",
    after="""\
predict_step(id="predict")
""",
)


@rule(
    "airflow.operators.python.PythonVirtualenvOperator",
    "airflow.operators.python_operator.PythonVirtualenvOperator",
    "airflow.providers.standard.operators.python.PythonVirtualenvOperator",
    "airflow.decorators.task.virtualenv",
    "airflow.sdk.task.virtualenv",
    docs=_DOCS,
    examples=[_VIRTUALENV],
    dynamic=may_skip,
)
def python_virtualenv_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The callable runs by `call_in_environment` in an environment that uv makes from the
    requirements, and keeps.
    """
    task.not_needed("venv_cache_path", why="environments are kept where RUNTIME_ENVIRONMENTS says")
    options = {
        "requirements": _requirements(task, to),
        "python_version": _text(task, to, "python_version"),
        "system_site_packages": _flag(task, to, "system_site_packages", default=True),
        "install_options": _install_options(task, to),
        **_shared(task, to),
    }
    return _step(task, to, options)


@rule(
    "airflow.operators.python.ExternalPythonOperator",
    "airflow.providers.standard.operators.python.ExternalPythonOperator",
    "airflow.decorators.task.external_python",
    "airflow.sdk.task.external_python",
    docs=_DOCS,
    examples=[_EXTERNAL],
    dynamic=may_skip,
)
def external_python_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The callable runs by `call_in_environment` in the environment of the interpreter named, which
    must be there where the pipeline runs.
    """
    python = task.require("python")
    if not is_known(python.value):
        raise refused(task, python, "python is not a path that is known from the file")
    detail = f"the interpreter {str(python.value)!r} must be there where the pipeline runs"
    report_once(to, about("D2Z308", python, detail, task_id=task.task_id))
    return _step(task, to, {"python": to.literal(str(python.value)), **_shared(task, to)})


def _step(
    task: TaskReader, to: Lowering, options: dict[str, Expr | None]
) -> StepCall | list[StepCall]:
    task.not_needed("show_return_value_in_logs", why="ZenML keeps the return value as an artifact")
    task.not_needed(
        "expect_airflow", "expect_pendulum", why="the environment is not looked at for Airflow"
    )
    callable_ = task.take("python_callable")
    function = task.task.function or (callable_.value if callable_ is not None else None)
    return to.callables.step(
        task,
        function,
        op_args=rendered(task, to, "op_args"),
        op_kwargs=rendered(task, to, "op_kwargs"),
        templates_dict=rendered(task, to, "templates_dict"),
        environment={name: value for name, value in options.items() if value is not None},
    )


def _shared(task: TaskReader, to: Lowering) -> dict[str, Expr | None]:
    """Arguments that both operators have."""
    return {
        "serializer": _serializer(task, to),
        "string_args": _list(task, to, "string_args"),
        "skip_on_exit_code": _skip_codes(task, to),
        "env": _env(task, to),
        "inherit_env": _flag(task, to, "inherit_env", default=True),
    }


def _requirements(task: TaskReader, to: Lowering) -> Expr | None:
    """A list, lines of text, or the name of a file with such lines."""
    argument = given(task, "requirements")
    if argument is None:
        return None
    value = argument.value
    if isinstance(value, str):
        text = to.sql.template_text(value, argument.span) if value.endswith(".txt") else value
        value = [line.strip() for line in text.splitlines() if line.strip()]
    if not is_known(value) or not all(isinstance(one, str) for one in value):
        raise refused(task, argument, "requirements is not a list that is known from the file")
    if any("{{" in one for one in value):
        raise refused(task, argument, "requirements has a template, which is not rendered here")
    return to.literal([*value])


def _install_options(task: TaskReader, to: Lowering) -> Expr | None:
    """Options of pip and indexes; uv has the same ones."""
    options = [str(one) for one in task.value("pip_install_options", None) or []]
    urls = task.value("index_urls", None)
    if urls is not None:
        listed = [urls] if isinstance(urls, str) else [*urls]
        names = ["--default-index", *["--index"] * (len(listed) - 1)]
        options += [word for pair in zip(names, listed, strict=False) for word in pair]
        options += [] if listed else ["--no-index"]
    return to.literal(options) if options else None


def _text(task: TaskReader, to: Lowering, name: str) -> Expr | None:
    value = task.value(name, None)
    return None if value is None else to.literal(str(value))


def _flag(task: TaskReader, to: Lowering, name: str, *, default: bool) -> Expr | None:
    value = bool(task.value(name, default))
    return None if value is default else to.literal(value)


def _list(task: TaskReader, to: Lowering, name: str) -> Expr | None:
    value = task.value(name, None)
    return to.literal([str(one) for one in value]) if value else None


def _env(task: TaskReader, to: Lowering) -> Expr | None:
    value = task.value("env_vars", None)
    return to.literal({str(k): str(v) for k, v in value.items()}) if value else None


def _skip_codes(task: TaskReader, to: Lowering) -> Expr | None:
    value = task.value("skip_on_exit_code", None)
    if value is None:
        return None
    return to.literal(value if isinstance(value, int) else sorted(value))


def _serializer(task: TaskReader, to: Lowering) -> Expr | None:
    use_dill = task.value("use_dill", False)
    name = task.value("serializer", None) or ("dill" if use_dill else "pickle")
    if name not in _SERIALIZERS:
        argument = task.require("serializer")
        raise refused(task, argument, f"serializer is {name!r}, which Airflow does not know")
    return None if name == "pickle" else to.literal(name)
