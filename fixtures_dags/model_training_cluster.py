"""Trains the recommendation model on a cluster that exists only for the training.

The cluster costs 14 EUR an hour: whatever happens, it must be gone afterwards.
"""
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator

from common.settings import DEFAULT_ARGS

CLUSTER = "training-{{ ds_nodash }}"


def tell_finance(context):
    """Adds the run to the cost report of the month."""
    print(f"run {context['run_id']} of {context['dag'].dag_id} ended: {context['reason']}")


def compare_with_champion(min_gain):
    print(f"the challenger must be better by {min_gain:.1%}")
    return True


with DAG(
    dag_id="model_training",
    default_args={**DEFAULT_ARGS, "retries": 1},
    start_date=datetime(2024, 1, 1),
    schedule="0 4 * * 6",
    catchup=False,
    dagrun_timeout=timedelta(hours=8),
    max_active_tasks=2,
    on_success_callback=tell_finance,
    on_failure_callback=tell_finance,
) as dag:
    create_cluster = BashOperator(
        task_id="create_cluster", bash_command=f"clusters create {CLUSTER} --nodes 8"
    )
    delete_cluster = BashOperator(task_id="delete_cluster", bash_command=f"clusters delete {CLUSTER}")

    features = BashOperator(task_id="build_features", bash_command=f"clusters run {CLUSTER} features")
    trainings = []
    for market in ("be", "nl", "fr"):
        training = BashOperator(
            task_id=f"train_{market}",
            bash_command=f"clusters run {CLUSTER} train --market {market}",
        )
        features >> training
        trainings.append(training)

    compare = PythonOperator(
        task_id="compare",
        python_callable=compare_with_champion,
        op_kwargs={"min_gain": 0.01},
        trigger_rule="one_success",  # a market without data must not hold the others back
    )

    create_cluster >> features
    trainings >> compare
    trainings >> delete_cluster.as_teardown(setups=create_cluster)

    # Scratch files are on a disk of their own, which outlives the cluster.
    compare >> BashOperator(
        task_id="clean_scratch", bash_command="rm -rf /scratch/{{ ds_nodash }}", trigger_rule="all_done"
    )
