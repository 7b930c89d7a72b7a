"""The catalogue of finding codes."""

from __future__ import annotations

import pytest

from transpiler.model.codes import CODES
from transpiler.report.catalogue import explain, findings_markdown, nearest_codes


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str) -> None:
    entry = CODES[code]
    text = explain(entry)
    assert text.startswith(f"{code}  {entry.title}\nSeverity: {entry.severity} (")
    assert f"What to do: {entry.remedy}\n" in text
    assert (
        f"### {code} {entry.title}\n\n`{entry.severity}` {entry.meaning}\n" in findings_markdown()
    )


def test_the_page_has_the_codes_in_order() -> None:
    page = findings_markdown()
    positions = [page.index(f"### {code} ") for code in CODES]
    assert positions == sorted(positions)
    assert page.count("\n### ") == len(CODES)


def test_near_codes() -> None:
    assert nearest_codes("d2z503x")[0] == "D2Z503"
    assert nearest_codes("d2z50") == ["D2Z501", "D2Z502", "D2Z503"]
    assert nearest_codes("nothing") == []
