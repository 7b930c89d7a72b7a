"""`@asset` functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import lower


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ("", None),
        ("outlet_events", None),
        ("count=3", None),
        ("self", "D2Z303"),
        ("orders", "D2Z303"),
    ],
)
def test_parameters_that_are_assets_are_refused(
    parameters: str, code: str | None, tmp_path: Path
) -> None:
    source = (
        "from airflow.sdk import asset\n\n\n"
        f'@asset(schedule=None)\ndef table({parameters}):\n    print("x")\n'
    )
    found = {code for code, severity in lower(tmp_path, source).codes if severity == "manual"}
    assert found == ({code} if code else set())
