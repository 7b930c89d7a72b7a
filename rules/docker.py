"""Containers of Docker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rules.arguments import (
    call_arguments,
    given,
    pass_on,
    platform_settings,
    present,
    refused,
    same_as_default,
    step,
)
from rules.bash import command_text
from rules.container import may_skip, skip_codes
from rules.pod_values import dict_of, list_of
from rules.registry import Example, rule
from rules.sources import item_sources, keyword_sources
from transpiler.config import BatchInference, Container
from transpiler.model.values import Call

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument, SourceExpression
    from transpiler.model.pipeline import Expr, StepCall

_UNCHANGED = {
    "environment": "environment",
    "private_environment": "private_environment",
    "entrypoint": "entrypoint",
    "container_name": "name",
    "working_dir": "working_dir",
    "mem_limit": "mem_limit",
    "cpus": "cpus",
    "mount_tmp_dir": "mount_tmp_dir",
    "tmp_dir": "tmp_dir",
    "force_pull": "force_pull",
}
_DEFAULTS: dict[str, Any] = {
    "mount_tmp_dir": True,
    "tmp_dir": "/tmp/airflow",
    "cpus": 1.0,
    "force_pull": False,
    "xcom_all": False,
    "retrieve_output": False,
    "privileged": False,
    "network_mode": "bridge",
    "docker_url": "unix://var/run/docker.sock",
}
"""Airflow's defaults, and Docker's own network, which are the step's as well."""
_ENGINE = dict.fromkeys(
    (
        "docker_url",
        "docker_conn_id",
        "tls_ca_cert",
        "tls_client_cert",
        "tls_client_key",
        "tls_hostname",
        "tls_ssl_version",
        "host_tmp_dir",
    ),
    "which engine runs the container, and how it signs in, are settings of the platform",
)
_NOT_NEEDED = {
    "api_version": "the platform knows its own interface",
    "tls_verify": "the platform knows its own interface",
    "timeout": "it limits single requests to Docker, which the platform makes itself",
    "tty": "the container's output is always part of the step's log",
    "log_opts_max_size": "the container's output is always part of the step's log",
    "log_opts_max_file": "the container's output is always part of the step's log",
    "auto_remove": "the platform removes containers that have ended",
    "xcom_push": "a step keeps its result as an artifact",
}
_MOUNT = ("target", "source", "type", "read_only")
"""Parameters of docker.types.Mount, in order."""
_USER = re.compile(r"\d+(:\d+)?")

_LOAD = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.docker.operators.docker import DockerOperator
from docker.types import Mount

IMAGE = "registry.example.com/etl/loader:2.1.0"

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    DockerOperator(
        task_id="load",
        image=IMAGE,
        command="python -m loader --day {{ ds }}",
        environment={"LOG_LEVEL": "INFO"},
        mounts=[Mount(source="/data", target="/data", type="bind")],
        mount_tmp_dir=False,
        mem_limit="512m",
        auto_remove="success",
    )
""",
    after="""\
run_docker_container(
    IMAGE,
    "python -m loader --day {{ ds }}",
    environment={"LOG_LEVEL": "INFO"},
    mem_limit="512m",
    mount_tmp_dir=False,
    mounts=[{"source": "/data", "target": "/data", "type": "bind"}],
    id="load",
)
""",
)


@rule(
    "airflow.providers.docker.operators.docker.DockerOperator",
    "airflow.operators.docker_operator.DockerOperator",
    "airflow.operators.docker.DockerOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-docker/stable/_api/airflow/providers/docker/operators/docker/index.html",
    examples=[_LOAD],
    dynamic=may_skip,
)
def docker_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The container runs by `run_docker_container` on the platform that is configured; the result
    is the last line that it prints, as in Airflow.
    """
    image = task.require("image")
    for name, why in _NOT_NEEDED.items():
        task.not_needed(name, why=why)
    same_as_default(task, **_DEFAULTS)
    platform_settings(
        task, to, {name: text for name, text in _ENGINE.items() if _differs(task, name)}
    )
    _note_image(task, to, image)
    command = given(task, "command")
    kwargs = {
        **pass_on(task, to, {own: name for own, name in _UNCHANGED.items() if _differs(task, own)}),
        **present(mounts=_mounts(task, to), user=_user(task, to), network_mode=_network(task, to)),
        **skip_codes(task, to),
    }
    args = [to.expr(image), *([] if command is None else [command_text(to, command)])]
    return step("run_docker_container", task, *args, kwargs=kwargs)


def _differs(task: TaskReader, name: str) -> bool:
    """Whether an argument says something else than the step does anyway."""
    argument = given(task, name)
    return argument is not None and (name not in _DEFAULTS or argument.value != _DEFAULTS[name])


def _note_image(task: TaskReader, to: Lowering, image: Argument) -> None:
    """The image of a container that cannot be replaced by steps: those read a pod's arguments."""
    if not isinstance(image.value, str) or "{{" in image.value:
        return
    mode = to.config.container_mode(image.value)
    if isinstance(mode, BatchInference):
        raise refused(task, image, "as: batch_inference is for KubernetesPodOperator only")
    assert isinstance(mode, Container)
    to.settings.image(image.value, image.span, mode.command)


def _mounts(task: TaskReader, to: Lowering) -> Expr | None:
    """`mounts`, or `volumes` of Airflow 1 (`folder:target`)."""
    argument = given(task, "mounts") or given(task, "volumes")
    if argument is None or argument.value in ([], ()):
        return None
    if not isinstance(argument.value, (list, tuple)):
        raise refused(task, argument, f"{argument.name} is not a list that is known from the file")
    sources = item_sources(argument.value, argument.source)
    parts = zip(argument.value, sources, strict=True)
    return list_of(_mount(task, to, argument, one, source) for one, source in parts)


def _mount(
    task: TaskReader, to: Lowering, argument: Argument, value: Any, source: SourceExpression | None
) -> Expr:
    if isinstance(value, str):
        return to.expr_of(value, source)
    if not isinstance(value, Call) or value.func.rpartition(".")[2] != "Mount":
        raise refused(task, argument, f"{argument.name} has what is no docker.types.Mount")
    fields = {name: one for name, one in call_arguments(value, _MOUNT).items() if one is not None}
    unknown = sorted(set(fields) - set(_MOUNT))
    if unknown:
        raise refused(task, argument, f"a mount has {', '.join(unknown)}, which the step has not")
    if fields.get("type", "volume") not in ("bind", "tmpfs"):
        raise refused(task, argument, "a volume of Docker's own: it exists in one engine only")
    sources = {} if value.args else keyword_sources(value, source)
    return dict_of({name: to.expr_of(one, sources.get(name)) for name, one in fields.items()})


def _user(task: TaskReader, to: Lowering) -> Expr | None:
    argument = given(task, "user")
    if argument is None:
        return None
    if not _USER.fullmatch(str(argument.value)):
        raise refused(task, argument, "user is a name of the image; give its number")
    return to.expr(argument)


def _network(task: TaskReader, to: Lowering) -> Expr | None:
    argument = given(task, "network_mode")
    if argument is None or argument.value == _DEFAULTS["network_mode"]:
        return None
    if argument.value == "host":
        return to.expr(argument)
    platform_settings(task, to, {"network_mode": "a network of Docker's own is the platform's"})
    return None
