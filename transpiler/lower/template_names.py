"""The names that Airflow gives to templates.

Source: https://airflow.apache.org/docs/apache-airflow/2.11.0/templates-ref.html, with the names of
Airflow 1.10 that 2.x still knows. `conf` (Airflow's own configuration) has no equivalent.
"""

from __future__ import annotations

CONTEXT = frozenset(
    {
        "conn",
        "dag",
        "dag_run",
        "data_interval_end",
        "data_interval_start",
        "ds",
        "ds_nodash",
        "execution_date",
        "inlet_events",
        "inlets",
        "logical_date",
        "macros",
        "next_ds",
        "next_ds_nodash",
        "next_execution_date",
        "outlet_events",
        "outlets",
        "params",
        "prev_data_interval_end_success",
        "prev_data_interval_start_success",
        "prev_ds",
        "prev_ds_nodash",
        "prev_end_date_success",
        "prev_execution_date",
        "prev_execution_date_success",
        "prev_start_date_success",
        "run_id",
        "task",
        "task_instance",
        "task_instance_key_str",
        "test_mode",
        "ti",
        "tomorrow_ds",
        "tomorrow_ds_nodash",
        "triggering_asset_events",
        "triggering_dataset_events",
        "ts",
        "ts_nodash",
        "ts_nodash_with_tz",
        "var",
        "yesterday_ds",
        "yesterday_ds_nodash",
    }
)
"""Names that the runtime has too."""

AIRFLOW_ONLY = frozenset(
    {
        "conf",
        "exception",
        "expanded_ti_count",
        "latest_date",
        "map_index_template",
        "tables",
        "templates_dict",
        "try_number",
    }
)
"""Names that Airflow has and the runtime has not."""

MACROS = frozenset(
    {
        "dateutil",
        "datetime",
        "datetime_diff_for_humans",
        "ds_add",
        "ds_format",
        "ds_format_locale",
        "json",
        "random",
        "time",
        "timedelta",
        "uuid",
        "yaml",
    }
)
"""Members of `macros` that the runtime has too."""

FILTERS = frozenset({"ds", "ds_nodash", "ts", "ts_nodash", "ts_nodash_with_tz"})
"""Filters that Airflow adds to those of Jinja."""

STORES = frozenset({"asset_state_store", "task_state_store"})
"""Keys of Airflow 3's context under which tasks keep state of their own over tries and runs."""

FILLED = frozenset({"conf", "expanded_ti_count"})
"""What Airflow gives to callables that name it, and the runtime does not: Airflow's own settings,
and how many instances a mapped task has.
"""

_INSTANCE = frozenset(
    "task_id dag_id run_id task dag_run logical_date execution_date map_index try_number max_tries "
    "log_url xcom_pull xcom_push log start_date end_date duration hostname state current_state "
    "get_dagrun get_template_context".split()
)
MEMBERS = {
    "dag": frozenset({"dag_id", "timezone"}),
    "task": frozenset({"task_id", "dag_id", "log", "params", "render_template"}),
    "dag_run": frozenset(
        "dag_id run_id run_type conf logical_date execution_date data_interval_start "
        "data_interval_end external_trigger state get_state start_date end_date get_task_instances "
        "get_task_instance".split()
    ),
    "ti": _INSTANCE,
    "task_instance": _INSTANCE,
}
"""What the runtime's objects of the context have (`runtime.templates.objects`)."""

_OF_STEP = "map_index try_number max_tries log_url start_date end_date duration state current_state"
_AT_END = _INSTANCE.difference(_OF_STEP.split())
_TASK_AT_END = MEMBERS["task"].difference({"params", "render_template"})
AT_END = {**MEMBERS, "task": _TASK_AT_END, "ti": _AT_END, "task_instance": _AT_END}
"""What they have in callbacks of the DAG, which are called when no step runs any more."""

OTHERS = frozenset({"get_task_instances", "get_task_instance"})
"""Members of `dag_run` by which a task looks at other tasks of its run."""
