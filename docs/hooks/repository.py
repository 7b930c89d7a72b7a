"""MkDocs hook: the project's address stands in mkdocs.yml alone; pages write {repository}."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

MARK = "{repository}"


def on_page_markdown(markdown: str, config: MkDocsConfig, **_: Any) -> str:
    """Put the address in. Called by MkDocs for each page before it is rendered."""
    return markdown.replace(MARK, str(config.extra["repository"]))
