"""Templates, style and scripts as one page that needs nothing else.

The policy in the page allows exactly its own style and script, by their hashes: text of a DAG file
that came into the page as markup could still not run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from transpiler.emit.text import visible
from transpiler.report.page.code import spans_of
from transpiler.report.page.drawing import shown

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

WORDS = {
    "mapped": "carried over",
    "approximated": "needs a setting",
    "not_needed": "not needed",
    "manual": "needs a person",
}


@dataclass(frozen=True)
class Inline:
    """Text of a style or script element, with the hash that the policy names."""

    text: Markup
    hash: str


def rendered(template: str, scripts: Iterable[str], data: Any, **values: Any) -> str:
    """The page. `data` is JSON for its scripts; foreign text in values is escaped."""
    return (
        _environment()
        .get_template(template)
        .render(
            style=_inline("style.css"),
            script=_inline(*scripts),
            data=_json(data),
            words=WORDS,
            **values,
        )
    )


@lru_cache(maxsize=4)
def _inline(*names: str) -> Inline:
    from markupsafe import Markup

    folder = files("transpiler.report.page") / "templates"
    text = "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Inline(Markup(text), f"sha256-{digest}")  # noqa: S704 - our own files


def _json(data: Any) -> Markup:
    """JSON inside a script element: nothing in it can end the element or open a comment."""
    from markupsafe import Markup

    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def _sentence(text: str) -> str:
    """The text with a capital letter, unless it begins with a name of the code."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    from transpiler.skeletons import environment

    made = environment("transpiler.report.page", autoescape=True)
    made.filters.update(
        visible=lambda text: visible(str(text), keep="\n"),
        label=lambda text, length=27: shown(text, length),
        sentence=_sentence,
        moment=lambda text: text.replace("T", " ").removesuffix("Z"),
        blocks=spans_of,
        position=lambda task, ids: ids.get(task),
    )
    return made
