"""Callbacks as hooks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lower.factory import PlainLowering, dag, dag_file, function, module, span, task
from transpiler.config import MigrationConfig
from transpiler.lower.callbacks import lower_task_callbacks
from transpiler.lower.dag_callbacks import lower_dag_callbacks
from transpiler.lower.mode import Mode, Reason
from transpiler.lower.reader import TaskReader
from transpiler.model.dag import Task
from transpiler.model.pipeline import Expr, Import
from transpiler.model.values import Call, PartialRef, Ref, Symbolic

DAG = module("""
from include.alerts import notify, page

CALLBACK = lambda ctx: notify(ctx)
""")
ALERTS = module(
    """
import requests
from airflow.models import Variable
from airflow.providers.ssh.hooks.ssh import SSHHook

BASE = "https://api.incident.io"
TOKEN = Variable.get("incident_token")


# Tells the team.
def notify(context):
    print(context["ti"].task_id)  # who


def post(path, body):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    requests.post(f"{BASE}{path}", json=body, headers=headers, timeout=5)


def page(context):
    post("/v2/alert_events/http/abc", {"title": str(context["ti"])})


def hooked(context):
    SSHHook("slack").get_conn().exec_command(str(context))


def to_channel(channel):
    def inner(context, level="info"):
        print(channel, level, context)

    return inner
""",
    "include/alerts.py",
)
FILE = dag_file(DAG, ALERTS)
NOTIFY, PAGE, HOOKED = (function(ALERTS, name) for name in ("notify", "page", "hooked"))
NOTIFIER = Call(
    "airflow.providers.discord.notifications.discord.DiscordNotifier",
    (),
    {"text": "x"},
    'send_slack_notification(text="x")',
    span(),
)


def lower(one: Task, config: dict[str, Any] | None = None) -> tuple[dict[str, Expr], PlainLowering]:
    to = PlainLowering(dag(one), FILE, MigrationConfig.model_validate(config or {}))
    hooks, findings = lower_task_callbacks(TaskReader(one), to)  # type: ignore[arg-type]
    to.findings += findings
    return hooks, to


def text(to: PlainLowering) -> str:
    steps = to.callables.build()
    return "" if steps is None else "\n\n".join(steps.definitions)


def test_a_function_is_copied_and_called_by_a_hook() -> None:
    hooks, to = lower(task(on_failure_callback=NOTIFY))
    assert hooks == {"on_failure": Expr("on_failure", frozenset({"on_failure"}))}
    assert text(to) == (
        "# Tells the team.\n"
        "def notify(context):\n"
        '    print(context["ti"].task_id)  # who\n'
        "\n\n"
        "def on_failure(exception: BaseException) -> None:\n"
        "    notify(failure_context(exception))"
    )
    assert to.imports == [Import("steps.nightly", "on_failure")]
    assert to.codes() == ["D2Z309"]


@pytest.mark.parametrize(
    ("name", "option", "expected"),
    [
        (
            "on_success_callback",
            "on_success",
            "def on_success() -> None:\n    notify(success_context())",
        ),
        (
            "on_execute_callback",
            "on_start",
            "def on_start() -> None:\n    notify(callback_context())",
        ),
        (
            "on_retry_callback",
            "on_end",
            "def on_end(exception: BaseException | None = None) -> None:\n"
            "    if exception is not None and retry_pending(exception):\n"
            "        notify(failure_context(exception))",
        ),
    ],
)
def test_each_callback_has_its_hook(name: str, option: str, expected: str) -> None:
    hooks, to = lower(task(**{name: NOTIFY}))
    assert list(hooks) == [option]
    assert text(to).endswith(expected)


@pytest.mark.parametrize("nothing", [None, []])
def test_no_callback(nothing: Any) -> None:
    assert lower(task(on_failure_callback=nothing, on_skipped_callback=nothing))[0] == {}


def test_a_list_is_called_in_order() -> None:
    inner = function(ALERTS, "inner", {"channel": "#ops"})
    partial = PartialRef(PartialRef(inner, (), {"level": "warn"}), (), {})
    hooks, to = lower(task(on_failure_callback=[NOTIFY, partial]))
    assert list(hooks) == ["on_failure"]
    assert "channel = '#ops'" in text(to)
    assert text(to).endswith(
        "    notify(failure_context(exception))\n"
        "    inner(failure_context(exception), level='warn')"
    )


def test_positional_arguments_of_a_partial_come_first() -> None:
    _, to = lower(task(on_failure_callback=PartialRef(NOTIFY, (1,), {})))
    assert text(to).endswith("notify(1, failure_context(exception))")


def test_a_lambda_gets_a_name() -> None:
    _, to = lower(task(on_success_callback=function(DAG, "<lambda>")))
    assert "def on_success_callback(ctx):\n    return notify(ctx)" in text(to)
    assert text(to).endswith("on_success_callback(success_context())")


def test_a_function_from_outside_is_imported() -> None:
    _, to = lower(task(on_failure_callback=Ref("company.alerts.tell")))
    steps = to.callables.build()
    assert steps is not None
    assert Import("company.alerts", "tell") in steps.imports
    assert text(to).endswith("tell(failure_context(exception))")


def test_tasks_share_a_hook_and_other_callbacks_get_one_of_their_own() -> None:
    to = PlainLowering(dag(), FILE)
    names = []
    for callback in (NOTIFY, PartialRef(NOTIFY, (), {"where": "x"}), NOTIFY):
        reader = TaskReader(task(on_failure_callback=callback))
        names.append(lower_task_callbacks(reader, to)[0]["on_failure"].code)  # type: ignore[arg-type]
    assert names == ["on_failure", "on_failure_2", "on_failure"]
    assert text(to).count("def notify") == 1


def test_code_that_posts_to_incident_io_becomes_the_runtimes_hook() -> None:
    hooks, to = lower(task(default_args={"on_failure_callback": PartialRef(PAGE, (), {})}))
    assert hooks == {"on_failure": Expr('"runtime.alerts.incident_io"')}
    assert text(to) == ""
    assert to.codes() == ["D2Z309"]
    assert "incident_io" in to.settings.content().config["alerts"]
    assert [f.severity for f in to.settings.findings] == ["warning"]


def test_only_failures_go_to_incident_io() -> None:
    hooks, to = lower(task(on_success_callback=PAGE))
    assert hooks == {"on_success": Expr("on_success", frozenset({"on_success"}))}
    assert "def page" in text(to)


@pytest.mark.parametrize(
    "pattern", ["include.alerts.notify", "alerts.notify", "notify", "include.*"]
)
def test_migration_yaml_names_a_hook(pattern: str) -> None:
    hooks, to = lower(
        task(on_failure_callback=NOTIFY), {"callbacks": {pattern: "runtime.alerts.incident_io"}}
    )
    assert hooks == {"on_failure": Expr('"runtime.alerts.incident_io"')}
    assert to.codes() == ["D2Z309"]
    assert "alerts" in to.settings.content().config


def test_migration_yaml_drops_or_keeps() -> None:
    hooks, to = lower(task(on_failure_callback=NOTIFY), {"callbacks": {"notify": "drop"}})
    assert hooks == {}
    assert to.codes() == ["D2Z309"]
    hooks, to = lower(task(on_failure_callback=PAGE), {"callbacks": {"page": "keep"}})
    assert hooks["on_failure"].code == "on_failure"
    assert "def post" in text(to)


def test_a_notifier_can_be_mapped() -> None:
    hooks, to = lower(
        task(on_failure_callback=NOTIFIER), {"callbacks": {NOTIFIER.func: "company.hooks.slack"}}
    )
    assert hooks == {"on_failure": Expr('"company.hooks.slack"')}


def test_a_mapped_hook_stands_beside_a_function() -> None:
    _, to = lower(
        task(on_failure_callback=[NOTIFIER, NOTIFY]),
        {"callbacks": {NOTIFIER.func: "company.hooks.slack"}},
    )
    assert text(to).endswith("    notify(failure_context(exception))\n    slack(exception)")


@pytest.mark.parametrize(
    ("callback", "why"),
    [
        pytest.param(NOTIFIER, "not a function of the project", id="notifier"),
        pytest.param(Symbolic("CB", "unknown"), "not a function of the project", id="not known"),
        pytest.param(Ref("airflow.utils.x.tell"), "part of Airflow", id="Airflow's own"),
        pytest.param(HOOKED, "SSHHook", id="uses a hook of Airflow"),
        pytest.param(
            PartialRef(NOTIFY, (Symbolic("X", "unknown"),), {}),
            "known only when the DAG file runs",
            id="argument not known",
        ),
        pytest.param(PartialRef(NOTIFY, (), {"x=1, y": 2}), "no Python name", id="keyword"),
    ],
)
def test_what_cannot_be_called_is_told_and_leaves_nothing(callback: Any, why: str) -> None:
    hooks, to = lower(task(on_failure_callback=callback))
    assert hooks == {}
    assert to.codes() == ["D2Z310"]
    assert why in to.findings[0].message
    assert text(to) == ""


def test_the_rest_of_a_list_is_still_called() -> None:
    hooks, to = lower(task(on_failure_callback=[NOTIFIER, NOTIFY]))
    assert list(hooks) == ["on_failure"]
    assert to.codes() == ["D2Z310", "D2Z309"]


def test_nothing_is_skipped_so_nobody_is_told() -> None:
    hooks, to = lower(task(on_skipped_callback=NOTIFY))
    assert (hooks, to.codes()) == ({}, ["D2Z311"])


def test_where_something_may_be_skipped_somebody_should_be_told() -> None:
    one = task(on_skipped_callback=NOTIFY)
    mode = Mode("static", "static", (Reason("skip can skip its task", span(), "load", skips=True),))
    to = PlainLowering(dag(one), FILE, mode=mode)
    hooks, findings = lower_task_callbacks(TaskReader(one), to)  # type: ignore[arg-type]
    assert (hooks, [found.code for found in findings]) == ({}, ["D2Z310"])


def test_callbacks_of_the_run() -> None:
    of_run = dag(on_failure_callback=NOTIFY, on_success_callback=None)
    options, found = lower_dag_callbacks(PlainLowering(of_run))  # type: ignore[arg-type]
    assert options == {}
    assert [one.code for one in found] == ["D2Z205"]
