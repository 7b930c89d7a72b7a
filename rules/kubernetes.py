"""Pods on Kubernetes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given
from rules.batch_inference import batch_inference
from rules.container import may_skip, run_container
from rules.registry import Example, rule
from transpiler.config import BatchInference, Container

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_POD = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.cncf.kubernetes.secret import Secret
from kubernetes.client import models as k8s

IMAGE = "registry.example.com/etl/loader:2.1.0"

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    KubernetesPodOperator(
        task_id="load",
        name="load",
        namespace="etl",
        image=IMAGE,
        cmds=["python", "-m", "loader"],
        arguments=["--day", "{{ ds }}"],
        env_vars={"LOG_LEVEL": "INFO"},
        secrets=[Secret("env", "API_KEY", "loader", "api-key")],
        container_resources=k8s.V1ResourceRequirements(limits={"memory": "2Gi"}),
        get_logs=True,
    )
""",
    after="""\
run_container(
    IMAGE,
    command=["python", "-m", "loader"],
    arguments=["--day", "{{ ds }}"],
    name="load",
    namespace="etl",
    env={"LOG_LEVEL": "INFO"},
    secrets=[
        {
            "deploy_type": "env",
            "deploy_target": "API_KEY",
            "secret": "loader",
            "key": "api-key",
        }
    ],
    resources={"limits": {"memory": "2Gi"}},
    id="load",
)
""",
)
_REPLACED = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    for months in [6, 12]:
        KubernetesPodOperator(
            task_id=f"predict_{months}m",
            image="registry.example.com/ds/ltv:1.4",
            arguments=["--day", "{{ ds }}", "--months", str(months)],
        )
""",
    after="""\
for months in [6, 12]:
    features = load_features(
        "SELECT * FROM FEATURES.LTV WHERE MONTHS = {{ params.months }}",
        parameters={"months": str(months)},
        id=f"predict_{months}m.load_features",
    )
    model = load_model("ltv", alias="production", id=f"predict_{months}m.load_model")
    predictions = batch_predict(
        features,
        model,
        output_column="LTV",
        keys=["CUSTOMER_ID"],
        id=f"predict_{months}m.batch_predict",
    )
    write_predictions(
        predictions,
        "PREDICTIONS.LTV",
        mode="overwrite_partition",
        partition={"RUN_DATE": "{{ ds }}", "MONTHS": months},
        id=f"predict_{months}m",
    )
""",
    config="""\
images:
  registry.example.com/ds/ltv:
    as: batch_inference
    features: SELECT * FROM FEATURES.LTV WHERE MONTHS = {{ params.months }}
    parameters: {months: "${args.months}"}
    model: ltv
    alias: production
    output_table: PREDICTIONS.LTV
    output_column: LTV
    keys: [CUSTOMER_ID]
    mode: overwrite_partition
    partition: {RUN_DATE: "${args.day}", MONTHS: "${args.months | int}"}
""",
)


_TEMPLATES = ("pod_template_file", "pod_template_dict", "full_pod_spec")
"""Arguments that may bring the image."""


@rule(
    "airflow.providers.cncf.kubernetes.operators.pod.KubernetesPodOperator",
    "airflow.providers.cncf.kubernetes.operators.kubernetes_pod.KubernetesPodOperator",
    "airflow.contrib.operators.kubernetes_pod_operator.KubernetesPodOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-cncf-kubernetes/stable/operators.html",
    examples=[_POD, _REPLACED],
    dynamic=may_skip,
)
def kubernetes_pod_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The container runs by `run_container` on the platform that is configured.

    Where migration.yaml says so for its image (`images`), steps that load features, predict and
    write replace it.
    """
    image = task.take("image")
    if image is None and not any(given(task, name) for name in _TEMPLATES):
        image = task.require("image")
    if image is None:
        return run_container(task, to, None, Container())
    mode = to.config.container_mode(image.value) if isinstance(image.value, str) else Container()
    if isinstance(mode, BatchInference):
        return batch_inference(task, to, image, mode)
    return run_container(task, to, image, mode)
