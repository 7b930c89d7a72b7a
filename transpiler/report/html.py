"""migration.html: one page without any outside resource."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from transpiler.emit.text import visible
from transpiler.report.layout import HEIGHT, WIDTH, layered
from transpiler.report.models import MigrationDocument

if TYPE_CHECKING:
    import jinja2

_LABEL = 26
"""Characters that fit into a box; the whole id is its tooltip."""


def migration_html(document: MigrationDocument) -> str:
    """The page's text. Foreign text is escaped, and made visible where it does not print."""
    return _template().render(document=document)


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("transpiler.report"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["visible"] = visible
    environment.filters["label"] = _label
    environment.globals.update(layout=layered, box_width=WIDTH, box_height=HEIGHT)
    return environment.get_template("migration.html.j2")


def _label(task_id: str) -> str:
    text = visible(task_id)
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"
