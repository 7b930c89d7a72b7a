"""Secrets written into the DAG. They are made up, their shape is not."""
from datetime import datetime

from airflow import DAG
from airflow.models import Variable
from airflow.operators.bash import BashOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

SNOWFLAKE_PASSWORD = "Tr0ub4dor&3-not-real"
DATABASE_URI = "postgresql://etl:hunter2-not-real@db.example.com:5432/dwh"
API_TOKEN = Variable.get("api_token", default_var="tok_live_0123456789abcdef_not_real")

with DAG("secret_literals", start_date=datetime(2023, 1, 1), schedule_interval="@daily") as dag:
    pod = KubernetesPodOperator(
        task_id="pod",
        name="pod",
        image="registry.example.com/etl:1",
        env_vars={
            "SNOWFLAKE_PASSWORD": SNOWFLAKE_PASSWORD,
            "DATABASE_URI": DATABASE_URI,
            "API_TOKEN": API_TOKEN,
            "AWS_SECRET_ACCESS_KEY": "aZ09+/not-a-real-key/0123456789abcdefghij",
        },
        arguments=["--password", SNOWFLAKE_PASSWORD],
    )
    call = BashOperator(
        task_id="call",
        bash_command=f"curl -H 'Authorization: Bearer {API_TOKEN}' https://api.example.com/refresh",
    )
    pod >> call
