"""The catalogue of finding codes: every code can be produced, acted on, explained and read about."""

from __future__ import annotations

from functools import cache

import pytest

from transpiler.model.codes import CODES
from transpiler.report.catalogue import catalogue_tables, code_list, explain, nearest_codes
from transpiler.report.code_pages import code_page
from transpiler.report.examples import EXAMPLES
from transpiler.report.examples.trial import Trial, after, before


@cache
def tried(code: str) -> Trial:
    return before(EXAMPLES[code])


@pytest.mark.parametrize("code", CODES)
def test_a_dag_file_produces_it(code: str) -> None:
    trial = tried(code)
    assert code in trial.codes()
    findings = trial.findings(code)
    assert {entry.severity for entry in findings} <= {"manual", "warning", "info"}
    if findings:
        assert CODES[code].severity in {entry.severity for entry in findings}


@pytest.mark.parametrize(
    "code", [code for code, item in EXAMPLES.items() if item.after is not None]
)
def test_acting_on_it_ends_it(code: str) -> None:
    assert code not in after(EXAMPLES[code]).codes()


@pytest.mark.parametrize("code", CODES)
def test_it_has_a_page(code: str) -> None:
    entry = CODES[code]
    page = code_page(entry, tried(code))
    assert page.startswith(f"# {code}: {entry.title}\n\n**`{entry.severity}`**: ")
    assert f"\n{entry.meaning}\n" in page
    assert f"**What to do.** {entry.remedy}\n" in page
    assert f": {code} " in page.partition("The report says:")[2]
    assert ('title="After"' in page) == (EXAMPLES[code].after not in (None, EXAMPLES[code].before))
    assert (
        f"| [{code}](findings/{code}.md) | `{entry.severity}` | {entry.title} |"
        in catalogue_tables()
    )


@pytest.mark.parametrize("code", CODES)
def test_it_is_explained(code: str) -> None:
    entry = CODES[code]
    text = explain(entry)
    assert text.startswith(f"{code}  {entry.title}\nSeverity: {entry.severity} (")
    assert f"What to do: {entry.remedy}\n" in text
    for line in EXAMPLES[code].before.strip().splitlines():
        assert f"    {line}".rstrip() in text.splitlines()
    assert f"  {code}  {entry.severity:<8} {entry.title}\n" in code_list()


def test_texts_are_sentences() -> None:
    for entry in CODES.values():
        assert entry.meaning.endswith(".") and entry.remedy.endswith("."), entry.code
        assert not entry.title.endswith("."), entry.code


def test_near_codes() -> None:
    assert nearest_codes("d2z503x")[0] == "D2Z503"
    assert nearest_codes("d2z50") == ["D2Z501", "D2Z502", "D2Z503"]
    assert nearest_codes("nothing") == []
