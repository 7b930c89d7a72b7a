"""Secrets: found in sources, kept out of the output."""

from __future__ import annotations

import ast
import os
from typing import Any

import libcst as cst
import pytest

from transpiler.lower.secret_shapes import environment_name, is_secret_name, is_secret_value
from transpiler.lower.secrets import (
    SecretLiteral,
    collect_secrets,
    find_secrets,
    find_secrets_in_text,
    redact,
    secret_findings,
)
from transpiler.model.dag import SourceModule
from transpiler.model.span import Span

AWS = "AKIA" + "IOSFODNN7EXAMPLE"
GITHUB = "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345"
SLACK = "xoxb-" + "123456789012-abcdefghijkl"
OPENAI = "sk-" + "abcdefghijklmnopqrstuvwxyz0123"
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnop"
URI = "postgresql://etl:pa55w0rd9@db.example.com:5432/x"
PEM = "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----"


def module(code: str) -> SourceModule:
    return SourceModule("dags/a.py", cst.parse_module(code), "a", {}, None)


def found(code: str) -> list[tuple[str, str]]:
    return [(s.env_name, s.value) for s in find_secrets(module(code)) if not s.extra]


@pytest.mark.parametrize(
    ("code", "name", "value"),
    [
        ("PASSWORD = 'hunter2x'", "PASSWORD", "hunter2x"),
        ("db_password: str = 'hunter2x'", "DB_PASSWORD", "hunter2x"),
        ("apiKey = b'hunter2x'", "API_KEY", "hunter2x"),
        ("token2 = 'hunter2x'", "TOKEN_2", "hunter2x"),
        ("a.secret = 'hunter2x'", "SECRET", "hunter2x"),
        ("a['pwd'] = 'hunter2x'", "PWD", "hunter2x"),
        ("CONN = {'password': 'hunter2x'}", "CONN_PASSWORD", "hunter2x"),
        ("conn = Connection(password='hunter2x')", "CONN_PASSWORD", "hunter2x"),
        ("f(access_key='hunter2x')", "ACCESS_KEY", "hunter2x"),
        ("def f(password='hunter2x'): pass", "PASSWORD", "hunter2x"),
        ("if (token := 'hunter2x'): pass", "TOKEN", "hunter2x"),
        ("x = token == 'hunter2x'", "X_TOKEN", "hunter2x"),
        ("pw = os.getenv('PW', 'hunter2x')", "PW", "hunter2x"),
        ("pw = os.environ.get('PW') or 'hunter2x'", "PW", "hunter2x"),
        ("pw = 'hunter2x' if prod else None", "PW", "hunter2x"),
        ("pw = 'hunter' + '2x'", "PW", "hunter2x"),
        ("pw = 'hunter' '2x'", "PW", "hunter2x"),
        ("pw = SecretStr('hunter2x')", "PW", "hunter2x"),
        ("pw = 'hunter2x'.encode()", "PW", "hunter2x"),
        ("pw = f'hunter2x{x}'", "PW", "hunter2x"),
        ("x = 1  # token: 'hunter2x'", "TOKEN", "hunter2x"),
        (f"'''Doc {AWS} doc.'''", "AWS_ACCESS_KEY_ID", AWS),
        (f"x = 'a {GITHUB} b'", "GITHUB_TOKEN", GITHUB),
        (f"x = '{SLACK}'", "X", SLACK),
        (f"x = f'{{y}} {OPENAI}'", "API_KEY", OPENAI),
        (f"f('Authorization: {JWT}')", "ACCESS_TOKEN", JWT),
        (f"URI = '{URI}'", "URI", URI),
        (f"f('psql {URI} -c x')", "CONNECTION_URI", URI),
        (f"key = '''{PEM}'''", "KEY", PEM),
        (f"x = 'ghp_' + '{GITHUB[4:]}'", "X", GITHUB),
    ],
)
def test_secrets(code: str, name: str, value: str) -> None:
    assert (name, value) in found(code)


@pytest.mark.parametrize(
    "code",
    [
        "secret_name = 'hunter2x'",
        "snowflake_conn_id = 'hunter2x'",
        "token_env = 'INCIDENT_TOKEN'",
        "password_file = '/run/secrets/x'",
        "password = ''",
        "password = None",
        "password = '{{ conn.x.password }}'",
        "password = '${PASSWORD}'",
        "password = '%(password)s'",
        "password = 'xxxxxx'",
        "password = '<your password>'",
        "password = 'changeme'",
        "token = 'arn:aws:secretsmanager:eu-west-1:1:secret:x'",
        "token = 'projects/x/secrets/y'",
        "token = '/run/secrets/token'",
        "password = Variable.get('hunter2x')",
        "password = get_secret('hunter2x')",
        "s = Secret(deploy_type='env', secret='hunter2x', key='password')",
        "s = {'deploy_type': 'env', 'secret': 'hunter2x', 'key': 'k'}",
        "passwords = ['hunter2x']",
        "URI = 'postgresql://etl@db.example.com/x'",
        "URI = f'postgresql://etl:{pw}@db.example.com/x'",
        "URI = 'postgresql://etl:{{ conn.x.password }}@db.example.com/x'",
        "x = 'sk-short'",
        "secret = 'this is a sentence about secrets'",
        "x, password = f()",
        "a[0:1] = 'x'",
        "a[i] = 'x'",
    ],
)
def test_no_secrets(code: str) -> None:
    assert found(code) == []


def test_one_name_for_each_value() -> None:
    first, second = module("password = 'hunter2x'"), module("password = 'other-1'\nx = 'hunter2x'")

    secrets = collect_secrets([first, second], {"a.sql": "PASSWORD = 'third-1'"})

    assert [(s.env_name, s.value) for s in secrets] == [
        ("PASSWORD", "hunter2x"),
        ("PASSWORD_2", "other-1"),
        ("PASSWORD_3", "third-1"),
    ]
    assert secrets[-1].span == Span("a.sql", 1, 1)


def test_findings_never_show_the_secret() -> None:
    secrets = collect_secrets([module(f"x = 1\nURI = '{URI}'\nURI = '{URI}'")])

    findings = secret_findings(secrets)

    assert [(f.code, f.span.line, f.span.column) for f in findings] == [
        ("D2Z601", 2, 7),
        ("D2Z601", 3, 7),
    ]
    assert "pa55" not in repr((findings, secrets))


def secret(value: str, name: str = "TOKEN") -> SecretLiteral:
    return SecretLiteral(value, name, Span("a.py", 1, 1))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = 'hunter2x'", 'x = os.environ["TOKEN"]'),
        ("x = 'a hunter2x b'", 'x = ("a " + os.environ["TOKEN"] + " b")'),
        ("x = 'hunter2x\"'", 'x = (os.environ["TOKEN"] + \'"\')'),
        ("x = b'hunter2x'", 'x = os.environ["TOKEN"].encode()'),
        ("x = f'{y}hunter2x'", "x = f'{y}{os.environ[\"TOKEN\"]}'"),
        ('x = f"{y}hunter2x!"', "x = f\"{y}{os.environ['TOKEN']}!\""),
        ("x = 'hunter' '2x'", 'x = os.environ["TOKEN"]'),
        ("x = 'hunter' + '2x'", 'x = os.environ["TOKEN"]'),
        ("x = ('hunter2x' f'{y}')", "x = (os.environ[\"TOKEN\"] + f'{y}')"),
        ("x = ('a' f'{y}hunter2x')", "x = ('a' f'{y}{os.environ[\"TOKEN\"]}')"),
        ("f(a='hunter2x', b=['hunter2x'])", 'f(a=os.environ["TOKEN"], b=[os.environ["TOKEN"]])'),
        ("x = {'hunter2x': 1}", 'x = {os.environ["TOKEN"]: 1}'),
    ],
)
def test_python_reads_the_environment(code: str, expected: str) -> None:
    redacted = redact(code, [secret("hunter2x")], "python")

    assert redacted == f"import os\n{expected}"
    ast.parse(redacted)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = 1  # hunter2x", "x = 1  # ***"),
        ('"""Doc hunter2x."""', '"""Doc ***."""'),
        ("def f():\n    'hunter2x'", "def f():\n    '***'"),
        ("match x:\n    case 'hunter2x':\n        pass", "match x:\n    case '***':\n        pass"),
        ("x = 'other'", "x = 'other'"),
        ("not python hunter2x", "not python ***"),
    ],
)
def test_where_no_look_up_can_stand(code: str, expected: str) -> None:
    assert redact(code, [secret("hunter2x")], "python") == expected


def test_the_import_comes_after_docstring_and_future() -> None:
    code = '"""Doc."""\n\nfrom __future__ import annotations\n\nimport json\nx = "hunter2x"\n'

    lines = redact(code, [secret("hunter2x")], "python").splitlines()

    assert lines[2:6] == ["from __future__ import annotations", "", "import json", "import os"]


def test_the_import_is_not_repeated() -> None:
    redacted = redact("import os\nx = 'hunter2x'", [secret("hunter2x")], "python")

    assert redacted.count("import os") == 1


def test_redacted_code_gives_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TOKEN", "hunter2x")
    names: dict[str, Any] = {}

    exec(redact("x = f'a{1}hunter2x' 'b'", [secret("hunter2x")], "python"), names)

    assert names["x"] == "a1hunter2xb"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("owner = 'airflow'", "owner = 'airflow'"),
        ("password = 'airflow'", 'import os\npassword = os.environ["TOKEN"]'),
        (
            "f(password='airflow', a='airflow')",
            "import os\nf(password=os.environ[\"TOKEN\"], a='airflow')",
        ),
        ("x = {'pwd': 'airflow'}", "import os\nx = {'pwd': os.environ[\"TOKEN\"]}"),
        ("x = 1  # password: airflow", "x = 1  # password: ***"),
        ("x = 1  # run by airflow", "x = 1  # run by airflow"),
    ],
)
def test_an_ordinary_word_is_a_secret_only_by_its_name(code: str, expected: str) -> None:
    assert redact(code, [secret("airflow")], "python") == expected


def test_longer_secrets_go_first() -> None:
    secrets = [secret("hunter2x", "SHORT"), secret("hunter2x-long", "LONG")]

    assert redact("x = 'hunter2x-long'", secrets, "python").endswith('os.environ["LONG"]')


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("SELECT 'hunter\"2x'", "sql", "SELECT '{{ var.value.token }}'"),
        ('a: hunter"2x', "text", "a: ***"),
        ('{"a": "hunter\\"2x"}', "text", '{"a": "***"}'),
        ("<p>hunter&quot;2x</p>", "text", "<p>***</p>"),
        ("https://u:hunter%222x@h", "text", "https://u:***@h"),
    ],
)
def test_other_files(text: str, kind: Any, expected: str) -> None:
    assert redact(text, [secret('hunter"2x')], kind) == expected


def test_nothing_to_hide() -> None:
    assert redact("x = 1", [], "python") == "x = 1"


def test_sql_text() -> None:
    text = f"-- key {AWS}\nCREATE USER x PASSWORD = 'hunter2x';\nCOMMENT = 'password of x'"

    secrets = find_secrets_in_text(text, "a.sql")

    assert [(s.env_name, s.value, s.span.line) for s in secrets] == [
        ("AWS_ACCESS_KEY_ID", AWS, 1),
        ("PASSWORD", "hunter2x", 2),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dbPassword", "DB_PASSWORD"),
        ("x-api.key", "X_API_KEY"),
        ("2token", "SECRET_2_TOKEN"),
        ("", "SECRET"),
    ],
)
def test_environment_names(name: str, expected: str) -> None:
    assert environment_name(name) == expected


def test_names_and_values() -> None:
    assert is_secret_name("SNOWFLAKE_PRIVATE_KEY")
    assert not is_secret_name("partition_key")
    assert not is_secret_name("_")
    assert not is_secret_value("  ")


def test_the_name_of_a_secret_does_not_break_the_names_that_hold_it() -> None:
    code = (
        'TOKEN = "ads_developer_token"\n'
        "def get_ads_developer_token():\n"
        '    return lookup("get_ads_developer_token", TOKEN)\n'
    )
    secret = SecretLiteral("ads_developer_token", "TOKEN", Span("d.py", 1, 9, 1, 30))

    redacted = redact(code, [secret], "python")

    assert "def get_ads_developer_token():" in redacted
    assert 'lookup("get_ads_developer_token", TOKEN)' in redacted
    assert 'TOKEN = os.environ["TOKEN"]' in redacted
    compile(redacted, "d.py", "exec")
