"""The parts of commands.md that are made of the code."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from transpiler.cli import app
from transpiler.report.models import FindingEntry, MigrationDocument, Source, TaskEntry

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def hook() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "hooks" / "generated_parts.py"))


@pytest.fixture(scope="module")
def page(hook: dict[str, Any]) -> str:
    return str(hook["with_parts"]((DOCS / "commands.md").read_text(encoding="utf-8")))


def test_every_command_has_a_section_with_its_help(page: str) -> None:
    names = [command.name for command in app.registered_commands]

    assert {"transpile", "assess", "explain", "init", "watch"} <= set(names)
    for name in names:
        section = page.partition(f"\n### {name}\n")[2]
        assert section.startswith(f"\n```text\nUsage: dag2zen {name} [OPTIONS]")


def test_options_are_shown_with_their_text(page: str) -> None:
    assert "--logical-date" in page
    assert "The migration.yaml to use." in page


@pytest.mark.parametrize("model", [MigrationDocument, TaskEntry, FindingEntry, Source])
def test_every_field_of_the_document_has_a_row(page: str, model: type[TaskEntry]) -> None:
    document = page.partition("## migration.json")[2]

    assert all(f"| `{name}` | " in document for name in model.model_fields)


def test_types_of_fields_are_named(page: str) -> None:
    assert "| `upstream` | list of string |" in page
    assert "| `execution_timeout_seconds` | number or null |" in page
    assert "| `mode` | `static`, `dynamic` |" in page
    assert "| `schema_version` | `1.0`, `1.1` |" in page


def test_an_object_is_shown_once(page: str) -> None:
    assert page.count("A coded remark;") == 1


def test_other_pages_stay_as_they_are(hook: dict[str, Any]) -> None:
    other = SimpleNamespace(file=SimpleNamespace(src_uri="index.md"))
    own = SimpleNamespace(file=SimpleNamespace(src_uri="commands.md"))

    assert hook["on_page_markdown"]("<!-- commands -->", other) == "<!-- commands -->"
    assert hook["on_page_markdown"]("<!-- commands -->", own).startswith("### transpile")


def test_an_unknown_part_is_an_error(hook: dict[str, Any]) -> None:
    with pytest.raises(KeyError, match="recipes"):
        hook["with_parts"]("<!-- recipes -->\n")


def test_the_configuration_of_batch_inference_is_described(hook: dict[str, Any]) -> None:
    page = hook["with_parts"]((DOCS / "configuration.md").read_text(encoding="utf-8"))
    assert "### validation.features.columns.*" in page
    assert "| `batch_size` | `10000` | Rows for each call of the model. |" in page
    assert "| `enabled` | `true` |" in page


def test_commands_of_a_group_have_a_section(page: str) -> None:
    assert "\n### config show\n\n```text\nUsage: dag2zen config show [OPTIONS]" in page


def test_what_inference_costs_is_shown_or_said_to_be_unknown(
    hook: dict[str, Any], tmp_path: Path
) -> None:
    page = (DOCS / "inference.md").read_text(encoding="utf-8")
    assert "\n<!-- inference_speed -->\n" in page
    shown = hook["with_parts"](page).partition("## Speed and memory")[2]
    assert "| pipeline / script |" in shown or "Nothing is measured yet" in shown
    made = hook["inference_speed"]
    made.__globals__["__file__"] = str(tmp_path / "docs" / "hooks" / "hook.py")
    assert made().startswith("Nothing is measured yet")
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "inference.md").write_text("# Title\n\nFigures.\n", encoding="utf-8")
    assert made() == "Figures."
