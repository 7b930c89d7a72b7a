"""What becomes of the arguments of a DAG that the pipeline does not carry, as data.

Names: `DAG.__init__` in Airflow 1.10, 2.x (airflow/models/dag.py) and 3.x (task-sdk,
airflow/sdk/definitions/dag.py).
"""

from __future__ import annotations

from transpiler.lower.argument_table import Row

CARRIED = frozenset(
    {
        "dag_id",
        "description",
        "doc_md",
        "schedule",
        "schedule_interval",
        "timetable",
        "start_date",
        "end_date",
        "catchup",
        "max_active_runs",
        "tags",
        "params",
        "default_args",
        "on_failure_callback",
        "on_success_callback",
        "sla_miss_callback",
        "deadline",
        "template_searchpath",
        "user_defined_macros",
        "user_defined_filters",
        "render_template_as_native_obj",
        "template_undefined",
        "jinja_environment_kwargs",
    }
)
"""Arguments that are translated elsewhere: those of templates in template_files.py and template_settings.py."""

_HINT = "D2Z210"
_PARALLEL = "it limits how much of the DAG runs at one time"

ROWS: tuple[Row, ...] = (
    Row(
        "is_paused_upon_creation",
        _HINT,
        "whether a new DAG is paused; a ZenML pipeline runs when it is started",
    ),
    Row("orientation", _HINT, "how Airflow draws the graph"),
    Row("default_view", _HINT, "which page Airflow shows first"),
    Row("access_control", _HINT, "who may see the DAG in Airflow"),
    Row("owner_links", _HINT, "links that Airflow shows", (None, {})),
    Row("dag_display_name", _HINT, "the name that Airflow shows"),
    Row("full_filepath", _HINT, "Airflow finds the file itself"),
    Row("auto_register", _HINT, "the DAG is registered by a with block", (None, True)),
    Row("disable_bundle_versioning", _HINT, "ZenML has no DAG bundles", (None, False)),
    Row(
        "max_consecutive_failed_dag_runs",
        _HINT,
        "Airflow pauses the DAG after so many failed runs",
        (None, 0),
    ),
    Row("max_active_tasks", "D2Z212", _PARALLEL),
    Row("concurrency", "D2Z212", _PARALLEL),
    Row("dagrun_timeout", "D2Z214", "Airflow fails the run when it takes longer", (None, False)),
    Row("fail_stop", "D2Z302", "Airflow stops all running tasks when one fails", (None, False)),
    Row("fail_fast", "D2Z302", "Airflow stops all running tasks when one fails", (None, False)),
)

SCHEDULED = frozenset(
    {"max_active_tasks", "concurrency", "dagrun_timeout", "fail_stop", "fail_fast"}
)
"""What a dynamic pipeline carries, as arguments of `DagRun` (dag_run.py)."""
