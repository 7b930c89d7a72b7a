"""Backs up what is configured by hand, with a scratch folder that always goes away."""
from datetime import datetime

from airflow.decorators import dag, setup, task, teardown

from common.defaults import DEFAULT_ARGS


@setup
def make_folder(ds_nodash=None) -> str:
    import tempfile

    return tempfile.mkdtemp(prefix=f"backup-{ds_nodash}-")


@teardown
def remove_folder(folder: str):
    import shutil

    shutil.rmtree(folder)


@dag(
    schedule="@weekly",
    start_date=datetime(2024, 1, 1),
    catchup=False,
    default_args=DEFAULT_ARGS,
    tags=["ops"],
)
def backup_configs():
    @task.bash
    def export(folder: str) -> str:
        return f"airflow variables export {folder}/variables.json"

    @task.bash
    def upload(folder: str) -> str:
        return f"aws s3 cp {folder} s3://acme-backups/airflow/ --recursive"

    folder = make_folder()
    folder >> export(folder) >> upload(folder) >> remove_folder(folder)


backup_configs()
