"""MkDocs hook: the pages that are made of the code, so that they cannot fall behind it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rules.registry import Example, Rule, RuleRegistry
from transpiler.report.code_pages import code_pages
from transpiler.report.schema import schema_json

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages. Called by MkDocs when it has found those that lie in docs/."""
    from mkdocs.structure.files import File

    # Rules that other installed packages bring are not ours to document.
    rules = [rule for rule in RuleRegistry.load().all() if rule.module.startswith("rules.")]
    pages = {
        "rules.md": rules_page(rules),
        "migration.schema.json": schema_json(),
        "changelog.md": CHANGELOG.read_text(encoding="utf-8"),
        **code_pages(),
    }
    for path, content in pages.items():
        files.append(File.generated(config, path, content=content))
    return files


def rules_page(rules: Iterable[Rule]) -> str:
    """Every rule with the operators it translates and its examples."""
    lines = [
        "# Rules",
        "",
        "What becomes of each operator. The examples are also the tests of the rules.",
    ]
    for module, members in groupby(rules, key=lambda rule: rule.module):
        lines += ["", f"## {module.removeprefix('rules.')}"]
        for rule in members:
            lines += ["", f"### {rule.name}", "", rule.summary, "", "Translates:", ""]
            lines += [f"- `{operator}`" for operator in rule.operators]
            lines += ["", f"[Airflow's documentation]({rule.docs})"]
            for example in rule.examples:
                lines += _example(example)
    return "\n".join(lines) + "\n"


def _example(example: Example) -> list[str]:
    parts = [("Airflow", "python", example.before)]
    if example.config:
        parts.append(("migration.yaml", "yaml", example.config))
    parts.append(("ZenML", "python", example.after))
    return [line for part in parts for line in _code(*part)]


def _code(title: str, language: str, text: str) -> list[str]:
    # Four backticks: an example may itself hold a fence of three, in a docstring.
    return ["", f'````{language} title="{title}"', *text.strip("\n").splitlines(), "````"]
