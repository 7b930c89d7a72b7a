"""Settings that were filled in survive: neighbouring keys are no conflict."""

from __future__ import annotations

import pytest

from transpiler.workspace.merge import merge

BASE = """\
pipeline: nightly
connections:
  # Airflow connection dwh
  dwh:
    type: snowflake
    account: ${DWH_ACCOUNT}
    user: ${DWH_USER}
    password: ${DWH_PASSWORD}
"""
FILLED = BASE.replace("${DWH_ACCOUNT}", "acme-eu").replace("${DWH_USER}", "batch")
NEXT = BASE + "  # Airflow connection mart\n  mart:\n    type: snowflake\nparams:\n  market: BE\n"


def merged(edited: str, generated: str, base: str = BASE) -> tuple[str, tuple[int, ...]]:
    result = merge(
        "configs/a.yaml", base=base.encode(), edited=edited.encode(), generated=generated.encode()
    )
    return result.content.decode(), result.conflicts


def test_a_connection_below_the_one_that_was_filled_in() -> None:
    edited = FILLED.replace("${DWH_PASSWORD}", "${SNOWFLAKE_PASSWORD}")
    assert merged(edited, NEXT) == (edited + NEXT.removeprefix(BASE), ())


def test_changes_of_neighbouring_keys() -> None:
    generated = BASE.replace("${DWH_PASSWORD}", "${DWH_PASSWORD}\n    schema: RAW")
    generated = generated.replace("user: ${DWH_USER}", "user: ${DWH_LOGIN}")
    edited = BASE.replace("${DWH_ACCOUNT}", "acme-eu  # production")
    assert merged(edited, generated) == (
        generated.replace("${DWH_ACCOUNT}", "acme-eu  # production"),
        (),
    )


def test_a_key_that_is_not_generated_any_more() -> None:
    generated = BASE.replace("    user: ${DWH_USER}\n", "")
    edited = BASE.replace("${DWH_ACCOUNT}", "acme-eu")
    assert merged(edited, generated) == (edited.replace("    user: ${DWH_USER}\n", ""), ())


@pytest.mark.parametrize(
    ("edited", "generated"),
    [
        pytest.param(FILLED, BASE.replace("${DWH_ACCOUNT}", "${OTHER}"), id="one value, twice"),
        pytest.param(FILLED, "- a list now\n", id="another kind"),
        pytest.param(FILLED + "]: no yaml\n", NEXT, id="no YAML"),
        pytest.param(
            FILLED.replace("batch", "&x batch").replace("${DWH_PASSWORD}", "*x"),
            BASE.replace("user: ${DWH_USER}", "name: ${DWH_USER}"),
            id="an anchor that goes",
        ),
    ],
)
def test_what_is_a_conflict(edited: str, generated: str) -> None:
    text, conflicts = merged(edited, generated)
    assert conflicts
    assert "<<<<<<< edited\n" in text and ">>>>>>> newly generated\n" in text


def test_line_endings() -> None:
    edited = FILLED.replace("\n", "\r\n")
    text, conflicts = merged(edited, NEXT.replace("password: ${DWH_PASSWORD}", "token: ${T}"))
    assert conflicts == ()
    assert "account: acme-eu\r\n" in text and "token: ${T}\r\n" in text
