"""What templates see: Airflow's context, made from a `RunContext`.

Source: https://airflow.apache.org/docs/apache-airflow/2.11.0/templates-ref.html#variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from runtime.context import RunContext, params_of
from runtime.templates.accessors import ConnectionAccessor, VariableAccessor
from runtime.templates.lazy import Lazy
from runtime.templates.macros import MACROS
from runtime.templates.objects import Dag, TaskInstance

if TYPE_CHECKING:
    from pendulum import DateTime


def template_context(
    run: RunContext, task_id: str, extra: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Give the names of Airflow's template context; `extra` comes on top.

    Dates are pendulum's, in UTC. Values that need a look-up elsewhere are `Lazy`.
    """
    logical_date = _utc(run.logical_date)
    task_instance = TaskInstance(run, task_id)
    return {
        **_dates(logical_date),
        **_neighbours(run),
        **_previous_success(run),
        "data_interval_start": _utc(run.data_interval_start),
        "data_interval_end": _utc(run.data_interval_end),
        "run_id": run.run_id,
        "params": params_of(run),
        "dag": Dag(run.dag_id, run.timezone),
        "dag_run": task_instance.dag_run,
        "task": task_instance.task,
        "ti": task_instance,
        "task_instance": task_instance,
        "task_instance_key_str": f"{run.dag_id}__{task_id}__{logical_date:%Y%m%d}",
        "test_mode": False,
        "var": {
            "value": VariableAccessor(run.dag_id, deserialize_json=False),
            "json": VariableAccessor(run.dag_id, deserialize_json=True),
        },
        "conn": ConnectionAccessor(run.dag_id),
        **_assets(run),
        "macros": MACROS,
        **(extra or {}),
    }


def with_own_params(run: RunContext, task_id: str, own: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give what is different in the context of a task that has params of its own."""
    task_instance = TaskInstance(run, task_id, own)
    return {
        "params": params_of(run, own),
        "task": task_instance.task,
        "ti": task_instance,
        "task_instance": task_instance,
    }


def _utc(moment: datetime) -> DateTime:
    from runtime.airflow_times import convert_to_utc

    return convert_to_utc(moment)


def _ds_pair(name: str, moment: datetime | None) -> dict[str, str | None]:
    return {
        name: moment.strftime("%Y-%m-%d") if moment else None,
        f"{name}_nodash": moment.strftime("%Y%m%d") if moment else None,
    }


def _dates(logical_date: DateTime) -> dict[str, Any]:
    ts = logical_date.isoformat()
    return {
        "logical_date": logical_date,
        "execution_date": logical_date,
        **_ds_pair("ds", logical_date),
        **_ds_pair("yesterday_ds", logical_date - timedelta(days=1)),
        **_ds_pair("tomorrow_ds", logical_date + timedelta(days=1)),
        "ts": ts,
        "ts_nodash": logical_date.strftime("%Y%m%dT%H%M%S"),
        "ts_nodash_with_tz": ts.replace("-", "").replace(":", ""),
    }


def _neighbours(run: RunContext) -> dict[str, Any]:
    previous = run.prev_logical_date and _utc(run.prev_logical_date)
    following = run.next_logical_date and _utc(run.next_logical_date)
    return {
        "prev_execution_date": previous,
        **_ds_pair("prev_ds", previous),
        "next_execution_date": following,
        **_ds_pair("next_ds", following),
    }


def _assets(run: RunContext) -> dict[str, Any]:
    from runtime.assets import outlets
    from runtime.assets.events import EventsByAsset

    events = run.triggering_events
    return {
        "triggering_dataset_events": EventsByAsset(events, as_assets=False),
        "triggering_asset_events": EventsByAsset(events, as_assets=True),
        "outlet_events": Lazy(outlets.outlet_events),
        "inlet_events": Lazy(outlets.inlet_events),
        "outlets": Lazy(lambda: outlets.assets_of(outlets.OUTLETS)),
        "inlets": Lazy(lambda: outlets.assets_of(outlets.INLETS)),
    }


def _previous_success(run: RunContext) -> dict[str, Lazy]:
    from runtime.runs import PreviousRun, previous_success

    found = Lazy(lambda: previous_success(run))

    def of(attribute: Callable[[PreviousRun], datetime | None]) -> Lazy:
        def look_up() -> DateTime | None:
            previous = found()
            moment = attribute(previous) if previous else None
            return _utc(moment) if moment else None

        return Lazy(look_up)

    return {
        "prev_data_interval_start_success": of(lambda p: p.context.data_interval_start),
        "prev_data_interval_end_success": of(lambda p: p.context.data_interval_end),
        "prev_execution_date_success": of(lambda p: p.context.logical_date),
        "prev_start_date_success": of(lambda p: p.started),
        "prev_end_date_success": of(lambda p: p.ended),
    }
