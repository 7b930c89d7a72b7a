"""One DAG for each source in config/ingest.yaml."""
from datetime import datetime
from pathlib import Path

import yaml
from airflow import DAG
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

from common.defaults import SNOWFLAKE, default_args

CONFIG = Path(__file__).parents[2] / "config" / "ingest.yaml"
SOURCES = yaml.safe_load(CONFIG.read_text())


def make_dag(source, settings):
    with DAG(
        dag_id=f"ingest_{source}",
        schedule=settings["schedule"],
        start_date=datetime(2023, 9, 1),
        catchup=False,
        default_args=default_args(owner=settings["owner"]),
        tags=["ingest", "saas", source],
    ) as dag:
        merge = SnowflakeOperator(
            task_id="merge",
            snowflake_conn_id=SNOWFLAKE,
            sql=f"call raw.merge_source('{source}', '{{{{ ds }}}}')",
        )
        for table in settings["tables"]:
            extract = KubernetesPodOperator(
                task_id=f"extract_{table}",
                name=f"ingest-{source}-{table}",
                namespace="ingest",
                image=settings["image"],
                arguments=["--table", table, "--date", "{{ ds }}"],
                env_vars={"TARGET_SCHEMA": "raw"},
                get_logs=True,
            )
            extract >> merge
    return dag


for name, settings in SOURCES.items():
    globals()[f"ingest_{name}"] = make_dag(name, settings)
