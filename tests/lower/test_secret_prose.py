"""Secrets in shell commands, documentation, loops, options and settings files."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler.config import MigrationConfig
from transpiler.lower.secret_prose import secrets_in_prose, secrets_in_settings
from transpiler.service import analyse


@pytest.mark.parametrize(
    "text",
    [
        "PGPASSWORD=Zx9-Pw1 psql -h db",
        "curl -u etl:Zx9-Pw1 https://x.test",
        "curl --user=etl:Zx9-Pw1 https://x.test",
        "mysql -uroot -pZx9-Pw1 -e 1",
        "sshpass -pZx9-Pw1 ssh h",
        "run --password Zx9-Pw1",
        "run --api-token=Zx9-Pw1;",
        "https://x.test/y?api_key=Zx9-Pw1&b=1",
        "Login: admin / password: Zx9-Pw1.",
        "<p>password: Zx9-Pw1</p>",
        "The password is Zx9-Pw1aB, ask ops.",
        "The old password was 'Zx9-Pw1'.",
        'set -e\nexport PGPASSWORD="Zx9-Pw1"\nrun',
        "export FOO_TOKEN='Zx9-Pw1' && run",
        "DB_PASS=Zx9-Pw1 run",
        "mysql -u root -p'Zx9-Pw1' db",
        "mysql -u root \\\n  -p'Zx9-Pw1' db",
        "sshpass -p Zx9-Pw1 ssh h",
        "docker login -u me -p 'Zx9-Pw1' registry",
        'snowsql -u me --password "Zx9-Pw1"',
        "curl --user 'me:Zx9-Pw1' https://x.test",
        "curl -H 'Authorization: Bearer Zx9-Pw1aB' https://x.test",
        "echo 'Zx9-Pw1' | docker login --password-stdin",
        '{"user": "a", "password": "Zx9-Pw1"}',
        'curl -d "{\\"password\\": \\"Zx9-Pw1\\"}" https://x.test',
        "CREATE USER a PASSWORD = 'Zx9-Pw1'",
        "Password: `Zx9-Pw1`.",
    ],
)
def test_secrets_are_found_in_the_middle_of_a_text(text: str) -> None:
    assert {one.value.removesuffix("aB") for one in secrets_in_prose(text)} == {"Zx9-Pw1"}


@pytest.mark.parametrize(
    "text",
    [
        "password: ask ops",
        "token=$TOKEN run --password {{ var.value.pw }} --token=${TOKEN}",
        "SELECT 1 FROM a JOIN b ON a.token = b1.token",
        "token: str = tokens2.get(1)",
        "secret=/run/secrets/db1 key_date=2024-01-01 token=2024-01-01",
        "The secret manager has tokens for 2024",
        "docker run -p 8080:80 -u 1000:1000 x",
        "password=<your password> token=changeme",
        'export TOKEN="$(cat /run/token1)" PASSWORD="$PW1" API_KEY="{{ var.value.key1 }}"',
        "export TOKEN=`cat /run/token1`",
        "mysql -u root -p db1",
        '{"token": "string", "password": ""}',
        "echo a1 | docker build -",
    ],
)
def test_words_code_and_references_are_no_secrets(text: str) -> None:
    assert list(secrets_in_prose(text)) == []


def test_an_option_is_called_after_its_command() -> None:
    text = "mysql -pZx9-a1 d; curl -u a:Zx9-a2 x && docker login \\\n -p Zx9-a3\nA_PW=Zx9-a4 run"
    assert {one.value: one.name for one in secrets_in_prose(text)} == {
        "Zx9-a1": "MYSQL_PASSWORD",
        "Zx9-a2": "CURL_PASSWORD",
        "Zx9-a3": "DOCKER_PASSWORD",
        "Zx9-a4": "A_PW",
    }


def test_settings_files_tell_secrets_line_by_line() -> None:
    text = 'db:\n  user: etl\n  password: Zx9 # the\n"token": "Zx8",\nexport API_KEY=Zx7\nkey: a\n'
    assert [(one.name, one.value) for one in secrets_in_settings(text)] == [
        ("PASSWORD", "Zx9"),
        ("TOKEN", "Zx8"),
        ("API_KEY", "Zx7"),
    ]
    pod = "env:\n  - name: DB_PASSWORD\n    value: Zx6\n  - name: A\n    value: b\n"
    assert [one.value for one in secrets_in_settings(pod)] == ["Zx6"]


DAG_FILE = '''
"""Login password=Zx9-doc1"""
import yaml
from pathlib import Path
from airflow import DAG
from airflow.operators.bash import BashOperator
API = {"key": "Zx9-dict2"}
conf = yaml.safe_load((Path(__file__).parent / "conf.yaml").read_text())
auth = ("etl", "Zx9-pair3")
with DAG("d", schedule=None, doc_md="Use token: Zx9-md4", params={"p": auth}) as dag:
    for pw in ["Zx9-loop5"]:
        BashOperator(task_id="a", bash_command=f"login {pw} {API['key']} {conf['db']['password']}")
    BashOperator(task_id="b", bash_command="x", env={"ARGS": ["--password", "Zx9-opt6"][1]})
    BashOperator(task_id="c", bash_command="x", env={"A": str({"name": "API_TOKEN", "value": "Zx9-pair8"})})
    BashOperator(task_id="d", bash_command="x", params={"a": dict(name="DB_PASSWORD", value="Zx9-pair9")})
'''


def test_none_of_them_reaches_an_output(tmp_path: Path) -> None:
    (tmp_path / "dag.py").write_text(DAG_FILE)
    (tmp_path / "conf.yaml").write_text("db:\n  password: Zx9-yaml7\n")
    (result,) = analyse(
        [tmp_path / "dag.py"], project_root=tmp_path, config=MigrationConfig(), jobs=1, emit=True
    )
    assert result.pipelines
    assert {secret.value[:3] for secret in result.secrets} == {"Zx9"}
    assert len({secret.value for secret in result.secrets}) == 9
    shown = [*result.files.values(), *(item.message for item in result.findings)]
    assert not [text for text in shown if "Zx9" in text]
