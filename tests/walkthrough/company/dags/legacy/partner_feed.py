"""Feed of the partner, by the team's own operator."""
from datetime import datetime

from airflow import DAG
from airflow.providers.sftp.sensors.sftp import SFTPSensor

from acme.operators import DecryptOperator, LoadCsvOperator
from common.defaults import SNOWFLAKE, default_args

with DAG(
    "partner_feed",
    schedule="45 2 * * 1-6",
    start_date=datetime(2021, 5, 1),
    catchup=False,
    default_args=default_args(retries=4),
    user_defined_macros={"feed": "partner_v2"},
    tags=["legacy"],
) as dag:
    arrived = SFTPSensor(
        task_id="arrived",
        sftp_conn_id="sftp_partner",
        path="/out/{{ feed }}_{{ ds_nodash }}.csv.gpg",
        timeout=1800,
    )
    decrypt = DecryptOperator(
        task_id="decrypt",
        source="/data/in/{{ feed }}_{{ ds_nodash }}.csv.gpg",
        target="/data/in/{{ feed }}_{{ ds_nodash }}.csv",
    )
    load = LoadCsvOperator(
        task_id="load",
        file="/data/in/{{ feed }}_{{ ds_nodash }}.csv",
        table="raw.partner_feed",
        conn_id=SNOWFLAKE,
    )
    arrived >> decrypt >> load
