"""Jinja skeletons and Black's formatting, both loaded at first use."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from transpiler.emit.errors import EmitError
from transpiler.emit.plain_module import format_around
from transpiler.emit.text import without_bidi_controls

if TYPE_CHECKING:
    import jinja2
    from black.mode import Mode

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
    from black.parsing import InvalidInput

    try:
        return without_bidi_controls(format_around(source, LINE_LENGTH, _black))
    except InvalidInput as error:
        raise EmitError(f"the emitted module is not Python: {error}") from error


def _black(source: str) -> str:
    from black import format_str

    return format_str(source, mode=_mode())


@lru_cache(maxsize=1)
def _mode() -> Mode:
    from black.mode import Mode, TargetVersion

    versions = {TargetVersion[f"PY3{minor}"] for minor in range(10, 14)}
    return Mode(line_length=LINE_LENGTH, target_versions=versions)
