"""Secrets inside shell commands and settings that a DAG file holds as texts."""

from __future__ import annotations

import pytest

from tests.lower.factory import module
from transpiler.lower.redaction import redact
from transpiler.lower.secrets import collect_secrets

SECRET = "k3yOfTheHouse9"
COMMANDS = [
    "set -e\nexport PGPASSWORD='{}'\npsql -h x",
    'set -e\n  export PASSWORD="{}"; run',
    "FOO_TOKEN='{}' run",
    "API_KEY={} run && echo",
    "docker run -e DB_PASS={} image",
    "mysql -u root -p'{}' db",
    'mysql -uroot \\\n  -p"{}" db',
    "run --password={} \\\n  --user=x",
    "run --password \\\n  {} --user x",
    'run --password "{}" --user x',
    "run --api-key='{}'",
    "cat <<EOF > .env\nUSER=x\nSECRET_KEY={}\nEOF",
    "[db]\nuser=x\npassword={}\nhost=y",
    '{{"user": "x", "password": "{}"}}',
    'curl -d "{{\\"password\\": \\"{}\\"}}" https://x',
    "curl --user 'me:{}' https://x",
    'curl -u "me:{}" https://x',
    "curl -H 'Authorization: Bearer {}' https://x",
    "sshpass -p '{}' ssh x",
    "docker login -u me -p {} registry",
    "echo '{}' | docker login --password-stdin",
]
HARMLESS = [
    'PASSWORD="$(cat /run/secret)" run',
    "export TOKEN=$TOKEN; export API_KEY={{ var.value.key }}",
    "run --password=\"$PASSWORD\" --token '${TOKEN}'",
    'with_password: "the password of the user"',
    "SECRET_KEY=%s",
    "password=<password>",
    "token = get_token()",
    "SELECT token FROM keys WHERE token = 'token'",
    "run -p 8080 && tar -p x",
    "token_url='https://example.org/token'",
    "max_tokens=4096 sort_key='created_at'",
]


CASES = [
    (command, value)
    for command in COMMANDS
    for value in (SECRET, "correct-horse")
    if value == SECRET or not any(s in command for s in ("Bearer", "--password \\", "-p {}"))
]
"""There, a word without digits may be any word."""


@pytest.mark.parametrize(("command", "value"), CASES)
def test_a_secret_of_a_command_is_found_and_taken_out(command: str, value: str) -> None:
    text = command.format(value)
    source = f"COMMAND = {text!r}\n"
    secrets = collect_secrets([module(source)])
    assert {secret.value for secret in secrets} == {value}
    assert value not in redact(source, secrets, "python")
    assert value not in redact(text, secrets)


@pytest.mark.parametrize("text", HARMLESS)
def test_references_and_words_are_no_secrets(text: str) -> None:
    assert collect_secrets([module(f"COMMAND = {text!r}\n")]) == []
