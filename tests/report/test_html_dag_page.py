"""The page of a DAG: what is on it, and what can never be."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.report.documents import HOSTILE
from tests.report.html_reports import HEAD, Page, fixture_results, flat_dag, read, rendered
from transpiler.report.result import FileResult

LTV = "migration/tran_ds_ltv_acquisition_be_inference.html"


@pytest.fixture(scope="module")
def ltv() -> Page:
    """The page of the LTV DAG."""
    return Page(rendered(fixture_results())[LTV])


def test_the_verdict_comes_first(ltv: Page) -> None:
    text = " ".join(ltv.text.split())
    assert "Converts, with 4 points to set or check" in text
    assert text.index("Converts, with") < text.index("What you set or check")
    assert "13 of 13" in text
    assert not [a for a in ltv.of_class("manual") if "node" in (a["class"] or "")]


def test_both_graphs_are_drawn(ltv: Page) -> None:
    assert [a["aria-label"] for a in ltv.all("svg", **{"class": "graph"})] == [
        "Airflow: tasks",
        "ZenML: steps",
    ]
    labels = [str(a["aria-label"]) for a in ltv.of_class("node")]
    assert len(labels) == 13 + 22
    assert "wait_for_features, ExternalTaskSensor, needs a setting" in labels
    assert "wait_for_features, wait_for_pipeline, needs a setting" in labels
    assert sum("batch_predict" in label for label in labels) == 3


def test_steps_inside_a_task_wait_for_one_another() -> None:
    page = rendered(fixture_results())[LTV]
    zenml = page[page.index('aria-label="ZenML: steps"') :]
    keys = dict(
        re.findall(r'data-k="(\d+)"[^>]*aria-label="([^,]+),', zenml[: zenml.index("</svg>")])
    )
    edges = {
        (keys[a], keys[b])
        for a, b in re.findall(r'data-a="(\d+)" data-b="(\d+)"', zenml[: zenml.index("</svg>")])
    }
    assert ("predict_ltv_6m.load_model", "predict_ltv_6m.batch_predict") in edges
    assert ("predict_ltv_6m.load_features", "predict_ltv_6m.batch_predict") in edges
    assert ("predict_ltv_6m.batch_predict", "predict_ltv_6m") in edges
    assert ("build_features", "predict_ltv_6m.load_model") in edges
    assert ("build_features", "predict_ltv_6m") not in edges


def test_parts_of_the_code_belong_together() -> None:
    page = rendered(fixture_results())[LTV]
    source, output = page[page.index('id="s0"') :].split('id="o0"', 1)
    part = _part_with(source, "task_id=f&quot;predict_ltv_{")
    block = _block(output, part)
    assert "load_features" in block
    assert "write_predictions" in block
    assert _part_with(source, "execution_delta=") == _part_with(output, "execution_delta_seconds")
    assert _part_with(source, "TENURES = [") == _part_with(output, "TENURES = [")
    assert _part_with(source, "create_tables.sql") == _part_with(output, "CREATE TABLE IF NOT")


def _plain(markup: str) -> str:
    return re.sub(r"</?i[^>]*>", "", markup)


def _part_with(pane: str, text: str) -> str:
    for part, block in re.findall(r'<div class="blk" data-p="(\d+)">(.*?)</div></div>', pane, re.S):
        if text in _plain(block):
            return str(part)
    raise AssertionError(f"{text} is in no part")


def _block(pane: str, part: str) -> str:
    return "".join(
        _plain(block)
        for block in re.findall(rf'<div class="blk" data-p="{part}">(.*?)</div></div>', pane, re.S)
    )


def test_findings_stand_at_their_lines_and_are_linked(ltv: Page) -> None:
    spots = [str(a["href"])[1:] for a in ltv.of_class("spot")]
    ids = [a["id"] for _, a in ltv.elements if a.get("id")]
    assert spots
    assert set(spots) <= set(ids)
    assert len(ids) == len(set(ids))
    assert len(ltv.of_class("note")) >= 10


def test_order_schedule_and_account(ltv: Page) -> None:
    text = " ".join(ltv.text.split())
    assert "At 02:00, UTC" in text
    assert "ZenML’s scheduler, by the cron expression, in UTC".replace("’", "'") in text
    assert "2022-03-02 02:00" in text
    rows = [a for a in ltv.all("tr") if "data-d" in a]
    assert len(rows) > 80
    assert {a["data-d"] for a in rows} <= {"mapped", "approximated", "not_needed", "manual"}
    layers = text[text.index("Run order") :]
    assert layers.index("wait_for_features") < layers.index("create_tables")


def test_nothing_comes_from_elsewhere() -> None:
    for text in rendered(fixture_results()).values():
        page = Page(text)
        policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"] or ""
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        for tag, attributes in page.elements:
            assert tag not in ("img", "iframe", "object", "embed", "base", "form")
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            for name in ("href", "src"):
                assert not re.match(r"\w+:|//", attributes.get(name) or "data:") or (
                    attributes.get(name) in (None, "data:,")
                )
        for kind, content in (("style", page.raw["style"][0]), ("script", page.raw["script"][-1])):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}'" in policy
            assert not re.search(r"https?://|@import|url\((?!#)|fetch\(|XMLHttp", content)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a DAG with markup wherever a file can hold text."""
    code = f"""{HEAD}
from acme import Unknown

# </script><script>alert(1)</script> <img src=x onerror=alert(2)>
EVIL = {HOSTILE!r}

with DAG(
    "evil",
    start_date=datetime(2024, 1, 1),
    schedule="@daily",
    doc_md=EVIL,
    tags=["</title><script>alert(3)</script>"],
    params={{"<b>": "{{{{ 7*7 }}}}"}},
):
    BashOperator(task_id="ok", bash_command="</script><img src=x onerror=alert(4)> " + EVIL, doc=EVIL)
    Unknown(task_id="legacy", magic="</script><img src=x onerror=alert(5)>")
"""
    results = read(tmp_path_factory.mktemp("hostile"), {"evil.py": code})
    (text,) = rendered(results).values()
    return text


def test_text_of_the_file_is_text_of_the_page(hostile: str) -> None:
    page = Page(hostile)
    assert len(page.all("script")) == 2
    assert not page.all("img")
    assert "</script><script>alert(1)</script> <img src=x onerror=alert(2)>" in page.text
    assert "\\x1b[31m" in page.text or "\\u001b" in page.text
    assert not {"\x1b", "\u202e"} & set(hostile)
    json.loads(page.raw["script"][0])
    assert "<" not in page.raw["script"][0]


def test_no_secret_is_on_the_page(tmp_path: Path) -> None:
    code = f"""{HEAD}
PASSWORD = "hunter2-and-more"
JOINED = "hunter2-" "and-more"
api_token = ("abcdefgh12"
             "ijklmnop34xyz")

with DAG("secret", start_date=datetime(2024, 1, 1), schedule=None):
    BashOperator(task_id="use", bash_command="login hunter2-and-more", env={{"P": PASSWORD}})
"""
    results = read(tmp_path, {"secret.py": code})
    (text,) = rendered(results).values()
    for secret in ("hunter2", "and-more", "abcdefgh12", "ijklmnop34xyz"):
        assert secret not in text
    shown = results[0].sources["secret.py"]
    assert shown.count("\n") == code.count("\n")
    assert shown.split("\n")[-3:] == code.replace("hunter2-and-more", "***").split("\n")[-3:]


def test_what_is_manual_leads(tmp_path: Path) -> None:
    code = f"""{HEAD}
from acme.operators import LegacyOperator

with DAG("manual", start_date=datetime(2024, 1, 1), schedule=timedelta(hours=6)):
    LegacyOperator(task_id="legacy", magic=1) >> BashOperator(task_id="after", bash_command="x")
"""
    (text,) = rendered(read(tmp_path, {"manual.py": code})).values()
    page = Page(text)
    shown = " ".join(page.text.split())
    assert "Converts after one decision" in shown
    assert "1 of 2 tasks wait for you." in shown
    assert "What you must decide" in shown
    assert "legacy raises until somebody has settled what it does" in shown
    assert "Every 6 hours" in shown
    assert [a["class"] for a in page.of_class("manual") if "node" in (a["class"] or "")] == [
        "node manual one"
    ] * 2


def test_a_page_of_a_hundred_tasks_is_small(tmp_path: Path) -> None:
    (text,) = rendered(read(tmp_path, {"flat.py": flat_dag(100)})).values()
    assert len(text) < 1_500_000
    assert len(Page(text).of_class("node")) <= 2 * 60


def test_a_file_that_this_python_does_not_parse_has_a_page_without_links() -> None:
    (result,) = [r for r in fixture_results() if r.path.endswith("order_intake_branching.py")]
    odd = FileResult(
        result.path,
        None,
        result.pipelines,
        result.findings,
        result.files,
        sources={result.path: "print 'of another Python'\n\x00"},
    )
    (text,) = rendered([odd]).values()
    assert "print" in text
    assert "\\u0000" in text
