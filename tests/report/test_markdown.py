"""MIGRATION.md."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.emit import factory
from tests.report.documents import document, hostile
from transpiler.model.suppression import Suppressed
from transpiler.report.document import build_document
from transpiler.report.markdown import code, escaped, migration_markdown, prose
from transpiler.report.mermaid import mermaid_graph
from transpiler.report.result import FileResult
from transpiler.report.schedules import schedule_views


def test_the_page() -> None:
    page = migration_markdown(document())
    assert page.startswith(
        "# Migration\n\n**3 of 4 tasks** of 3 DAGs in 3 files are translated. 3 findings for a "
        "person, 1 to settle, 1 with nothing to do.\n\n## Output\n\n**For a person**\n\n"
        "- [ ] `pipelines/orders.py:1` was edited by hand. Move the file away, "
    )
    assert "\n## `dags/broken.py`\n\nNot read: D2Z101: invalid syntax\n" in page
    assert (
        "### `legacy`\n\n1 task became 1 step of the static pipeline "
        "[`pipelines/legacy.py`](pipelines/legacy.py) (every task waits for the success of all "
        "tasks before it). **1 task cannot be trusted** until a person acts.\n\n"
        "- Schedule: `0 2 * * *`, from `2024-01-01T00:00:00+00:00`\n"
        "- Run it: `dag2zen run pipelines/legacy.py`\n"
    ) in page
    assert "No pipeline, because the DAG has no tasks." in page
    assert "Nothing is left to do." in page
    legacy = page[page.index("### `legacy`") :]
    person, settle = legacy.index("**For a person**"), legacy.index("**To settle**")
    assert person < legacy.index("(D2Z301)") < settle < legacy.index("(D2Z308)")
    assert "<summary>1 finding with nothing to do</summary>\n\n- `dags/orders.py:3`" in legacy


def test_schedule_in_words_with_dates_and_links_to_lines() -> None:
    result = FileResult("dags/a b.py", None, (factory.not_translated(),))
    page = migration_markdown(build_document([result]), schedule_views([result]), "../..")
    assert "- Schedule: At 02:00, UTC, from `" in page
    assert "- First runs: `2024-01-01T02:00Z`, `2024-01-02T02:00Z`, `2024-01-03T02:00Z`" in page
    assert re.search(r"- \[ \] \[`dags/orders.py:12`\]\(\.\./\.\./dags/orders.py#L12\)", page)


def test_accepted_findings_stand_apart_with_their_reason() -> None:
    model = factory.not_translated()
    found = replace(model.findings[0], suppressed=Suppressed("by *hand*", "dags/a.py:1:1"))
    result = FileResult("dags/a.py", None, (replace(model, findings=(found,)),))
    page = migration_markdown(build_document([result]))
    assert "<summary>1 finding accepted with a reason</summary>" in page
    assert "(D2Z301): by \\*hand\\*" in page
    assert "- [ ]" not in page
    assert "0 findings for a person" in page and "1 more was accepted" in page


def test_a_large_graph_is_left_to_the_page() -> None:
    model = factory.chain()
    tasks = tuple(replace(model.tasks[0], task_id=f"t{n}") for n in range(251))
    page = migration_markdown(
        build_document([FileResult("a.py", None, (replace(model, tasks=tasks),))])
    )
    assert "```mermaid" not in page
    assert "The graph has 251 tasks" in page


def test_hostile_text() -> None:
    page = migration_markdown(hostile(), sources="..")
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "\n# head" not in page
    outside_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", page)
    assert "<img" not in outside_code.replace("\\<", "")
    for target in re.findall(r"\]\(([^)]*)\)", outside_code):
        assert re.fullmatch(r"[\w./%~#-]*", target, re.ASCII) or target == "y\\"


def test_markdown_escapes() -> None:
    assert escaped("a_b <i> [x](y)\n| z") == r"a\_b \<i\> \[x\]\(y\) \| z"
    assert code("a") == "`a`"
    assert code("a`b") == "``a`b``"
    assert code("`a``") == "``` `a`` ```"
    assert code("a|b") == "`a\\|b`"
    assert code(" ") == "`   `"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Map it to `keep` in migration.yaml.", "Map it to `keep` in migration.yaml."),
        ("`a|b` and `<c>`", "`a\\|b` and `<c>`"),
        ("one ` alone", "one \\` alone"),
        ("an `` empty one", "an \\`\\` empty one"),
        ("`x` <script> *y*", "`x` \\<script\\> \\*y\\*"),
    ],
)
def test_code_in_advice(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_the_graph_in_mermaid() -> None:
    orders = document().files[2]
    assert mermaid_graph(orders.dags[0]) == (
        'flowchart LR\n    t0["extract"]\n    t1["load"]\n    t2["mail.report"]\n'
        "    t0 --> t1\n    t1 --> t2\n"
    )
    assert "class t0 manual\n" in mermaid_graph(orders.dags[1])
    label = mermaid_graph(hostile().files[0].dags[0]).split("\n")[1]
    assert label.startswith('    t0["#lt;/script#gt;')
    assert label.count('"') == 2
    assert "`" not in label
