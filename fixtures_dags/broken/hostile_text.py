'''Text that would break out of a string in careless output: """ \""" \\ {{ }} {% endraw %}'''
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

with DAG(
    "hostile_text",
    start_date=datetime(2023, 1, 1),
    schedule_interval="@daily",
    doc_md=__doc__ + "\n</script><script>alert(1)</script>\n```\n|a|b|\n",
    description='"""\nraise SystemExit("owned")\n"""',
    params={"name": "'; DROP TABLE users; --", 'key"quote': "{{ 7 * 7 }}"},
) as dag:
    bash = BashOperator(
        task_id="bash",
        bash_command="echo '''\"\"\" {{ params.name }} \\N{BULLET} \\x00 %s {0}",
        doc="# noqa\r\nimport os\r\nos.abort()",
    )
    sql = SnowflakeOperator(
        task_id="sql",
        snowflake_conn_id='conn"; import os; "',
        sql="SELECT '{{ params.name }}' -- \"\"\"\n{% include '../../../../etc/passwd' %}",
    )
    loop = BashOperator(
        task_id="loop",
        bash_command="{% for a in range(10**9) %}{{ ''.__class__.__mro__ }}{% endfor %}",
    )
    bash >> sql >> loop
