"""Airflow 3.3's example DAGs that run without network and other services, by file and DAG id.

The form is that of examples.py. Not here are those that need Kubernetes, a network, an answer from
a person, or packages that are installed at run time, those whose outcome is random or hangs on the
time of day, and those that wait for the run of another DAG, which `dag.test()` does not make.
"""

from __future__ import annotations

_CORE = "example_dags"
_STANDARD = "providers/standard/example_dags"
_PARTITIONS = "Runs for partitions of assets."

EXAMPLES3: dict[str, dict[str, str | None]] = {
    f"{_CORE}/example_asset_alias": {
        "asset_s3_bucket_producer": None,
        "asset_alias_example_alias_producer": None,
        "asset_s3_bucket_consumer": None,
        "asset_alias_example_alias_consumer": None,
    },
    f"{_CORE}/example_asset_alias_with_no_taskflow": {
        "asset_s3_bucket_producer_with_no_taskflow": None,
        "asset_alias_example_alias_producer_with_no_taskflow": None,
        "asset_s3_bucket_consumer_with_no_taskflow": None,
        "asset_alias_example_alias_consumer_with_no_taskflow": None,
    },
    f"{_CORE}/example_asset_allow_teams": {
        "team_analytics_producer": None,
        "team_ml_consumer": None,
    },
    f"{_CORE}/example_asset_decorator": {
        "asset1_producer": None,
        "asset2_producer": "Its function takes an asset by name.",
        "consumes_asset_decorator": None,
    },
    f"{_CORE}/example_asset_partition": dict.fromkeys(
        """
        ingest_team_a_player_stats team_b_player_stats team_c_player_stats
        clean_and_combine_player_stats compute_player_odds
        player_odds_quality_check_wont_ever_to_trigger ingest_regional_sales
        aggregate_regional_sales ingest_region_stats regional_stats_breakdown
        live_region_player_stats summarize_live_region_stats multi_region_player_stats
        daily_team_a_rollup monthly_team_a_rollup train_weekly_model daily_inference
        trailing_week_inference segment_region_stats_rollup segment_region_stats_early_rollup
        scatter_live_region_to_segments
        """.split(),
        _PARTITIONS,
    ),
    f"{_CORE}/example_asset_state_store": {
        "example_asset_state_store_producer": "Keeps state across runs.",
        "example_asset_state_store_consumer": "Reads state of other runs.",
    },
    f"{_CORE}/example_asset_with_watchers": {
        "example_asset_with_watchers": "Triggers that watch files start it."
    },
    f"{_CORE}/example_assets": dict.fromkeys("""
        asset_produces_1 asset_produces_2 asset_consumes_1 asset_consumes_1_and_2
        asset_consumes_1_never_scheduled asset_consumes_unknown_never_scheduled
        consume_1_and_2_with_asset_expressions consume_1_or_2_with_asset_expressions
        consume_1_or_both_2_and_3_with_asset_expressions
        conditional_asset_and_time_based_timetable
        """.split()),
    f"{_CORE}/example_branch_labels": {"example_branch_labels": None},
    f"{_CORE}/example_branch_python_dop_operator_3": {"example_branch_dop_operator_v3": None},
    f"{_CORE}/example_complex": {"example_complex": None},
    f"{_CORE}/example_custom_weight": {"example_custom_weight": None},
    f"{_CORE}/example_display_name": {"example_display_name": None},
    f"{_CORE}/example_dynamic_task_mapping": {
        "example_dynamic_task_mapping": None,
        "example_task_mapping_second_order": None,
        "example_task_group_mapping": None,
    },
    f"{_CORE}/example_dynamic_task_mapping_with_no_taskflow_operators": {
        "example_dynamic_task_mapping_with_no_taskflow_operators": None
    },
    f"{_CORE}/example_failed_dag": {"example_failed_dag": None},
    f"{_CORE}/example_inlet_event_extra": {
        "read_asset_event": None,
        "read_asset_event_from_classic": None,
    },
    f"{_CORE}/example_latest_only_with_trigger": {"latest_only_with_trigger": None},
    f"{_CORE}/example_nested_branch_dag": {"example_nested_branch_dag": None},
    f"{_CORE}/example_outlet_event_extra": {
        "asset_with_extra_by_yield": None,
        "asset_with_extra_by_context": None,
        "asset_with_extra_from_classic_operator": "post_execute writes events of assets.",
    },
    f"{_CORE}/example_params_trigger_ui": {"example_params_trigger_ui": None},
    f"{_CORE}/example_params_ui_tutorial": {"example_params_ui_tutorial": "Params of today."},
    f"{_CORE}/example_passing_params_via_test_command": {
        "example_passing_params_via_test_command": None
    },
    f"{_CORE}/example_setup_teardown": {"example_setup_teardown": None},
    f"{_CORE}/example_setup_teardown_taskflow": {"example_setup_teardown_taskflow": None},
    f"{_CORE}/example_simplest_dag": {"example_simplest_dag": None},
    f"{_CORE}/example_skip_dag": {"example_skip_dag": None},
    f"{_CORE}/example_task_group": {"example_task_group": None},
    f"{_CORE}/example_task_group_decorator": {"example_task_group_decorator": None},
    f"{_CORE}/example_task_state_store": {"example_task_state_store": "Keeps state across tries."},
    f"{_CORE}/example_task_state_store_async": {
        "example_task_state_store_async": "Keeps state across tries."
    },
    f"{_CORE}/example_task_state_store_mapped": {
        "example_task_state_store_mapped": "Keeps state across tries."
    },
    f"{_CORE}/example_time_delta_sensor_async": {"example_time_delta_sensor_async": None},
    f"{_CORE}/example_trigger_target_dag": {"example_trigger_target_dag": None},
    f"{_CORE}/example_workday_timetable": {"example_workday_timetable": "A timetable of its own."},
    f"{_CORE}/example_xcom": {"example_xcom": None},
    f"{_CORE}/example_xcomargs": {
        "example_xcom_args": None,
        "example_xcom_args_with_operators": None,
    },
    f"{_CORE}/tutorial": {"tutorial": None},
    f"{_CORE}/tutorial_dag": {"tutorial_dag": None},
    f"{_CORE}/tutorial_taskflow_api": {"tutorial_taskflow_api": None},
    f"{_CORE}/tutorial_taskflow_templates": {"tutorial_taskflow_templates": None},
    f"{_STANDARD}/example_bash_decorator": {"example_bash_decorator": "Reads its own __file__."},
    f"{_STANDARD}/example_bash_operator": {"example_bash_operator": None},
    f"{_STANDARD}/example_branch_datetime_operator": {
        "example_branch_datetime_operator": None,
        "example_branch_datetime_operator_2": None,
        "example_branch_datetime_operator_3": None,
    },
    f"{_STANDARD}/example_branch_day_of_week_operator": {"example_weekday_branch_operator": None},
    f"{_STANDARD}/example_external_task_child_deferrable": {"child_dag": None},
    f"{_STANDARD}/example_external_task_marker_dag": {"example_external_task_marker_parent": None},
    f"{_STANDARD}/example_latest_only": {"latest_only": None},
    f"{_STANDARD}/example_measurement_correction_decorator": {
        "example_measurement_correction_decorator": None
    },
    f"{_STANDARD}/example_measurement_correction_operator": {
        "example_measurement_correction_operator": None
    },
    f"{_STANDARD}/example_sensor_decorator": {"example_sensor_decorator": None},
    f"{_STANDARD}/example_short_circuit_decorator": {"example_short_circuit_decorator": None},
    f"{_STANDARD}/example_short_circuit_operator": {"example_short_circuit_operator": None},
    f"{_STANDARD}/example_trigger_controller_dag": {"example_trigger_controller_dag": None},
}

NAMED3 = dict.fromkeys(
    """
    example_branch_dop_operator_v3 example_nested_branch_dag example_branch_datetime_operator
    example_branch_datetime_operator_2 example_branch_datetime_operator_3
    example_weekday_branch_operator example_short_circuit_decorator example_short_circuit_operator
    example_time_delta_sensor_async example_trigger_controller_dag
    """.split(),
    ("xcom", "D2Z311"),
)
"""The field of a DAG that differs, and the code of the finding that says so."""

VOLATILE3 = {
    "example_bash_operator": ("describe_dag_folder", "show_dag_folder_stats"),
    "example_trigger_controller_dag": ("test_trigger_dagrun",),
    "tutorial": ("print_date",),
}
"""Tasks whose XCom values are never twice the same, by DAG."""
