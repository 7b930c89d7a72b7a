"""Templates that SQL includes: they move into the SQL library with it, and their names change with
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import nodes

_STATEMENT = re.compile(
    r"(?P<head>\{%[-+]?\s*(?:include|import|extends|from)\s+)(?P<quote>['\"])(?P<name>[^'\"\\]*)(?P=quote)"
)
_KINDS = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


def included_names(tree: nodes.Template) -> list[str | None]:
    """The names of templates that a template refers to, in order; None for one that is not a plain
    text.
    """
    names: list[str | None] = []
    for node in tree.find_all(_KINDS):
        target = node.template  # type: ignore[attr-defined]
        if isinstance(target, nodes.Call) and target.args:
            target = target.args[0]
        plain = isinstance(target, nodes.Const) and isinstance(target.value, str)
        names.append(target.value if plain else None)
    return names


def rename_includes(text: str, rename: Callable[[str], str]) -> str:
    """The template with other names in its include, import, from and extends statements."""

    def replaced(match: re.Match[str]) -> str:
        quote = match["quote"]
        return f"{match['head']}{quote}{rename(match['name'])}{quote}"

    return _STATEMENT.sub(replaced, text)
