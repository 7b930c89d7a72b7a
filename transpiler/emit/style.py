"""Jinja skeletons and Black's formatting, both loaded at first use."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from transpiler.emit.errors import EmitError
from transpiler.emit.text import without_bidi_controls

if TYPE_CHECKING:
    import jinja2

LINE_LENGTH = 100


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    from transpiler.skeletons import environment

    return environment(
        "transpiler.emit",
        keep_trailing_newline=True,
        autoescape=False,  # Python source, not HTML; all values come as finished source
    )


def fill(template: str, **values: Any) -> str:
    """The skeleton `templates/<template>` with the values, which are not read as templates."""
    return _environment().get_template(template).render(**values)


def formatted(source: str) -> str:
    """The module as Black writes it. Raises EmitError where the source is not a module."""
    from black import format_str
    from black.mode import Mode, TargetVersion
    from black.parsing import InvalidInput

    versions = {TargetVersion[f"PY3{minor}"] for minor in range(10, 14)}
    try:
        text = format_str(source, mode=Mode(line_length=LINE_LENGTH, target_versions=versions))
        return without_bidi_controls(text)
    except InvalidInput as error:
        raise EmitError(f"the emitted module is not Python: {error}") from error
