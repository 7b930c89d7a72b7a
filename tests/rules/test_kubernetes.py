"""KubernetesPodOperator as a container."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, lower, one

MODULE = "airflow.providers.cncf.kubernetes.operators.pod"


def pod(arguments: str) -> str:
    return f"KubernetesPodOperator(task_id='t', image='acme/x:1', {arguments})"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("cmds=['a'], arguments=['b']", "command=['a'], arguments=['b']"),
        ("name='n', namespace='s'", "name='n', namespace='s'"),
        ("labels={'a': 'b'}, annotations={'c': 'd'}", "labels={'a': 'b'}, annotations={'c': 'd'}"),
        ("service_account_name='sa'", "service_account='sa'"),
        ("image_pull_policy='Always'", "image_pull_policy='Always'"),
        ("node_selector={'a': 'b'}", "node_selector={'a': 'b'}"),
        ("node_selectors={'a': 'b'}", "node_selector={'a': 'b'}"),
        ("startup_timeout_seconds=9", "startup_timeout_seconds=9"),
        ("env_vars={'A': '{{ ds }}'}", "env={'A': '{{ ds }}'}"),
        ("env_vars={}", ""),
        (
            "env_vars=[k8s.V1EnvVar(name='A', value='1'), k8s.V1EnvVar(name='B')]",
            "env={\"A\": '1', \"B\": ''}",
        ),
        ("env_vars=[{'name': 'A', 'value': '1'}]", "env={\"A\": '1'}"),
        (
            "env_vars=[k8s.V1EnvVar(name='A', value_from=k8s.V1EnvVarSource(secret_key_ref="
            "k8s.V1SecretKeySelector(name='s', key='k')))]",
            "secrets=[{'deploy_type': 'env', 'deploy_target': 'A', 'secret': 's', 'key': 'k'}]",
        ),
        (
            "secrets=[Secret('env', 'a', 's', 'k')]",
            "secrets=[{'deploy_type': 'env', 'deploy_target': 'A', 'secret': 's', 'key': 'k'}]",
        ),
        (
            "secrets=[Secret('volume', '/etc/s', secret='s')]",
            "secrets=[{'deploy_type': 'volume', 'deploy_target': '/etc/s', 'secret': 's'}]",
        ),
        ("secrets=[Secret('env', None, 's')]", "env_from=[{'secretRef': {'name': 's'}}]"),
        ("secrets=[]", ""),
        ("configmaps=['c']", "env_from=[{'configMapRef': {'name': 'c'}}]"),
        (
            "env_from=[k8s.V1EnvFromSource(config_map_ref=k8s.V1ConfigMapEnvSource(name='c'))]",
            'env_from=[{"configMapRef": {"name": \'c\'}}]',
        ),
        (
            "container_resources=k8s.V1ResourceRequirements(limits={'cpu': '1'}, requests=None)",
            "resources={\"limits\": {'cpu': '1'}}",
        ),
        (
            "resources=k8s.V1ResourceRequirements(limits={'cpu': '1'})",
            "resources={\"limits\": {'cpu': '1'}}",
        ),
        ("resources={'limits': {'cpu': '1'}}", "resources={'limits': {'cpu': '1'}}"),
        (
            "resources={'request_cpu': '1', 'limit_memory': '2Gi'}",
            "resources={'requests': {'cpu': '1'}, 'limits': {'memory': '2Gi'}}",
        ),
        (
            "tolerations=[k8s.V1Toleration(key='a', operator='Exists', toleration_seconds=3)]",
            'tolerations=[{"key": \'a\', "operator": \'Exists\', "tolerationSeconds": 3}]',
        ),
        ("tolerations=[]", ""),
        ("affinity={'nodeAffinity': {}}", "affinity={'nodeAffinity': {}}"),
        (
            "volumes=[k8s.V1Volume(name='v', host_path=k8s.V1HostPathVolumeSource(path='/x'))]",
            'volumes=[{"name": \'v\', "hostPath": {"path": \'/x\'}}]',
        ),
        (
            "volume_mounts=[k8s.V1VolumeMount(name='v', mount_path='/x', read_only=True)]",
            'volume_mounts=[{"name": \'v\', "mountPath": \'/x\', "readOnly": True}]',
        ),
        (
            "ports=[k8s.V1ContainerPort(container_port=80, host_ip='1.2.3.4')]",
            'ports=[{"containerPort": 80, "hostIP": \'1.2.3.4\'}]',
        ),
        ("image_pull_secrets='a,b'", "image_pull_secrets=['a', 'b']"),
        (
            "image_pull_secrets=[k8s.V1LocalObjectReference(name='a')]",
            "image_pull_secrets=['a']",
        ),
        ("image_pull_secrets=[k8s.V1LocalObjectReference('a')]", "image_pull_secrets=['a']"),
        ("image_pull_secrets=[]", ""),
        ("do_xcom_push=True", "do_xcom_push=True"),
        ("on_finish_action='keep_pod'", "on_finish_action='keep_pod'"),
        ("on_finish_action='delete_pod'", ""),
        ("is_delete_operator_pod=False", "on_finish_action='keep_pod'"),
        ("is_delete_operator_pod=True", ""),
        (
            "env_vars=[k8s.V1EnvVar(name='A', value_from=k8s.V1EnvVarSource(field_ref="
            "k8s.V1ObjectFieldSelector(field_path='status.podIP')))]",
            'env_sources=[{"name": \'A\', "valueFrom": {"fieldRef": '
            "{\"fieldPath\": 'status.podIP'}}}]",
        ),
        (
            "pod_runtime_info_envs=[k8s.V1EnvVar(name='A', value='1')]",
            "env={\"A\": '1'}",
        ),
        (
            "secrets=[Secret('volume', '/x', 's', items=[k8s.V1KeyToPath(key='k', path='p')])]",
            "secrets=[{\"deploy_type\": 'volume', \"deploy_target\": '/x', \"secret\": 's', "
            '"items": [{"key": \'k\', "path": \'p\'}]}]',
        ),
        (
            "hostnetwork=True, security_context={'runAsUser': 1}, dnspolicy='Default'",
            'pod_spec={"hostNetwork": True, "securityContext": {\'runAsUser\': 1}, '
            "\"dnsPolicy\": 'Default'}",
        ),
        (
            "security_context=k8s.V1PodSecurityContext(run_as_user=1000)",
            'pod_spec={"securityContext": {"runAsUser": 1000}}',
        ),
        (
            "init_containers=[k8s.V1Container(name='i', image='busybox')]",
            'pod_spec={"initContainers": [{"name": \'i\', "image": \'busybox\'}]}',
        ),
        (
            "priority_class_name='p', schedulername='s', hostname='h', subdomain='d', "
            "active_deadline_seconds=9",
            "pod_spec={\"hostname\": 'h', \"subdomain\": 'd', \"schedulerName\": 's', "
            '"priorityClassName": \'p\', "activeDeadlineSeconds": 9}',
        ),
        (
            "container_security_context={'privileged': True}",
            "container_spec={\"securityContext\": {'privileged': True}}",
        ),
        ("termination_grace_period=5", "termination_grace_seconds=5"),
        ("random_name_suffix=False", "random_name_suffix=False"),
        ("reattach_on_restart=False", "reattach=False"),
        ("base_container_name='main'", "container_name='main'"),
        ("container_logs=True", "log_containers='all'"),
        ("container_logs=['base', 'x']", "log_containers=['base', 'x']"),
        ("container_logs='base', base_container_name='base'", ""),
        ("hostnetwork=False, security_context={}, termination_message_policy='File'", ""),
        ("get_logs=True, random_name_suffix=True, deferrable=False, reattach_on_restart=True", ""),
    ],
)
def test_arguments(arguments: str, expected: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, pod(arguments))

    assert lowered.texts == [f"run_container('acme/x:1'{', ' if expected else ''}{expected})"]
    assert (lowered.untaken, lowered.refused) == ([], [])


@pytest.mark.parametrize(
    "arguments",
    [
        "env_vars=3",
        "env_vars=[3]",
        "env_from='x'",
        "secrets='x'",
        "secrets=[3]",
        "secrets=[Secret('env', 'a', datetime.now(), 'k')]",
        "secrets=[Secret('volume', '/x', 's', items='k')]",
        "secrets=[Secret('env', 'A', 's', 'k', items=['k'])]",
        "container_logs=[1]",
        "resources=datetime.now()",
        "image_pull_secrets=[3]",
        "image_pull_secrets=3",
        "on_finish_action=datetime.now()",
    ],
)
def test_what_is_not_known(arguments: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, pod(arguments))

    assert lowered.texts == []
    assert [found.code for found in lowered.refused] == ["D2Z303"]


@pytest.mark.parametrize(
    "argument",
    [
        "callbacks=[print]",
        "progress_callback=print",
        "schedule_timeout_seconds=3",
    ],
)
def test_what_the_step_cannot_do_is_left(argument: str, tmp_path: Path) -> None:
    assert one(tmp_path, MODULE, pod(argument)).untaken == [argument.partition("=")[0]]


def test_the_cluster_is_a_setting(tmp_path: Path) -> None:
    lowered = one(
        tmp_path, MODULE, pod("kubernetes_conn_id='k', in_cluster=True, config_file=None")
    )

    messages = [found.message for found in lowered.findings if found.code == "D2Z308"]
    assert [message.partition(":")[0] for message in messages[:2]] == [
        "kubernetes_conn_id",
        "in_cluster",
    ]


def test_an_image_needs_a_command_on_the_local_platform(tmp_path: Path) -> None:
    config = "images: {acme/*: {command: [python, -m, x]}}"

    lowered = one(tmp_path, MODULE, pod("name='n'"), config)

    platform = lowered.config["platform"]
    assert platform == {"type": "local", "images": {"acme/x:1": ["python", "-m", "x"]}}
    assert lowered.codes == []


def test_a_templated_image_is_no_key(tmp_path: Path) -> None:
    call = "KubernetesPodOperator(task_id='t', image='x:{{ params.tag }}')"

    assert "platform" not in one(tmp_path, MODULE, call).config


def test_an_image_is_needed(tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, "KubernetesPodOperator(task_id='t', name='x')")

    assert lowered.codes == [("D2Z303", "manual")]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("pod_template_file='pods/x.yaml'", "pod_template_file='pods/x.yaml'"),
        ("pod_template_dict={'spec': {}}", "pod_template={'spec': {}}"),
        (
            "full_pod_spec=k8s.V1Pod(spec=k8s.V1PodSpec(node_name='n', containers=[]))",
            'full_pod_spec={"spec": {"nodeName": \'n\', "containers": []}}',
        ),
    ],
)
def test_a_template_may_bring_the_image(argument: str, expected: str, tmp_path: Path) -> None:
    call = f"KubernetesPodOperator(task_id='t', {argument})"

    lowered = one(tmp_path, MODULE, call)

    assert (lowered.texts, lowered.untaken) == ([f"run_container({expected})"], [])
    told = [found.message for found in lowered.findings if "pod_template_file" in found.message]
    assert bool(told) == ("file" in argument)


def test_classes_of_airflow_1_10(tmp_path: Path) -> None:
    text = (
        f"{HEAD}from airflow.contrib.kubernetes.volume import Volume\n"
        "from airflow.contrib.kubernetes.volume_mount import VolumeMount\n"
        "from airflow.contrib.operators.kubernetes_pod_operator import KubernetesPodOperator\n"
        'with DAG("d", start_date=datetime(2024, 1, 1), schedule_interval=None):\n'
        "    KubernetesPodOperator(task_id='t', image='x',\n"
        "        volumes=[Volume(name='v', configs={'hostPath': {'path': '/x'}})],\n"
        "        volume_mounts=[VolumeMount('v', mount_path='/x', read_only=True)])\n"
    )

    assert lower(tmp_path, text).texts == [
        "run_container('x', volumes=[{\"name\": 'v', \"hostPath\": {'path': '/x'}}], "
        'volume_mounts=[{"name": \'v\', "mountPath": \'/x\', "readOnly": True}])'
    ]


@pytest.mark.parametrize(
    ("codes", "expected"), [("42", "42"), ("[1, 2]", "[1, 2]"), ("{2, 1}", "[1, 2]")]
)
def test_exit_codes_that_skip_need_the_scheduler(codes: str, expected: str, tmp_path: Path) -> None:
    module = "airflow.providers.cncf.kubernetes.operators.pod"
    call = f"KubernetesPodOperator(task_id='t', image='a:1', skip_on_exit_code={codes})"

    lowered = one(tmp_path, module, call)
    static = one(tmp_path, module, call, "mode: static")

    assert lowered.texts == [f"dag.task(run_container, 'a:1', skip_on_exit_code={expected})"]
    assert "D2Z203" not in {code for code, _ in lowered.codes}
    assert ("D2Z203", "manual") in static.codes


@pytest.mark.parametrize("codes", ["None", "[]"])
def test_no_exit_code_skips(codes: str, tmp_path: Path) -> None:
    module = "airflow.providers.cncf.kubernetes.operators.pod"
    call = f"KubernetesPodOperator(task_id='t', image='a:1', skip_on_exit_code={codes})"

    lowered = one(tmp_path, module, call)

    assert (lowered.texts, lowered.untaken) == (["run_container('a:1')"], [])
