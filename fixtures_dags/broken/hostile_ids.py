"""Ids that are no identifiers, leave the output folder, or end a string early."""
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

TASK_IDS = [
    "../../escape",
    "..",
    "/absolute/path",
    'quote"break',
    "quote'break",
    'triple"""quote',
    "new\nline",
    "back\\slash",
    "{{ ds }}",
    "{% raw %}",
    "class",
    "1st",
    "",
    " ",
    "sp ace",
    "üñîçødé",
    "nul\x00byte",
    "right\u202eleft",
    "x" * 300,
    "same-name",
    "same_name",
    "same.name",
]

with DAG(
    '../../hostile"""; import os #',
    start_date=datetime(2023, 1, 1),
    schedule_interval="@daily",
    tags=['"""', "\n", "'; DROP TABLE x; --"],
) as dag:
    for task_id in TASK_IDS:
        BashOperator(task_id=task_id, bash_command="true")
