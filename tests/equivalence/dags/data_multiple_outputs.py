"""A dict annotation makes an XCom of each key."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="data_multiple_outputs", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def split(total: int) -> dict[str, int]:
        return {"half": total // 2, "rest": total - total // 2}

    @task
    def show(half, rest):
        return f"{half}+{rest}"

    parts = split(7)
    show(parts["half"], parts["rest"])


pipeline()
