"""What becomes of the arguments that every Airflow operator has, as data.

The names are those of `BaseOperator.__init__` in Airflow 1.10, 2.x (airflow/models/baseoperator.py)
and 3.x (task-sdk, airflow/sdk/bases/operator.py). Arguments that are translated (retries,
callbacks, timeout, trigger rule, e-mail, dates) are in common.py. `params` and `resources` are not
here: rules read them, because operators give them a meaning of their own, and what no rule read
becomes a finding by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One argument: the values at which it does nothing (Airflow's defaults), else a finding of
    this code.
    """

    name: str
    code: str
    text: str
    silent: tuple[Any, ...] = (None,)


_HINT = "D2Z210"
_NOT_NEEDED = "D2Z311"

ROWS: tuple[Row, ...] = (
    Row("owner", _HINT, "the owner is shown by Airflow only", (None, "airflow")),
    Row("priority_weight", _HINT, "it orders tasks that wait for one worker pool", (None, 1)),
    Row(
        "weight_rule", _HINT, "it orders tasks that wait for one worker pool", (None, "downstream")
    ),
    Row(
        "queue",
        _HINT,
        "it names a queue of Airflow's workers; ZenML's stack decides where steps run",
        (None, "default"),
    ),
    Row(
        "executor", _HINT, "it names an executor of Airflow; ZenML's stack decides where steps run"
    ),
    Row("task_display_name", _HINT, "it is shown by Airflow only"),
    Row("map_index_template", _HINT, "it is shown by Airflow only"),
    Row("logger_name", _HINT, "ZenML names its own loggers"),
    Row("allow_nested_operators", _HINT, "steps are not operators", (None, True, False)),
    Row("doc", _HINT, "the text is shown by Airflow only"),
    Row("doc_md", _HINT, "the text is shown by Airflow only"),
    Row("doc_json", _HINT, "the text is shown by Airflow only"),
    Row("doc_yaml", _HINT, "the text is shown by Airflow only"),
    Row("doc_rst", _HINT, "the text is shown by Airflow only"),
    Row(
        "inlets",
        _HINT,
        "it is lineage that Airflow shows; ZenML records artifacts itself",
        (None, [], ()),
    ),
    Row("start_from_trigger", _HINT, "ZenML has no triggerer", (None, False)),
    Row("start_trigger_args", _HINT, "ZenML has no triggerer"),
    Row("adhoc", _NOT_NEEDED, "Airflow ignores it since 1.10", (None, False)),
    Row(
        "provide_context",
        _NOT_NEEDED,
        "callables get the context keys that they name",
        (None, True, False),
    ),
    Row(
        "ignore_first_depends_on_past",
        "D2Z204",
        "the first run waits for an earlier one, too",
        (None, True),
    ),
    Row(
        "wait_for_past_depends_before_skipping",
        "D2Z204",
        "the task is skipped only after its own earlier run",
        (None, False),
    ),
    Row("pool", "D2Z212", "a pool limits how many tasks run at one time", (None, "default_pool")),
    Row("pool_slots", "D2Z212", "the task takes more than one slot of its pool", (None, 1)),
    Row("task_concurrency", "D2Z212", "it limits how many runs of the task run at one time"),
    Row("max_active_tis_per_dag", "D2Z212", "it limits how many runs of the task run at one time"),
    Row(
        "max_active_tis_per_dagrun",
        "D2Z212",
        "it limits how many instances of the task run at one time",
    ),
    Row(
        "depends_on_past",
        "D2Z204",
        "the task waits for the success of its own earlier run",
        (None, False),
    ),
    Row(
        "wait_for_downstream",
        "D2Z204",
        "the task waits for the tasks after its own earlier run",
        (None, False),
    ),
    Row(
        "depends_on_previous_tasks",
        "D2Z204",
        "the task waits for tasks of the earlier run",
        (None, [], ()),
    ),
    Row("run_as_user", "D2Z302", "Airflow runs the task as this operating system user"),
    Row(
        "executor_config",
        "D2Z302",
        "it changes the pod or the worker that the task runs in; write it as step settings",
        (None, {}),
    ),
    Row(
        "render_template_as_native_obj",
        "D2Z302",
        "templates of the task give Python objects instead of text",
        (None, False),
    ),
    Row("pre_execute", "D2Z310", "Airflow calls it before the task"),
    Row("post_execute", "D2Z310", "Airflow calls it after the task"),
)

SCHEDULED = {
    row.name: row.silent
    for row in ROWS
    if row.name
    in (
        "depends_on_past",
        "wait_for_downstream",
        "pool",
        "pool_slots",
        "task_concurrency",
        "max_active_tis_per_dag",
        "max_active_tis_per_dagrun",
        "priority_weight",
        "weight_rule",
    )
}
"""What a dynamic pipeline carries (scheduling.py), and the values at which it does nothing."""

STRUCTURAL = (
    "task_id",
    "dag",
    "task_group",
    "default_args",
    "multiple_outputs",
    "do_xcom_push",
    "sla",
    "is_setup",
    "is_teardown",
    "on_failure_fail_dagrun",
)
"""Arguments that the model carries elsewhere: ids, groups, merged defaults, outputs, SLAs."""

DAG_ONLY = (
    "sla_miss_callback",
    "schedule",
    "schedule_interval",
    "timetable",
    "catchup",
    "max_active_runs",
    "max_active_tasks",
    "concurrency",
    "dagrun_timeout",
    "dag_id",
    "description",
    "tags",
)
"""Arguments of a DAG that people write into `default_args`, where Airflow ignores them."""
