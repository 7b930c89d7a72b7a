"""Airflow's example DAGs that run without network and other services, by file and DAG id.

A text says why the transpiler reports the DAG; None: it is equal. Not here are those that need
Kubernetes, a network, packages that are installed at run time, or params without default, and
those whose outcome is random or depends on the time of day.
"""

from __future__ import annotations

EXAMPLES: dict[str, dict[str, str | None]] = {
    "example_bash_decorator": {"example_bash_decorator": None},
    "example_bash_operator": {"example_bash_operator": None},
    "example_branch_datetime_operator": {
        "example_branch_datetime_operator": None,
        "example_branch_datetime_operator_2": None,
        "example_branch_datetime_operator_3": None,
    },
    "example_branch_day_of_week_operator": {"example_weekday_branch_operator": None},
    "example_branch_labels": {"example_branch_labels": None},
    "example_complex": {"example_complex": None},
    "example_datasets": {
        "conditional_dataset_and_time_based_timetable": None,
        "consume_1_and_2_with_dataset_expressions": None,
        "consume_1_or_2_with_dataset_expressions": None,
        "consume_1_or_both_2_and_3_with_dataset_expressions": None,
        "dataset_consumes_1": None,
        "dataset_consumes_1_and_2": None,
        "dataset_consumes_1_never_scheduled": None,
        "dataset_consumes_unknown_never_scheduled": None,
        "dataset_produces_1": None,
        "dataset_produces_2": None,
    },
    "example_display_name": {"example_display_name": None},
    "example_dynamic_task_mapping": {"example_dynamic_task_mapping": None},
    "example_dynamic_task_mapping_with_no_taskflow_operators": {
        "example_dynamic_task_mapping_with_no_taskflow_operators": None
    },
    "example_external_task_marker_dag": {"example_external_task_marker_parent": None},
    "example_inlet_event_extra": {
        "read_dataset_event": None,
        "read_dataset_event_from_classic": "Its template reads the events of assets.",
    },
    "example_latest_only": {"latest_only": None},
    "example_latest_only_with_trigger": {"latest_only_with_trigger": None},
    "example_nested_branch_dag": {"example_nested_branch_dag": None},
    "example_outlet_event_extra": {
        "dataset_with_extra_by_context": None,
        "dataset_with_extra_by_yield": None,
        "dataset_with_extra_from_classic_operator": "post_execute writes events of assets.",
    },
    "example_params_trigger_ui": {"example_params_trigger_ui": None},
    "example_passing_params_via_test_command": {"example_passing_params_via_test_command": None},
    "example_sensor_decorator": {"example_sensor_decorator": None},
    "example_setup_teardown": {"example_setup_teardown": None},
    "example_setup_teardown_taskflow": {"example_setup_teardown_taskflow": None},
    "example_short_circuit_decorator": {"example_short_circuit_decorator": None},
    "example_short_circuit_operator": {"example_short_circuit_operator": None},
    "example_skip_dag": {"example_skip_dag": None},
    "example_sla_dag": {"example_sla_dag": None},
    "example_task_group": {"example_task_group": None},
    "example_task_group_decorator": {"example_task_group_decorator": None},
    "example_time_delta_sensor_async": {"example_time_delta_sensor_async": None},
    "example_trigger_controller_dag": {"example_trigger_controller_dag": None},
    "example_trigger_target_dag": {"example_trigger_target_dag": None},
    "example_workday_timetable": {"example_workday_timetable": "A timetable of its own."},
    "example_xcom": {"example_xcom": None},
    "example_xcomargs": {"example_xcom_args": None, "example_xcom_args_with_operators": None},
    "tutorial": {"tutorial": None},
    "tutorial_dag": {"tutorial_dag": None},
    "tutorial_taskflow_api": {"tutorial_taskflow_api": None},
    "tutorial_taskflow_templates": {
        "tutorial_taskflow_templates": "Names a file that Airflow does not ship, and fails there."
    },
}

NAMED = {"example_time_delta_sensor_async": ("xcom", "D2Z311")}
"""The field of a DAG that differs, and the code of the finding that says so."""

VOLATILE = {
    "example_trigger_controller_dag": ("test_trigger_dagrun",),
    "tutorial": ("print_date",),
}
"""Tasks whose XCom values hold the moment of the run, by DAG."""
