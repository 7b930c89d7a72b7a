"""The pull request's text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from transpiler.report.models import (
    ConstructEntry,
    Coverage,
    DagEntry,
    FileEntry,
    FindingEntry,
    MigrationDocument,
    Source,
    TaskEntry,
    Totals,
)
from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.pull_request.description import LONGEST, description
from transpiler.workspace.pull_request.links import Links
from transpiler.workspace.pull_request.names import out_folder, slug, slugs
from transpiler.workspace.pull_request.subject import (
    AirflowVersion,
    Subject,
    Verification,
    title_of,
)
from transpiler.workspace.pull_request.targets import files_of_wave


def task(task_id: str, upstream: list[str], **fields: Any) -> TaskEntry:
    values: dict[str, Any] = {
        "task_id": task_id,
        "operator": "airflow.operators.bash.BashOperator",
        "step": "run_bash",
        "steps": [task_id],
        "upstream": upstream,
        "trigger_rule": "all_success",
        "retries": 0,
        "retry_delay_seconds": 0,
        "execution_timeout_seconds": None,
        "mapped": False,
        "group": None,
        "disposition": "mapped",
        "source": Source(line=1, column=1),
    }
    return TaskEntry(**{**values, **fields})


def dag(dag_id: str = "nightly", tasks: int = 2, **fields: Any) -> DagEntry:
    values: dict[str, Any] = {
        "dag_id": dag_id,
        "pipeline": "pipelines/nightly.py",
        "mode": "static",
        "mode_reason": "plain",
        "schedule": "@daily",
        "start_date": None,
        "catchup": False,
        "tags": [],
        "params": {},
        "tasks": [task(f"t{n}", [f"t{n - 1}"] if n else []) for n in range(tasks)],
        "findings": [],
        "source": Source(line=6, column=1),
    }
    return DagEntry(**{**values, **fields})


def finding(severity: Any = "manual", code: str = "D2Z301", **fields: Any) -> FindingEntry:
    values: dict[str, Any] = {
        "code": code,
        "severity": severity,
        "message": "no rule translates Odd",
        "remedy": "Write one.",
        "file": "dags/nightly.py",
        "line": 7,
        "column": 1,
        "task_id": "t1",
    }
    return FindingEntry(**{**values, **fields})


def row(disposition: Any, number: int = 1) -> ConstructEntry:
    return ConstructEntry(
        kind="argument",
        name="a",
        text=f"a={number}",
        file="dags/nightly.py",
        line=number,
        column=1,
        end_line=number,
        end_column=9,
        disposition=disposition,
        codes=[] if disposition == "mapped" else ["D2Z301"],
        note="because | of",
        dags=[],
    )


def subject(
    *dags: DagEntry, account: list[ConstructEntry] | None = None, manual: int = 0, **fields: Any
) -> Subject:
    file = FileEntry(
        path="dags/nightly.py", error=None, dags=list(dags), findings=[], account=account or []
    )
    totals = Totals(
        files=1,
        files_with_error=0,
        dags=len(dags),
        tasks=2,
        tasks_by_disposition={},
        findings_by_severity={"manual": manual, "warning": 0, "info": 0},
        blocking_operators=[],
        coverage=Coverage(constructs=3, mapped=2, manual=1),
    )
    document = MigrationDocument(generator="dag2zen", totals=totals, files=[file], findings=[])
    values: dict[str, Any] = {
        "document": document,
        "links": Links("https://forge/acme/dags", "abc", "dag2zen/x", "zenml/x"),
        "verification": Verification(),
        "airflow": {"dags/nightly.py": AirflowVersion(2, "requirements.txt")},
        "variables": ("DWH_USER",),
        "commits": ("Add the pipeline of nightly",),
    }
    return Subject(**{**values, **fields})


def test_a_clean_one() -> None:
    text = description(subject(dag()))
    assert (
        "| `nightly` | [`dags/nightly.py:6`](https://forge/acme/dags/blob/abc/dags/nightly.py#L6)"
        in text
    )
    assert "None: no finding says that the pipeline means something else than the DAG." in text
    assert (
        "- [x] `dag2zen verify`: the pipeline compiles with ZenML, and its 2 tasks, 1 edges" in text
    )
    assert "```mermaid\nflowchart LR\n" in text
    assert "export DWH_USER=...\ndag2zen run pipelines/nightly.py\n" in text
    assert (
        "airflow dags pause nightly\n   airflow dags list-runs -d nightly --state running\n" in text
    )
    assert "Nothing in the repository says which Airflow" not in text
    assert "Before the first run" not in text and "What became of the source" not in text


def test_paragraphs_are_lines() -> None:
    """Forges show a line break within a paragraph as one."""
    text = description(subject(dag(), account=[row("manual")]))
    lines = text.split("```")[0::2]
    for part in lines:
        for before, after in zip(part.splitlines(), part.splitlines()[1:], strict=False):
            assert not (before and after and before[-1].isalpha() and after[0].islower())


def test_findings_are_checklists() -> None:
    entries = [
        finding(),
        finding(task_id="t0"),
        finding("warning", "D2Z308", task_id=None, message="set it"),
        finding("info", "D2Z210", message="<script>"),
    ]
    text = description(subject(dag(findings=entries), manual=1))
    assert "**Not ready to run**: the decisions below come first." in text
    place = "[`dags/nightly.py:7`](https://forge/acme/dags/blob/abc/dags/nightly.py#L7)"
    assert f", {place}: `t1`, `t0`: no rule translates Odd. Write one. (D2Z301)\n" in text
    assert "## Before the first run\n\n- [ ] **" in text
    assert "<details><summary>One remark that asks for nothing</summary>" in text
    assert "<script>" not in text


def test_findings_of_the_output_link_to_the_branch() -> None:
    made = subject(dag())
    entry = finding(code="D2Z503", file="pipelines/a.py", line=3)
    made = replace(made, document=made.document.model_copy(update={"findings": [entry]}))
    assert "blob/dag2zen/x/zenml/x/pipelines/a.py#L3" in description(made)


def test_the_account() -> None:
    rows = [row("mapped"), *(row("approximated", n) for n in range(2, 70))]
    text = description(subject(dag(), account=rows))
    assert "| argument | 69 | 1 | 68 |  |  |\n| **all** | 69 | 1 | 68 |  |  |" in text
    assert "| `a=2` | approximated | D2Z301 | because \\| of |" in text
    assert "and 8 more, in `migration.json`." in text


@pytest.mark.parametrize(
    ("verification", "text"),
    [
        (
            Verification(not_run="no ZenML here"),
            "- [ ] `dag2zen verify` did not run: no ZenML here",
        ),
        (Verification(("a: expected 1, found 2",)), "  - `a: expected 1, found 2`"),
    ],
)
def test_what_was_not_verified_is_said(verification: Verification, text: str) -> None:
    made = description(subject(dag(), verification=verification))
    assert text in made
    assert "- [x]" not in made
    assert ("**Verification failed**" in made) is bool(verification.differences)


def test_several_dags_by_hand_with_needs() -> None:
    first = dag(schedule=None, tasks=0)
    waits = task("wait", [], waits_for=["upstream_dag", "nightly"])
    second = dag("it's", catchup=True, tasks=0).model_copy(update={"tasks": [waits]})
    text = description(subject(first, second, airflow={"dags/nightly.py": AirflowVersion(3, None)}))
    assert text.startswith("Turns these 2 Airflow DAGs into ZenML pipelines.")
    assert "### `nightly`" in text
    assert "airflow dags pause 'it'\"'\"'s'" in text
    assert "airflow dags list-runs nightly --state running" in text
    assert "Nothing in the repository says which Airflow this is" in text
    assert "waits for runs of, or starts, `upstream_dag`." in text
    assert "(`it's`: `catchup=True`)" in text


def test_nothing_to_schedule() -> None:
    text = description(subject(dag(schedule=None)))
    assert "--schedule" not in text and "zenml pipeline schedule" not in text
    assert "| started by hand |" in text


def test_large_dags_fit() -> None:
    text = description(subject(dag(tasks=3000)))
    assert "Too large to be shown here (3000 tasks); `migration.html` has it." in text
    many = [finding(line=n, task_id=f"t{n}") for n in range(3000)]
    text = description(subject(dag(findings=many), manual=3000))
    assert len(text) <= LONGEST + 200
    assert text.endswith("Cut here for its length. The whole report is in `MIGRATION.md`.\n")


def test_places_without_a_page() -> None:
    links = Links(None, "abc", "b", "zenml/x", prefix="project/")
    assert links.source("dags/a.py", 3) == "`project/dags/a.py:3`"
    assert links.output("MIGRATION.md") == "`zenml/x/MIGRATION.md`"


def test_lines_of_the_only_file_are_short() -> None:
    links = Links("https://f/a/b", "abc", "b", "zenml/x", only="a.py")
    assert links.source("a.py", 3) == "[line 3](https://f/a/b/blob/abc/a.py#L3)"
    assert links.source("a.py") == "[`a.py`](https://f/a/b/blob/abc/a.py)"
    assert links.whole("a.py", 3) == "[`a.py:3`](https://f/a/b/blob/abc/a.py#L3)"


def test_tasks_of_several_steps() -> None:
    parts = [task(f"p{n}", [], steps=[f"p{n}.load", f"p{n}"]) for n in range(7)]
    text = description(subject(dag().model_copy(update={"tasks": parts})))
    assert "`p0`, `p1`, `p2`, `p3`, `p4` and 2 more each are 2 steps: `load`, itself." in text
    assert "| 7 in 14 steps |" in text


def test_titles() -> None:
    dags = [dag(name) for name in ("a", "b", "c", "d")]
    assert title_of(dags[:1]) == "Migrate a to ZenML"
    assert title_of(dags[:3]) == "Migrate a, b and c to ZenML"
    assert title_of(dags, 2) == "Migrate wave 2 to ZenML: 4 DAGs"


def test_names_of_branches_and_folders() -> None:
    assert slug("a b/c.d") == "a-b-c-d"
    assert slug("...") == "dag"
    assert dict(slugs(["dags/x/load.py", "dags/y/Load.py", "dags/z.py"])) == {
        "dags/x/load.py": "dags-x-load",
        "dags/y/Load.py": "dags-y-Load",
        "dags/z.py": "z",
    }
    assert out_folder("zenml/{dag}", "x") == "zenml/x"
    for bad in ("", "/abs", "a/../b", ".git/x"):
        with pytest.raises(WorkspaceError, match="not a folder below the repository"):
            out_folder(bad, "x")


def test_files_of_a_wave() -> None:
    first, second = dag("a", tasks=0), dag("b", tasks=0)
    needs_a = second.model_copy(update={"tasks": [task("wait", [], waits_for=["a"])]})
    document = subject(first).document
    files = [
        document.files[0].model_copy(update={"path": path, "dags": dags})
        for path, dags in (("a.py", [first]), ("b.py", [needs_a]), ("both.py", [first, needs_a]))
    ]
    document = document.model_copy(update={"files": files})
    assert files_of_wave(document, 1) == ["a.py"]
    assert files_of_wave(document, 2) == ["b.py", "both.py"]
    with pytest.raises(WorkspaceError, match="there is no wave 3; the DAGs have 2"):
        files_of_wave(document, 3)


def test_remarks_with_one_reason_share_a_line() -> None:
    reason = "the steps that replace the container have no pod"
    found = [
        *(finding("info", "D2Z311", message=f"{name}: {reason}") for name in ("name", "labels")),
        finding("info", "D2Z306", message="img:1 is replaced by steps; not carried over: market"),
    ]
    text = description(subject(dag(findings=found)))
    assert f"`name`, `labels`: {reason} (D2Z311)" in text
    asked, _, remarks = text.partition("## Replaced on purpose")[2].partition("<details>")
    assert "- [ ] [" in asked and "not carried over: market (D2Z306)" in asked
    assert "img" not in remarks.partition("</details>")[0]
