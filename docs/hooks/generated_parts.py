"""MkDocs hook: the parts of pages that are made of the code.

A page holds a comment in the place of each part, as `<!-- commands -->`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from transpiler.report.catalogue import catalogue_tables, severity_table

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

PAGES = ("commands.md", "configuration.md", "findings.md", "inference.md")
WIDTH = 78
"""Columns of the help texts, which fit the page without a scroll bar."""


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Put the parts into the page. Called by MkDocs for each page before it is rendered."""
    return with_parts(markdown) if page.file.src_uri in PAGES else markdown


def with_parts(markdown: str) -> str:
    """The page with its parts in the places of the comments. Raises KeyError for an unknown one."""
    return re.sub(r"^<!-- (\w+) -->$", lambda mark: PARTS[mark[1]](), markdown, flags=re.MULTILINE)


def commands() -> str:
    """A section for each command with what `--help` prints."""
    from transpiler.cli import app

    names = [str(command.name) for command in app.registered_commands]
    names += [
        f"{group.name} {command.name}"
        for group in app.registered_groups
        if group.typer_instance is not None
        for command in group.typer_instance.registered_commands
    ]
    return "\n\n".join(f"### {name}\n\n```text\n{_help(name)}\n```" for name in names)


def document() -> str:
    """A table for each object of migration.json, from the outermost."""
    from transpiler.report.models import MigrationDocument

    objects: dict[type[BaseModel], str] = {}
    _collect("", MigrationDocument, objects)
    return "\n\n".join(_table(where, model) for model, where in objects.items())


def batch_inference() -> str:
    """A table for each section of the configuration that batch inference reads."""
    from runtime.config.reference import sections_markdown

    return sections_markdown()


def inference_speed() -> str:
    """What the measurement of batch inference has found, without its title."""
    file = Path(__file__).parents[2] / "benchmarks" / "inference.md"
    if not file.is_file():
        return "Nothing is measured yet: `python -m benchmarks.inference --write` does that."
    return file.read_text(encoding="utf-8").partition("\n")[2].strip()


def _help(command: str) -> str:
    from typer.testing import CliRunner

    from transpiler.cli import app

    result = CliRunner().invoke(
        app, [*command.split(), "--help"], prog_name="dag2zen", terminal_width=WIDTH, color=False
    )
    return result.output.strip()


def _collect(where: str, model: type[BaseModel], objects: dict[type[BaseModel], str]) -> None:
    """Note the path of each object type where it is first met."""
    if model in objects:
        return
    objects[model] = where
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner is not None:
            _collect(f"{where}.{name}".lstrip("."), inner, objects)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The object type that a field or the items of its list have, None for plain data."""
    candidates = [annotation, *getattr(annotation, "__args__", ())]
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)


def _table(where: str, model: type[BaseModel]) -> str:
    title = f"### {where}" if where else "### The document"
    properties: Mapping[str, Any] = model.model_json_schema()["properties"]
    rows = [
        f"| `{name}` | {_type(schema)} | {schema.get('description', '')} |"
        for name, schema in properties.items()
    ]
    head = ["| field | type | meaning |", "|---|---|---|"]
    return "\n".join([title, "", str(model.__doc__), "", *head, *rows])


def _type(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return str(schema.get("type", "object" if "$ref" in schema else "any"))


PARTS: Mapping[str, Callable[[], str]] = {
    "batch_inference": batch_inference,
    "inference_speed": inference_speed,
    "commands": commands,
    "document": document,
    "severities": severity_table,
    "catalogue": catalogue_tables,
}
