"""One name for what Airflow offers under several: re-exports, and the modules behind `airflow.sdk`.

Source of the names: `airflow/sdk/__init__.py` and `airflow/providers/common/compat/` of Airflow 3.3.
"""

from __future__ import annotations

import re

_COMPAT = "airflow.providers.common.compat."
_PREFIXES = {
    f"{_COMPAT}sdk.": "airflow.sdk.",
    f"{_COMPAT}assets.": "airflow.sdk.",
    f"{_COMPAT}notifier.": "airflow.sdk.",
    f"{_COMPAT}standard.": "airflow.providers.standard.",
}
_BEHIND_SDK = re.compile(r"airflow\.sdk\.(?:definitions|bases|api)\.(?:\w+\.)+(?P<name>\w+)$")
_SDK_NAMES = frozenset(
    "Asset AssetAlias AssetAll AssetAny AssetOrTimeSchedule AssetWatcher BaseBranchOperator BaseHook "
    "BaseNotifier BaseOperator BaseOperatorLink BaseSensorOperator Connection Context "
    "CronDataIntervalTimetable CronPartitionTimetable CronTriggerTimetable DAG DagRunState "
    "DeltaDataIntervalTimetable DeltaTriggerTimetable EdgeModifier EventsTimetable Label Metadata "
    "MultipleCronTriggerTimetable ObjectStoragePath Param PartitionedAssetTimetable PokeReturnValue "
    "SkipMixin TaskGroup TaskInstanceState TriggerRule Variable WeightRule XComArg asset chain "
    "chain_linear cross_downstream dag setup task task_group teardown".split()
)
_OLD_PLACES = {
    "airflow.decorators.dag.dag": "airflow.decorators.dag",
    "airflow.decorators.setup_teardown.setup_task": "airflow.decorators.setup",
    "airflow.decorators.setup_teardown.teardown_task": "airflow.decorators.teardown",
    "airflow.utils.dates.datetime": "datetime.datetime",
    "airflow.utils.dates.timedelta": "datetime.timedelta",
    "airflow.operators.python.task": "airflow.decorators.task",
    "airflow.operators.python_operator.task": "airflow.decorators.task",
}
_TASK_FUNCTION = re.compile(
    r"airflow\.(?:providers\.[\w.]+\.)?decorators\.\w+\.(?P<kind>\w+)_task$"
)
"""The functions behind `@task.branch` and its like, as `airflow.decorators.sensor.sensor_task`."""


def canonical(qualified_name: str) -> str:
    """The name under which the evaluator and the rules know what the name stands for."""
    if not qualified_name.startswith("airflow."):
        return qualified_name
    for prefix, home in _PREFIXES.items():
        if qualified_name.startswith(prefix):
            return home + qualified_name[len(prefix) :]
    if qualified_name in _OLD_PLACES:
        return _OLD_PLACES[qualified_name]
    if (behind := _BEHIND_SDK.match(qualified_name)) and behind["name"] in _SDK_NAMES:
        return f"airflow.sdk.{behind['name']}"
    if function := _TASK_FUNCTION.match(qualified_name):
        return f"airflow.decorators.task.{function['kind']}"
    return qualified_name
