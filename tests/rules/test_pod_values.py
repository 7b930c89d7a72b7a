"""Objects of the Kubernetes client as data, written as the DAG file writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.pod_values import camel
from tests.rules.lowered import HEAD, lower

LOOP = (
    HEAD + "from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator\n"
    "from kubernetes.client import models as k8s\nimport acme\nMORE = []\nLABELS = {}\n"
    'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n'
    "    for n in ['a', 'b']:\n"
    "        KubernetesPodOperator(task_id=f't{n}', image='x', ARGUMENT)\n"
)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("env_vars=[k8s.V1EnvVar(name='N', value=n)]", 'env={"N": n}'),
        ("env_vars=[*[k8s.V1EnvVar(name='N', value='x')]]", "env={\"N\": 'x'}"),
        (
            "tolerations=[k8s.V1Toleration(key=n, value=f'{n}')]",
            'tolerations=[{"key": n, "value": f\'{n}\'}]',
        ),
        (
            "volumes=[{'name': n, 'emptyDir': k8s.V1EmptyDirVolumeSource(medium=n)}]",
            'volumes=[{"name": n, "emptyDir": {"medium": n}}]',
        ),
        (
            "volumes=[{**{}, 'emptyDir': k8s.V1EmptyDirVolumeSource(medium='x')}]",
            'volumes=[{"emptyDir": {"medium": \'x\'}}]',
        ),
        (
            "affinity=k8s.V1Affinity(**{'node_affinity': {'a': 1}})",
            "affinity={\"nodeAffinity\": {'a': 1}}",
        ),
    ],
)
def test_what_a_loop_changes_stays_written(argument: str, expected: str, tmp_path: Path) -> None:
    lowered = lower(tmp_path, LOOP.replace("ARGUMENT", argument))

    assert lowered.texts == [f"run_container('x', {expected})"]


@pytest.mark.parametrize(
    "argument",
    [
        "volumes=[acme.volume('x')]",
        "affinity=k8s.V1Affinity({'a': 1})",
        "volumes=[acme.kubernetes.Volume('x')]",
    ],
)
def test_other_calls_are_refused(argument: str, tmp_path: Path) -> None:
    lowered = lower(tmp_path, LOOP.replace("ARGUMENT", argument))

    assert lowered.texts == []
    assert {found.code for found in lowered.refused} <= {"D2Z216", "D2Z303"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("mount_path", "mountPath"), ("_from", "from"), ("host_ip", "hostIP"), ("name", "name")],
)
def test_names_of_manifests(name: str, expected: str) -> None:
    assert camel(name) == expected
