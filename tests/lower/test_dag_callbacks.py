"""Callbacks of a DAG as arguments of DagRun."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lower.factory import PlainLowering, dag, dag_file, function, module, span
from transpiler.config import MigrationConfig
from transpiler.lower.dag_callbacks import called_at_end, lower_dag_callbacks
from transpiler.lower.mode import Mode
from transpiler.model.pipeline import Expr, Import
from transpiler.model.values import Call, PartialRef, Ref, Symbolic, Value

ALERTS = module(
    """
import requests

BASE = "https://api.incident.io"


def notify(context):
    print(context["reason"])


def page(context):
    requests.post(f"{BASE}/v2/alert_events/http/abc", json={"title": str(context)})


TELL = lambda context: notify(context)
""",
    "include/alerts.py",
)
FILE = dag_file(module(""), ALERTS)
NOTIFY, PAGE, TELL = (function(ALERTS, name) for name in ("notify", "page", "<lambda>"))
NOTIFIER = Call("airflow.providers.slack.notifications.slack.X", (), {}, "X()", span())


def lower(
    callback: Value, config: dict[str, Any] | None = None, dynamic: bool = True
) -> tuple[dict[str, str], PlainLowering]:
    mode = Mode("dynamic") if dynamic else Mode()
    to = PlainLowering(
        dag(on_failure_callback=callback),
        FILE,
        MigrationConfig.model_validate(config or {}),
        mode=mode,
    )
    options, findings = lower_dag_callbacks(to)  # type: ignore[arg-type]
    to.findings += findings
    return {name: expr.code for name, expr in options.items()}, to


def steps(to: PlainLowering) -> str:
    built = to.callables.build()
    return "" if built is None else "\n".join(built.definitions)


def test_a_function_moves_to_the_steps_module() -> None:
    options, to = lower(NOTIFY)
    assert options == {"on_failure": "notify"}
    assert steps(to) == 'def notify(context):\n    print(context["reason"])\n'
    assert to.imports == [Import("steps.nightly", "notify")]
    assert to.codes() == ["D2Z309"]


def test_a_lambda_is_called_by_what_it_is_for() -> None:
    options, to = lower(TELL)
    assert options == {"on_failure": "on_failure"}
    assert "def on_failure(context):\n    return notify(context)" in steps(to)


def test_a_list_stays_a_list() -> None:
    options, to = lower([NOTIFY, Ref("notices.tell")])
    assert options == {"on_failure": "[notify, tell]"}
    assert to.imports == [Import("steps.nightly", "notify"), Import("notices", "tell")]


def test_a_partial_stays_a_partial() -> None:
    options, to = lower(PartialRef(PartialRef(NOTIFY, (1,), {}), (), {"channel": "#ops"}))
    assert options == {"on_failure": "partial(notify, 1, channel='#ops')"}
    assert Import("functools", "partial") in to.imports


@pytest.mark.parametrize(
    ("callback", "why"),
    [
        (NOTIFIER, "it is not a function of the project"),
        (Ref("airflow.utils.email.send_email"), "it is not a function of the project"),
        (Ref("print"), "it is not a function of the project"),
        (
            PartialRef(NOTIFY, (Symbolic("now()", "clock"),), {}),
            "an argument of the partial is known only when the DAG file runs",
        ),
        (PartialRef(NOTIFY, (), {"not a name": 1}), "a keyword of the partial is no Python name"),
    ],
)
def test_what_cannot_be_called_is_told(callback: Value, why: str) -> None:
    options, to = lower(callback)
    assert options == {}
    assert to.codes() == ["D2Z310"]
    assert to.findings[0].message.endswith(f"is not called: {why}")


def test_a_callback_that_posts_to_incident_io() -> None:
    options, to = lower(PAGE)
    assert options == {"on_failure": '"runtime.alerts.incident_io_run"'}
    assert [(one.code, one.severity) for one in to.findings] == [("D2Z309", "warning")]
    assert [one.code for one in to.settings.findings] == ["D2Z308"]


@pytest.mark.parametrize(
    ("mapped", "expected", "severity"),
    [
        ("keep", {"on_failure": "page"}, "info"),
        ("runtime.alerts.incident_io", {"on_failure": '"runtime.alerts.incident_io_run"'}, "info"),
        ("company.hooks.tell", {"on_failure": '"company.hooks.tell"'}, "warning"),
        ("drop", {}, "info"),
    ],
)
def test_migration_yaml_decides(mapped: str, expected: dict[str, str], severity: str) -> None:
    options, to = lower(PAGE, {"callbacks": {"include.alerts.page": mapped}})
    assert options == expected
    assert [(one.code, one.severity) for one in to.findings] == [("D2Z309", severity)]


def test_a_static_pipeline_has_no_place_for_it() -> None:
    options, to = lower(NOTIFY, dynamic=False)
    assert (options, to.codes()) == ({}, ["D2Z205"])


def test_a_callback_that_is_dropped_needs_no_scheduler() -> None:
    config = MigrationConfig.model_validate({"callbacks": {"notify": "drop"}})
    assert called_at_end(dag(on_failure_callback=NOTIFY), config) == []
    assert len(called_at_end(dag(on_failure_callback=[NOTIFY, PAGE]), config)) == 1
    options, to = lower(NOTIFY, {"callbacks": {"notify": "drop"}}, dynamic=False)
    assert (options, to.codes()) == ({}, ["D2Z309"])


def test_expressions_know_their_names() -> None:
    mode = Mode("dynamic")
    to = PlainLowering(dag(on_success_callback=[NOTIFY, PAGE]), FILE, MigrationConfig(), mode=mode)
    options, _ = lower_dag_callbacks(to)  # type: ignore[arg-type]
    assert options["on_success"] == Expr(
        '[notify, "runtime.alerts.incident_io_run"]', frozenset({"notify"})
    )
