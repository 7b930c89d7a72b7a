"""What the account shows of the source: no secret, not even a part of one."""

from __future__ import annotations

from pathlib import Path

from tests.account.accounts import account_of_text
from transpiler.report.document import build_document, document_json

SECRET = "tok_live_" + "0123456789abcdefghij" * 8
TEXT = f"""\
from airflow import DAG
from airflow.operators.bash import BashOperator

API_TOKEN = "{SECRET}"
PASSWORD = \"\"\"first-part-of-Tr0ub4dor
second-part-of-Tr0ub4dor\"\"\"
SECRET_KEY = "aZ09+/not-a-real-key/" "0123456789abcdefghij"
LONG = "{'x' * 150}"

with DAG("nightly", schedule=None):
    BashOperator(task_id="load", bash_command="true", env={{"A": API_TOKEN, "B": PASSWORD, "C": SECRET_KEY}})
"""


def test_a_line_ends_where_a_secret_begins(tmp_path: Path) -> None:
    result = account_of_text(TEXT, tmp_path)
    texts = {item.name: item.text for item in result.account if item.kind == "constant"}
    assert texts["API_TOKEN"] == "API_TOKEN = ***"
    assert texts["PASSWORD"] == "PASSWORD = ***"
    assert texts["SECRET_KEY"] == "SECRET_KEY = ***"
    assert len(texts["LONG"]) == 100 and texts["LONG"].endswith("x…")
    shown = document_json(build_document([result]))
    for part in ("tok_live", "first-part", "aZ09+", "0123456789abcdefghij"):
        assert part not in shown
