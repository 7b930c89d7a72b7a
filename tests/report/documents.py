"""A document with something of everything, and one of hostile text."""

from __future__ import annotations

import dataclasses

from tests.emit import factory
from transpiler.model.finding import finding
from transpiler.model.span import Span
from transpiler.report.document import build_document
from transpiler.report.models import MigrationDocument
from transpiler.report.result import FileResult

HOSTILE = (
    "</script><img src=x onerror=alert(1)> `code` ``` | pipe | \"q\" 'a' \\ & {{ 7*7 }} [x](y) *b* "
    "\n# head\r\n\x1b[31m\u202e🚀 --> %%{init}%% ;"
)


def document() -> MigrationDocument:
    """Two files with DAGs, one that was not read, and an output file that was edited."""
    chain = factory.chain()
    legacy = dataclasses.replace(
        factory.not_translated(),
        dag_id="legacy",
        identifier="legacy",
        findings=(
            factory.unknown_operator(),
            factory.unknown_operator(),
            finding("D2Z210", Span("dags/orders.py", 3, 1), "owner is not needed"),
            finding("D2Z308", Span("dags/orders.py", 2, 1), "the connection was in Airflow"),
        ),
        params={"day": factory.START, "shops": ("be", "nl")},
        tags=("sales",),
    )
    empty = factory.pipeline_model("empty", identifier="empty", tasks=(), body=())
    broken = finding("D2Z101", Span("dags/broken.py", 7, 3), "invalid syntax")
    return build_document(
        [
            FileResult("dags/orders.py", None, (chain, legacy)),
            FileResult("dags/broken.py", "D2Z101: invalid syntax", findings=(broken,)),
            FileResult("dags/empty.py", None, (empty,)),
        ],
        [finding("D2Z503", Span("pipelines/orders.py", 1, 1), "was edited by hand")],
    )


def hostile() -> MigrationDocument:
    """Every text of the source file is hostile."""
    span = Span(HOSTILE, 1, 1)
    found = finding("D2Z301", span, HOSTILE, task_id=HOSTILE)
    model = dataclasses.replace(
        factory.not_translated(),
        dag_id=HOSTILE,
        source_path=HOSTILE,
        mode_reason=HOSTILE,
        schedule_text=HOSTILE,
        start_date=HOSTILE,
        tags=(HOSTILE,),
        params={HOSTILE: HOSTILE},
        tasks=(
            factory.account(HOSTILE, disposition="manual", operator=HOSTILE, group=HOSTILE),
            factory.account("after", [HOSTILE]),
        ),
        findings=(found,),
        span=span,
    )
    return build_document([FileResult(HOSTILE, HOSTILE, (model,), (found,))], [found])
