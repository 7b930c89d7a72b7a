"""KubernetesPodOperator replaced by steps of the runtime."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, Lowered, lower, one

MODULE = "airflow.providers.cncf.kubernetes.operators.pod"
CONFIG = """\
images:
  acme/*:
    as: batch_inference
    features: {features}
    model: {model}
    output_table: {table}
    {more}
"""


def config(features: str = "SELECT 1", model: str = "m", table: str = "T", more: str = "") -> str:
    return CONFIG.format(features=features, model=model, table=table, more=more)


def pod(arguments: str = "name='n'") -> str:
    return f"KubernetesPodOperator(task_id='t', image='acme/x:1', {arguments})"


def test_four_steps(tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, pod(), config())

    assert lowered.texts == [
        "features = load_features('SELECT 1')",
        "model = load_model('m')",
        "predictions = batch_predict(features, model, output_column='prediction')",
        "write_predictions(predictions, 'T', mode='append')",
    ]
    suffixes = [call.step_id.code for call in lowered.calls]
    assert suffixes == [".load_features", ".load_model", ".batch_predict", ""]
    assert {call.task_id for call in lowered.calls} == {"t"}


def test_all_settings(tmp_path: Path) -> None:
    more = (
        "version: 3\n    mode: merge\n    keys: [A]\n    columns: {V: '{{ model.version }}'}\n"
        "    cap: 5\n    floor: 0.5\n    round_to: 2\n    batch_size: 10\n    connection: etl\n"
    )

    assert one(tmp_path, MODULE, pod(), config(more=more)).texts == [
        "features = load_features('SELECT 1', connection='etl')",
        "model = load_model('m', version=3)",
        "predictions = batch_predict(features, model, output_column='prediction', keys=['A'], "
        "batch_size=10, cap=5, floor=0.5, round_to=2, columns={\"V\": '{{ model.version }}'})",
        "write_predictions(predictions, 'T', mode='merge', keys=['A'], connection='etl')",
    ]


@pytest.mark.parametrize(
    ("reference", "arguments", "expected"),
    [
        ("${args.a}", "arguments=['--a', 'x']", "'x'"),
        ("${args.a}", "cmds=['run', '--a', 'x']", "'x'"),
        ("${args.a}", "arguments=['--a=x']", "'x'"),
        ("${args.a}", "arguments=['-a', 'x']", "'x'"),
        ("${args.a-b}", "arguments=['--a_b', 'x']", "'x'"),
        ("${args.a}", "arguments=('--b', '--a', 'x')", "'x'"),
        ("${args.a}", "arguments=['--a', '{{ ds }}']", "'{{ ds }}'"),
        ("${args.a | int}", "arguments=['--a', '6']", "6"),
        ("${args.a | int}", "arguments=['--a', str(6)]", "6"),
        ("${env.A}", "env_vars={'A': 'x'}", "'x'"),
        ("${env.A}", "env_vars=[k8s.V1EnvVar(name='A', value='x')]", "'x'"),
        ("${env.A}", "env_vars=[{'name': 'B'}, k8s.V1EnvVar(name='A', value='x')]", "'x'"),
        ("p_${env.A}_q", "env_vars={'A': 'x'}", "'p_x_q'"),
        ("$${x}", "name='n'", "'${x}'"),
    ],
)
def test_references(reference: str, arguments: str, expected: str, tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, pod(arguments), config(table=f"'{reference}'"))

    assert lowered.texts[-1] == f"write_predictions(predictions, {expected}, mode='append')"


LOOP = (
    HEAD + f"from {MODULE} import KubernetesPodOperator\n"
    "MARKET = 'BE'\n"
    'with DAG("d", start_date=datetime(2024, 1, 1), schedule="@daily"):\n'
    "    for n in [6, 12]:\n"
    "        KubernetesPodOperator(task_id=f't{n}', image='acme/x', arguments=[ARGUMENTS])\n"
)


def in_loop(folder: Path, arguments: str, table: str) -> Lowered:
    return lower(folder, LOOP.replace("ARGUMENTS", arguments), config(table=f"'{table}'"))


@pytest.mark.parametrize(
    ("arguments", "table", "expected"),
    [
        ("'--n', str(n)", "${args.n}", "str(n)"),
        ("'--n', str(n)", "${args.n | int}", "n"),
        ("f'--n={n}'", "${args.n}", "str(n)"),
        ("f'--n={n}'", "${args.n | int}", "n"),
        ("f'--n=p{n}'", "${args.n}", "f'p{n}'"),
        ("f'--n={n:02d}'", "${args.n}", "f'{n:02d}'"),
        ("f'-{\"-n\"}=x'", "${args.n}", "'x'"),
        ("'--n', str(n)", "T_${args.n}", "'T_' + str(n)"),
        ("'--m', MARKET", "${args.m}", "MARKET"),
        ("'--m', MARKET", "T_${args.m}", "'T_' + MARKET"),
    ],
)
def test_references_keep_what_the_dag_file_says(
    arguments: str, table: str, expected: str, tmp_path: Path
) -> None:
    lowered = in_loop(tmp_path, arguments, table)

    writes = {text for text in lowered.texts if "write_predictions" in text}
    assert writes == {f"write_predictions(predictions, {expected}, mode='append')"}


@pytest.mark.parametrize(
    ("reference", "arguments"),
    [
        ("${args.b}", "arguments=['--a', 'x']"),
        ("${args.a}", "arguments=['--a']"),
        ("${args.a}", "name='n'"),
        ("${env.B}", "env_vars={'A': 'x'}"),
        ("${env.B}", "env_vars=3"),
        ("${args.a | int}", "arguments=['--a', '{{ ds }}']"),
    ],
)
def test_a_reference_to_nothing_stops_the_task(
    reference: str, arguments: str, tmp_path: Path
) -> None:
    lowered = one(tmp_path, MODULE, pod(arguments), config(table=f"'{reference}'"))

    assert [found.code for found in lowered.refused] == ["D2Z303"]


def test_how_a_pod_was_watched_is_not_needed(tmp_path: Path) -> None:
    arguments = "reattach_on_restart=False, container_logs=True, base_container_name='main'"

    lowered = one(tmp_path, MODULE, pod(arguments), config())

    assert len(lowered.texts) == 4 and lowered.untaken == []


def test_what_is_left_behind_is_told(tmp_path: Path) -> None:
    arguments = (
        "arguments=['--a', 'x', '--b=1'], env_vars={'A': '1', 'B': '2'}, labels={'l': 'm'},"
        " get_logs=True, in_cluster=True, hostnetwork=True, container_resources={'limits': 1}"
    )

    lowered = one(tmp_path, MODULE, pod(arguments), config(model="'${args.a}-${env.A}'"))

    (message,) = [found.message for found in lowered.findings if found.code == "D2Z306"]
    assert message.endswith("not carried over: --b, B, container_resources")
    told = {found.message.partition(":")[0] for found in lowered.findings if found.code == "D2Z311"}
    assert told >= {"labels", "hostnetwork", "in_cluster"}
    assert lowered.untaken == []


def test_features_from_a_file(tmp_path: Path) -> None:
    lowered = one(
        tmp_path,
        MODULE,
        pod("arguments=['--n', '6']"),
        config(features="sql/f.sql", more="parameters: {n: '${args.n | int}'}"),
        sql__f_dot_sql="SELECT {{ params.n }}\n",
    )

    assert lowered.texts[0] == "features = load_features('d/f.sql', parameters={\"n\": 6})"
    assert lowered.sql == {"d/f.sql": "SELECT {{ params.n }}\n"}
    assert "D2Z404" not in dict(lowered.codes)


def test_a_parameter_that_is_not_given_is_told(tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, pod(), config(features="SELECT {{ params.n }}"))

    assert ("D2Z404", "warning") in lowered.codes


def test_missing_features_stop_the_task(tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, pod(), config(features="nowhere.sql"))

    assert [found.code for found in lowered.refused] == ["D2Z401"]
