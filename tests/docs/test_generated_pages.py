"""The pages that are made of the code."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rules.registry import Example, Rule

if TYPE_CHECKING:
    from rules.registry import RuleFunction

HOOK = Path(__file__).parents[2] / "docs" / "hooks" / "generated_pages.py"


@pytest.fixture(scope="module")
def hook() -> dict[str, Any]:
    return runpy.run_path(str(HOOK))


def translate() -> RuleFunction:
    def nothing(task: object, to: object) -> list[Any]:
        """Do nothing.

        Details.
        """
        return []

    return nothing


def test_a_rule_shows_its_operators_and_examples(hook: dict[str, Any]) -> None:
    example = Example(before="\nx = '''```'''\n", after="y = 1\n", config="a: 1\n")
    rule = Rule(("airflow.A", "airflow.B"), translate(), "https://example.org", (example,))

    page: str = hook["rules_page"]([rule])

    assert page.splitlines()[6:] == [
        "### nothing",
        "",
        "Do nothing.",
        "",
        "Translates:",
        "",
        "- `airflow.A`",
        "- `airflow.B`",
        "",
        "[Airflow's documentation](https://example.org)",
        "",
        '````python title="Airflow"',
        "x = '''```'''",
        "````",
        "",
        '````yaml title="migration.yaml"',
        "a: 1",
        "````",
        "",
        '````python title="ZenML"',
        "y = 1",
        "````",
    ]
