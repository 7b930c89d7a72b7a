"""EmailOperator."""

from __future__ import annotations

from pathlib import Path

from tests.rules.lowered import one

MODULE = "airflow.operators.email"
MAIL = "EmailOperator(task_id='t', to='a@example.com', subject='s', html_content={}{})"


def test_all_arguments(tmp_path: Path) -> None:
    more = ", cc='b@example.com', files=['x.csv'], from_email='c@example.com', mime_subtype='mixed'"

    lowered = one(tmp_path, MODULE, MAIL.format("'h'", more))

    assert lowered.texts == [
        "send_email('a@example.com', subject='s', html_content='h', cc='b@example.com', "
        "files=['x.csv'], from_email='c@example.com')"
    ]
    assert lowered.untaken == []
    assert lowered.codes == [("D2Z308", "warning")]
    assert "email" in lowered.config


def test_the_content_may_be_a_file(tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, MAIL.format("'m.html'", ""), m_dot_html="<p>{{ ds }}</p>")

    assert "html_content='<p>{{ ds }}</p>'" in lowered.texts[0]


def test_a_connection_of_its_own_is_a_setting(tmp_path: Path) -> None:
    lowered = one(tmp_path, MODULE, MAIL.format("'h'", ", conn_id='smtp', mime_charset='latin-1'"))

    assert lowered.codes.count(("D2Z308", "warning")) == 2
    assert lowered.untaken == ["mime_charset"]
