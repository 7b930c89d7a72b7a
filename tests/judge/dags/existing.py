"""Group edges and ids at their edges: empty groups, groups in loops, members by label."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup
from airflow.utils.trigger_rule import TriggerRule

with DAG("existing", start_date=datetime(2023, 1, 1), schedule=None) as dag:
    groups = []
    for name in ("one", "two"):
        with TaskGroup(group_id=name) as group:
            begin = EmptyOperator(task_id="begin")
            begin >> [EmptyOperator(task_id=f"part_{i}") for i in range(2)]
        groups.append(group)
    groups[0] >> groups[1]
    end = EmptyOperator(task_id="end", trigger_rule=TriggerRule.NONE_FAILED)
    groups[1].get_child_by_label("begin") >> end
    [groups[0], groups[1]] >> end
