"""The environment variables that point an emitted project at the embedded services."""

from __future__ import annotations

import os
from pathlib import Path

from fixtures_dags.demo.train import tracking_uri
from runtime.warehouse import Endpoint

CONNECTION = "SNOWFLAKE_DATA_SCIENCE"


def demo_environment(endpoint: Endpoint, state: Path) -> dict[str, str]:
    """This process's environment with the warehouse, MLflow and ZenML stores in `state`."""
    host = f"RUNTIME__CONNECTIONS__{CONNECTION}__"
    values = endpoint.connection()
    return {
        **os.environ,
        f"{CONNECTION}_ACCOUNT": str(values["account"]),
        f"{CONNECTION}_USER": str(values["user"]),
        f"{CONNECTION}_PASSWORD": str(values["password"]),
        f"{host}HOST": str(values["host"]),
        f"{host}PORT": str(values["port"]),
        f"{host}PROTOCOL": str(values["protocol"]),
        "RUNTIME__MLFLOW__TRACKING_URI": tracking_uri(state / "mlflow"),
        # Alerts go nowhere in the demonstration; the address is one that nothing listens on.
        "INCIDENT_IO_SOURCE_CONFIG_ID": "demo",
        "INCIDENT_IO_TOKEN": "demo",
        "RUNTIME__ALERTS__INCIDENT_IO__URL": "http://127.0.0.1:9",
        "ZENML_CONFIG_PATH": str(state / "zenml"),
        "ZENML_LOCAL_STORES_PATH": str(state / "zenml-stores"),
        "ZENML_ANALYTICS_OPT_IN": "false",
        "ZENML_LOGGING_COLORS_DISABLED": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
