"""Trains the lifetime-value model on the first Sunday of a month."""
from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator, PythonVirtualenvOperator, ShortCircuitOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

from common.defaults import default_args


def first_sunday(logical_date, **_):
    return logical_date.day <= 7


def register(ti, params, **_):
    import mlflow

    run_id = ti.xcom_pull(task_ids="train")["run_id"]
    version = mlflow.register_model(f"runs:/{run_id}/model", "ltv")
    client = mlflow.MlflowClient()
    client.set_registered_model_alias("ltv", params["alias"], version.version)


def evaluate(run_id):
    import mlflow

    auc = mlflow.get_run(run_id).data.metrics["auc"]
    if auc < 0.7:
        raise ValueError(f"auc {auc} is below 0.7")
    return auc


with DAG(
    "ltv_training",
    schedule="0 1 * * 0",
    start_date=datetime(2024, 1, 1),
    catchup=False,
    params={"alias": "challenger"},
    default_args=default_args(owner="data-science", retries=0),
    tags=["ml", "ltv"],
):
    gate = ShortCircuitOperator(task_id="first_sunday", python_callable=first_sunday)
    train = KubernetesPodOperator(
        task_id="train",
        name="ltv-train",
        namespace="ml",
        image="registry.example.com/ml/ltv:5.0.2",
        cmds=["python", "-m", "ltv.train"],
        arguments=["--until", "{{ ds }}"],
        node_selector={"pool": "gpu"},
        do_xcom_push=True,
    )
    check = PythonVirtualenvOperator(
        task_id="evaluate",
        python_callable=evaluate,
        op_args=["{{ ti.xcom_pull(task_ids='train')['run_id'] }}"],
        requirements=["mlflow-skinny>=2"],
    )
    gate >> train >> check >> PythonOperator(task_id="register", python_callable=register)
