"""Text, Markdown, HTML and SARIF."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from typing import Any

from tests.emit import factory
from tests.report.documents import HOSTILE, document, hostile
from transpiler.report.document import all_findings, build_document
from transpiler.report.html import migration_html
from transpiler.report.layout import HEIGHT, WIDTH, layered
from transpiler.report.markdown import code, escaped, migration_markdown
from transpiler.report.mermaid import mermaid_graph
from transpiler.report.result import FileResult
from transpiler.report.sarif import sarif_json
from transpiler.report.text import print_report, report_lines


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_text_report() -> None:
    stream = io.StringIO()
    print_report(document(), stream)
    assert stream.getvalue() == (
        "pipelines/orders.py:1:1: D2Z503 manual was edited by hand\n"
        "    Move the file away, or write to another folder.\n"
        "\n"
        "dags/broken.py\n"
        "  not read: D2Z101: invalid syntax\n"
        "dags/broken.py:7:3: D2Z101 manual invalid syntax\n"
        "    Correct the syntax error at the place named.\n"
        "\n"
        "dags/empty.py\n"
        "  empty -> no pipeline: the DAG has no tasks (0 tasks, static)\n"
        "\n"
        "dags/orders.py\n"
        "  orders -> pipelines/orders.py (3 tasks, static)\n"
        "  legacy -> pipelines/legacy.py (1 task, static)\n"
        "dags/orders.py:2:1: D2Z308 warning the connection was in Airflow\n"
        "    Fill in the value in the emitted configuration, or set the environment variable "
        "named.\n"
        "dags/orders.py:3:1: D2Z210 info owner is not needed\n"
        "dags/orders.py:12:5: D2Z301 manual [legacy] no rule for acme.operators.LegacyOperator\n"
        "    Write the step by hand, or a rule module for the operator.\n"
        "\n"
        "1 task of acme.operators.LegacyOperator in 1 DAG to do by hand\n"
        "3 files, 3 DAGs, 4 tasks\n"
        "tasks: 3 mapped, 1 manual\n"
        "findings: 3 manual, 1 warning, 1 info\n"
    )


def test_a_terminal_gets_colours_and_the_same_text() -> None:
    terminal, plain = Terminal(), io.StringIO()
    print_report(document(), terminal)
    print_report(document(), plain)
    assert "\x1b[31m" in terminal.getvalue()
    assert re.sub(r"\x1b\[[\d;]*m", "", terminal.getvalue()) == plain.getvalue()


def test_no_report_without_tasks_counts_them() -> None:
    lines = [text for text, _ in report_lines(build_document([]))]
    assert lines == [
        "0 files, 0 DAGs, 0 tasks",
        "findings: 0 manual, 0 warning, 0 info",
    ]


def test_hostile_text_does_not_reach_the_terminal() -> None:
    for text, _ in report_lines(hostile()):
        assert text.isprintable()


def test_the_markdown_page() -> None:
    page = migration_markdown(document())
    assert page.startswith(
        "# Migration\n\n3 of 4 tasks of 3 DAGs in 3 files are translated. "
        "Findings: 3 manual, 1 warning, 1 info.\n\n## What to do first\n\n"
        "- [ ] `pipelines/orders.py:1` was edited by hand. "
    )
    assert "\n## `dags/broken.py`\n\nNot read: D2Z101: invalid syntax\n" in page
    assert (
        "### `legacy`\n\n- Pipeline: `pipelines/legacy.py`\n"
        "- Kind: static: every task waits for the success of all tasks before it\n"
        "- Schedule: `0 2 * * *`\n- Start date: `2024-01-01T00:00:00+00:00`\n- Tasks: 1\n"
    ) in page
    assert "- Pipeline: no pipeline, because the DAG has no tasks\n" in page
    assert "No findings.\n" in page
    manual, warning, info = (page.index(f"| {severity} |") for severity in _SEVERITIES)
    assert manual < page.index("D2Z308 | warning") < page.index("D2Z210 | info")
    assert warning < info


_SEVERITIES = ("manual", "warning", "info")


def test_nothing_to_do_first() -> None:
    result = FileResult("a.py", None, (factory.chain(),))
    assert "Nothing needs a person." in migration_markdown(build_document([result]))


def test_hostile_text_in_markdown() -> None:
    page = migration_markdown(hostile())
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "\n# head" not in page
    outside_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", page)
    assert "<img" not in outside_code.replace("\\<", "")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {7}


def test_markdown_escapes() -> None:
    assert escaped("a_b <i> [x](y)\n| z") == r"a\_b \<i\> \[x\]\(y\) \| z"
    assert code("a") == "`a`"
    assert code("a`b") == "``a`b``"
    assert code("`a``") == "``` `a`` ```"
    assert code("a|b") == "`a\\|b`"
    assert code(" ") == "`   `"


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


def test_the_layout_has_a_column_for_each_layer() -> None:
    model = factory.fan_out()
    dag = build_document([FileResult("a.py", None, (model,))]).files[0].dags[0]
    drawing = layered(dag)
    columns = {name: (box.x - 10) // (WIDTH + 50) for name, box in drawing.boxes.items()}
    assert columns == {
        "features": 0,
        "predict_6m": 1,
        "predict_12m": 1,
        "predict_24m": 1,
        "publish": 2,
    }
    assert len({(box.x, box.y) for box in drawing.boxes.values()}) == 5
    assert len(drawing.edges) == 6
    assert all(box.x + WIDTH + 10 <= drawing.width for box in drawing.boxes.values())
    assert all(box.y + HEIGHT + 10 <= drawing.height for box in drawing.boxes.values())


def test_the_layout_ends_for_a_cycle_and_unknown_upstream() -> None:
    tasks = (factory.account("a", ["b", "gone"]), factory.account("b", ["a"]))
    model = factory.pipeline_model(tasks=tasks)
    dag = build_document([FileResult("a.py", None, (model,))]).files[0].dags[0]
    assert set(layered(dag).boxes) == {"a", "b"}
    assert "gone" not in mermaid_graph(dag)


class Page(HTMLParser):
    """Tags with their attributes, and the text, of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(page: str) -> Page:
    """The page's tags and text."""
    parser = Page()
    parser.feed(page)
    parser.close()
    return parser


def test_the_html_page_needs_nothing_from_outside() -> None:
    page = parsed(migration_html(document()))
    assert {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe"} == set()
    assert not [attrs for _, attrs in page.tags if {"href", "src"} & attrs.keys()]
    assert [tag for tag, _ in page.tags].count("rect") == 4
    assert [tag for tag, _ in page.tags].count("path") == 2
    for text in ("3 of 4 tasks", "dags/broken.py", "Not read: D2Z101", "D2Z308", "No findings."):
        assert text in page.text


def test_hostile_text_in_html() -> None:
    page = parsed(migration_html(hostile()))
    assert {tag for tag, _ in page.tags} & {"script", "img"} == set()
    assert not [attrs for _, attrs in page.tags if "onerror" in attrs]
    assert "</script><img src=x onerror=alert(1)>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert not {"\x1b", "\u202e"} & set(page.text)


def test_sarif() -> None:
    log = json.loads(sarif_json(document()))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["D2Z101", "D2Z210", "D2Z301", "D2Z308", "D2Z503"]
    assert len(run["results"]) == len(all_findings(document()))
    by_code = {result["ruleId"]: result for result in run["results"]}
    assert by_code["D2Z301"] == {
        "ruleId": "D2Z301",
        "ruleIndex": 2,
        "level": "error",
        "message": {
            "text": "no rule for acme.operators.LegacyOperator. "
            "Write the step by hand, or a rule module for the operator."
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "dags/orders.py", "uriBaseId": "PROJECT"},
                    "region": {"startLine": 12, "startColumn": 5},
                },
                "logicalLocations": [{"name": "legacy", "kind": "task"}],
            }
        ],
    }
    assert by_code["D2Z210"]["level"] == "note"
    assert by_code["D2Z308"]["level"] == "warning"


def test_sarif_of_hostile_text_has_valid_uris() -> None:
    results: list[dict[str, Any]] = json.loads(sarif_json(hostile()))["runs"][0]["results"]
    for result in results:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~/%-]+", uri, re.ASCII)
        assert HOSTILE in result["message"]["text"]
