"""Examples of codes 3xx."""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.report.examples.example import (
    BASH,
    PYTHON,
    CodeExample,
    bash_dag,
    dag_file,
    python_dag,
)

_FINE = bash_dag()
_PLAIN = python_dag("def load():\n    return 3")
_SNOWFLAKE = "from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator"
_POD = "from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator"
_SENSOR = "from airflow.sensors.external_task import ExternalTaskSensor"
_NOTIFY = 'def notify(context):\n    print("failed", context["run_id"])'

EXAMPLES: Mapping[str, CodeExample] = {
    "D2Z301": CodeExample(
        dag_file(
            'AcmeOperator(task_id="load", table="orders")',
            imports="from airflow.providers.acme.operators.acme import AcmeOperator",
        ),
        _FINE,
    ),
    "D2Z302": CodeExample(bash_dag('run_as_user="etl"'), _FINE),
    "D2Z303": CodeExample(dag_file('BashOperator(task_id="load")', imports=BASH), _FINE),
    "D2Z304": CodeExample(
        python_dag(
            "def load():\n    from airflow.utils.session import create_session\n\n"
            "    with create_session() as session:\n        return session.info"
        ),
        _PLAIN,
    ),
    "D2Z305": CodeExample(
        dag_file(
            'PythonOperator(task_id="load", python_callable=load)',
            imports=f"{PYTHON}\nfrom .jobs import totals",
            top="def load():\n    return totals()",
        ),
        _PLAIN,
    ),
    "D2Z306": CodeExample(
        dag_file(
            'KubernetesPodOperator(task_id="score", image="registry.example.org/churn:2.3", '
            'arguments=["--date", "{{ ds }}"])',
            imports=_POD,
        ),
        config="""\
airflow_version: "2.10"
images:
  registry.example.org/churn:
    as: batch_inference
    features: SELECT * FROM CUSTOMERS
    model: churn
    output_table: CHURN
""",
    ),
    "D2Z307": CodeExample(
        python_dag(
            "def load():\n    raise AirflowSkipException",
        ).replace(
            "from airflow import DAG",
            "from airflow import DAG\nfrom airflow.exceptions import AirflowSkipException",
        ),
        _PLAIN,
        mode="static",
        said="With `--mode static`.",
    ),
    "D2Z308": CodeExample(
        dag_file(
            'SnowflakeOperator(task_id="load", snowflake_conn_id="warehouse", sql="SELECT 1")',
            imports=_SNOWFLAKE,
        ),
    ),
    "D2Z309": CodeExample(bash_dag("on_failure_callback=notify", top=_NOTIFY)),
    "D2Z310": CodeExample(
        bash_dag("on_failure_callback=ALERTS[0]", top="from acme_alerts import ALERTS"),
        bash_dag("on_failure_callback=notify", top=_NOTIFY),
    ),
    "D2Z311": CodeExample(
        python_dag("def load():\n    return 3", "provide_context=True, adhoc=True")
    ),
    "D2Z312": CodeExample(
        dag_file(
            'ExternalTaskSensor(task_id="wait", external_dag_id="orders", timeout=3600)',
            imports=_SENSOR,
        ),
    ),
    "D2Z313": CodeExample(
        dag_file(
            'rows = SnowflakeOperator(task_id="rows", snowflake_conn_id="warehouse", sql="SELECT 1")\n'
            'PythonOperator(task_id="load", python_callable=load, op_args=[rows.output])',
            imports=f"{PYTHON}\n{_SNOWFLAKE}",
            top="def load(rows):\n    return len(rows)",
        ),
    ),
}
