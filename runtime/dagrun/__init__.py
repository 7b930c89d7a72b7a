"""Airflow's scheduling for dynamic ZenML pipelines.

```python
@pipeline(dynamic=True, enable_cache=False, execution_mode=ExecutionMode.CONTINUE_ON_FAILURE)
def nightly_orders(run: RunContext) -> None:
    with DagRun(run) as dag:
        extract = dag.task(extract_orders, id="extract")
        dag.branch(choose_path, extract, id="choose")
        dag.task(load_orders, extract, id="load", after=["choose"])
        dag.task(quarantine_orders, id="quarantine", after=["choose"])
        dag.task(cleanup, id="cleanup", after=["load", "quarantine"], trigger_rule="all_done")
```

The block notes the tasks; leaving it runs them by Airflow's rules.
"""

from __future__ import annotations

from runtime.dagrun.dag_run import DagRun
from runtime.dagrun.handles import Reference, TaskHandle
from runtime.dagrun.mapping import each
from runtime.dagrun.outcome import airflow_task
from runtime.dagrun.plan import Plan, PlannedTask, plan

__all__ = [
    "DagRun",
    "Plan",
    "PlannedTask",
    "Reference",
    "TaskHandle",
    "airflow_task",
    "each",
    "plan",
]
