"""A real Airflow, 2.10 or 3, that serves its REST API on a free port of the loopback interface.

It has one DAG, `nightly`, with a run of 2024-03-01T04:00 that has succeeded, and the user `me`.
Prints the port; ends with its standard input. Runs in the environment that has Airflow; nothing
here knows this project.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
import tempfile
import threading
from pathlib import Path

DAG_FILE = """
from datetime import datetime
try:
    from airflow.sdk import DAG, task
except ImportError:
    from airflow import DAG
    from airflow.decorators import task

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="0 4 * * *", catchup=False):
    @task
    def load():
        return [1, 2]

    @task
    def each(one):
        return one

    each.expand(one=load())
"""
folder = Path(tempfile.mkdtemp(prefix="airflow-server-"))
(folder / "dags").mkdir()
(folder / "dags" / "nightly.py").write_text(DAG_FILE)
(folder / "passwords.json").write_text(json.dumps({"me": "secret"}))
os.environ.update(
    AIRFLOW_HOME=str(folder),
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{folder / 'airflow.db'}",
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__DAGS_FOLDER=str(folder / "dags"),
    AIRFLOW__API__AUTH_BACKENDS="airflow.api.auth.backend.basic_auth",
    AIRFLOW__WEBSERVER__SECRET_KEY="of a test",
    AIRFLOW__API__SECRET_KEY="of a test",
    AIRFLOW__API_AUTH__JWT_SECRET="of a test that has more than thirty-two bytes",
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS="me:admin",
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=str(folder / "passwords.json"),
)

import pendulum  # noqa: E402
from airflow import __version__  # noqa: E402
from airflow.utils import db  # noqa: E402

DATE = pendulum.datetime(2024, 3, 1, 4)


def run_dag() -> None:
    from airflow.models import DagBag

    if __version__ < "3":
        bag = DagBag(str(folder / "dags"), include_examples=False)
        bag.sync_to_db()
        bag.get_dag("nightly").test(execution_date=DATE)
        return
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag as Bag
    from airflow.dag_processing.dagbag import sync_bag_to_db

    DagBundlesManager().sync_bundles_to_db()
    bag = Bag(str(folder / "dags"))
    sync_bag_to_db(bag, "dags-folder", None)
    bag.get_dag("nightly").test(logical_date=DATE)


def serve(listening: socket.socket) -> None:
    if __version__ < "3":
        from airflow.www.app import create_app
        from werkzeug.serving import make_server

        app = create_app()
        with app.app_context():
            manager = app.appbuilder.sm
            manager.add_user(
                "me", "Me", "Me", "me@example.com", manager.find_role("Admin"), "secret"
            )
        server = make_server("127.0.0.1", 0, app, threaded=True, fd=listening.fileno())
        server.serve_forever()
        return
    import uvicorn
    from airflow.api_fastapi.app import create_app as create_api

    uvicorn.Server(uvicorn.Config(create_api(), log_level="warning")).run(sockets=[listening])


def main() -> None:
    output = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    logging.disable(logging.INFO)
    db.initdb(load_connections=False) if __version__ < "3" else db.initdb()
    run_dag()
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listening,), daemon=True).start()
    print(listening.getsockname()[1], file=output)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
