"""DockerOperator."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, Lowered, lower, one

DOCKER = "airflow.providers.docker.operators.docker"


def docker(folder: Path, arguments: str, config: str = "", **files: str) -> Lowered:
    text = (
        f"{HEAD}from {DOCKER} import DockerOperator\nfrom docker.types import Mount\n"
        "from airflow.models import Variable\n"
        'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n'
        f"    DockerOperator(task_id='t', image='etl:1', {arguments})\n"
    )
    return lower(folder, text, config, **files)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", ""),
        ("command=['a', '{{ ds }}']", ", ['a', '{{ ds }}']"),
        ("entrypoint='python'", ", entrypoint='python'"),
        ("environment={'A': '1'}", ", environment={'A': '1'}"),
        ("container_name='x', working_dir='/w'", ", name='x', working_dir='/w'"),
        ("cpus=1, mount_tmp_dir=True, force_pull=False, tmp_dir='/tmp/airflow'", ""),
        ("cpus=2.5, force_pull=True", ", cpus=2.5, force_pull=True"),
        ("mount_tmp_dir=False", ", mount_tmp_dir=False"),
        ("mem_limit=1000", ", mem_limit=1000"),
        ("mounts=[]", ""),
        ("volumes=['/a:/b']", ", mounts=['/a:/b']"),
        (
            "mounts=[Mount('/t', None, 'tmpfs')]",
            ", mounts=[{\"target\": '/t', \"type\": 'tmpfs'}]",
        ),
        ("user=1000", ", user=1000"),
        ("network_mode='host'", ", network_mode='host'"),
        ("network_mode='bridge', docker_url='unix://var/run/docker.sock'", ""),
        ("xcom_all=False, retrieve_output=False, privileged=False", ""),
    ],
)
def test_arguments(arguments: str, expected: str, tmp_path: Path) -> None:
    lowered = docker(tmp_path, arguments)

    assert lowered.texts == [f"run_docker_container('etl:1'{expected})"]
    assert lowered.untaken == []
    assert lowered.codes == [("D2Z308", "warning")]
    assert lowered.findings[0].message == "no local command stands in for the image 'etl:1'"


def test_a_script_is_read(tmp_path: Path) -> None:
    lowered = docker(tmp_path, "command='run.sh'", run_dot_sh="load {{ ds }}\n")

    assert lowered.texts == ["run_docker_container('etl:1', 'load {{ ds }}\\n')"]


@pytest.mark.parametrize(
    ("arguments", "code", "count"),
    [
        ("docker_url='tcp://docker:2375', network_mode='etl'", ("D2Z308", "warning"), 3),
        ("docker_conn_id='registry', tls_hostname='x'", ("D2Z308", "warning"), 3),
        ("auto_remove=True, tty=True, api_version='auto'", ("D2Z311", "info"), 3),
        ("mounts=[Mount('/t', Variable.get('folder'), 'bind')]", ("D2Z308", "warning"), 2),
    ],
)
def test_what_the_platform_decides(
    arguments: str, code: tuple[str, str], count: int, tmp_path: Path
) -> None:
    lowered = docker(tmp_path, arguments)

    assert lowered.codes.count(code) == count
    assert lowered.untaken == []


@pytest.mark.parametrize("name", ["skip_exit_code", "skip_on_exit_code"])
def test_an_exit_code_that_skips(name: str, tmp_path: Path) -> None:
    lowered = docker(tmp_path, f"{name}=7")

    assert lowered.texts == ["dag.task(run_docker_container, 'etl:1', skip_on_exit_code=7)"]


@pytest.mark.parametrize(
    "arguments",
    [
        "mounts=[Mount('/t', 'named')]",
        "mounts=[Mount('/t', '/x', 'bind', propagation='shared')]",
        "mounts=Variable.get('mounts')",
        "mounts=[3]",
        "user='postgres'",
    ],
)
def test_what_no_other_engine_can_do(arguments: str, tmp_path: Path) -> None:
    assert [found.code for found in docker(tmp_path, arguments).refused] == ["D2Z303"]


def test_what_is_left(tmp_path: Path) -> None:
    arguments = "xcom_all=True, privileged=True, env_file='a=1', port_bindings={80: 80}"

    untaken = docker(tmp_path, arguments).untaken

    assert sorted(untaken) == ["env_file", "port_bindings", "privileged", "xcom_all"]


def test_images_that_migration_yaml_names(tmp_path: Path) -> None:
    images = "images:\n  etl: {{as: {}}}\n"
    inference = (
        "batch_inference, features: x, model: m, output_table: T, output_column: C, keys: [K]"
    )

    lowered = docker(tmp_path, "", images.format("container, command: [echo]"))
    refused = docker(tmp_path, "", images.format(inference)).refused

    assert lowered.config["platform"]["images"] == {"etl:1": ["echo"]}  # type: ignore[index]
    assert [found.code for found in refused] == ["D2Z303"]


def test_an_image_that_is_a_template(tmp_path: Path) -> None:
    call = "DockerOperator(task_id='t', image='etl:{{ ds }}')"

    lowered = one(tmp_path, "airflow.operators.docker_operator", call)

    assert lowered.texts == ["run_docker_container('etl:{{ ds }}')"]
    assert "platform" not in lowered.config
