"""Findings that somebody accepts: by comment and by migration.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler.commands.analysis import Analysis, analyse_paths, exit_code
from transpiler.config import MigrationConfigError
from transpiler.report.document import all_findings, build_document
from transpiler.report.models import FindingEntry, MigrationDocument

DAG = """\
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BashOperator(
        task_id="load",
        bash_command="load",
        run_as_user="etl",{comment}
        colour="red",
    )
"""


def analysis(folder: Path, text: str, config: str = "") -> Analysis:
    (folder / "dags").mkdir(exist_ok=True)
    (folder / "dags" / "nightly.py").write_text(text)
    (folder / "migration.yaml").write_text(f'airflow_version: "2.10"\n{config}')
    paths = [folder / "dags" / "nightly.py"]
    return analyse_paths(paths, project_root=folder, config=None, rules=None, jobs=1, emit=True)


def document(folder: Path, text: str, config: str = "") -> MigrationDocument:
    found = analysis(folder, text, config)
    return build_document(found.results, found.findings)


def of_code(document: MigrationDocument, code: str) -> list[FindingEntry]:
    return [entry for entry in all_findings(document) if entry.code == code]


def told(document: MigrationDocument, code: str) -> list[tuple[str, bool]]:
    return [(e.message.split(":")[0], e.suppressed is not None) for e in of_code(document, code)]


def test_a_comment_on_the_line(tmp_path: Path) -> None:
    text = DAG.replace("{comment}", "  # dag2zen: ignore[D2Z302] the image has one user")
    made = document(tmp_path, text)
    assert told(made, "D2Z302") == [("run_as_user", True), ("colour", False)]
    first, _ = of_code(made, "D2Z302")
    assert first.suppressed is not None
    assert first.suppressed.reason == "the image has one user"
    assert first.suppressed.place == "dags/nightly.py:9:29"
    assert made.totals.findings_by_severity["manual"] == 1
    assert made.totals.findings_suppressed == 1
    assert of_code(made, "D2Z134") == []


def test_a_comment_above_and_for_the_file(tmp_path: Path) -> None:
    above = DAG.replace("{comment}", "\n        # dag2zen: ignore[d2z302, D2Z212] it is paint")
    made = document(tmp_path, above)
    assert told(made, "D2Z302") == [("run_as_user", False), ("colour", True)]
    assert [e.message for e in of_code(made, "D2Z134")] == [
        "D2Z212 is suppressed, and is not found here"
    ]
    whole = "# dag2zen: ignore-file[D2Z302] known\n" + DAG.replace("{comment}", "")
    made = document(tmp_path, whole)
    assert told(made, "D2Z302") == [("run_as_user", True), ("colour", True)]
    assert exit_code(made, [tmp_path]) == 0


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("# dag2zen: ignore[D2Z302]", "it gives no reason"),
        ("# dag2zen: ignore[D2Z999] known", "there is no code 'D2Z999'"),
        ("# dag2zen: ignore it is fine", "it is not understood"),
        ("# dag2zen: skip[D2Z302] it is fine", "it is not understood"),
    ],
)
def test_a_comment_that_cannot_be_followed(tmp_path: Path, comment: str, problem: str) -> None:
    made = document(tmp_path, DAG.replace("{comment}", f"  {comment}"))
    (entry,) = of_code(made, "D2Z135")
    assert entry.message.startswith(problem)
    assert entry.line == 9
    assert made.totals.findings_suppressed == 0


def test_text_in_a_string_is_no_comment(tmp_path: Path) -> None:
    made = document(
        tmp_path, DAG.replace("{comment}", "").replace('"red"', '"# dag2zen: ignore[D2Z302] x"')
    )
    assert made.totals.findings_suppressed == 0
    assert of_code(made, "D2Z134") == of_code(made, "D2Z135") == []


def test_migration_yaml(tmp_path: Path) -> None:
    config = """\
suppress:
  - code: D2Z302
    dag: night*
    task: load
    path: dags/*
    reason: known
  - code: D2Z302
    dag: other
    reason: known, too
"""
    made = document(tmp_path, DAG.replace("{comment}", ""), config)
    assert told(made, "D2Z302") == [("run_as_user", True), ("colour", True)]
    (entry,) = of_code(made, "D2Z134")
    assert (entry.file, entry.line) == ("migration.yaml", 8)


def test_findings_of_the_run_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "runtime.py").write_text("SHARED = 1\n")
    text = DAG.replace("{comment}", "")
    assert told(document(tmp_path, text), "D2Z501") == [("shadows runtime", False)]
    entry = "suppress:\n  - {code: D2Z501, path: runtime.py, reason: it is ours}\n"
    made = document(tmp_path, text, entry)
    assert told(made, "D2Z501") == [("shadows runtime", True)]
    assert of_code(made, "D2Z134") == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("code: D2Z302", "reason"),
        ("code: D2Z9, reason: x", "no finding of this code"),
        ("code: D2Z302, reason: ''", "reason"),
    ],
)
def test_an_entry_that_is_wrong(tmp_path: Path, entry: str, said: str) -> None:
    with pytest.raises(MigrationConfigError, match=said):
        analysis(tmp_path, DAG, f"suppress:\n  - {{{entry}}}\n")


def test_what_is_emitted_stays_and_the_account_too(tmp_path: Path) -> None:
    text = (
        DAG.replace("{comment}", "")
        .replace("BashOperator", "AcmeOperator")
        .replace("airflow.operators.bash", "airflow.providers.acme")
    )
    plain = analysis(tmp_path, text)
    accepted = analysis(tmp_path, f"{text}# dag2zen: ignore-file[D2Z301, D2Z302] by hand, later\n")
    (before,), (after,) = plain.results, accepted.results
    assert after.files == before.files
    assert 'not_translated(\n        "D2Z301"' in after.files["pipelines/nightly.py"]
    made = build_document(accepted.results)
    assert exit_code(made, [tmp_path]) == 0
    assert made.files[0].dags[0].tasks[0].disposition == "manual"
    assert made.totals.manual_points == build_document(plain.results).totals.manual_points > 0


def test_a_comment_in_a_shared_module_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "shared.py").write_text(
        'ARGS = {"run_as_user": "etl"}  # dag2zen: ignore[D2Z302, D2Z212] known\n'
    )
    text = DAG.replace('run_as_user="etl",{comment}', "**ARGS,").replace('colour="red",', "")
    other = text.replace('"nightly"', '"other"')
    head = "from shared import ARGS\n"
    (tmp_path / "dags" / "other.py").write_text(head + other)
    (tmp_path / "dags" / "nightly.py").write_text(head + text)
    found = analyse_paths(
        [tmp_path / "dags"], project_root=tmp_path, config=None, rules=None, jobs=1, emit=False
    )
    made = build_document(found.results, found.findings)
    assert told(made, "D2Z302") == [("run_as_user", True), ("run_as_user", True)]
    assert len(of_code(made, "D2Z134")) == 1
