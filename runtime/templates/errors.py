"""Say where in a template an error is, and what to do."""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import TemplateError as JinjaError
from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from runtime.exceptions import PipelineRuntimeError, TemplateError

_UNDEFINED = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")


@contextmanager
def explain_errors(name: str, context: Mapping[str, Any]) -> Iterator[None]:
    """Turn what goes wrong while rendering into a `TemplateError`; typed errors pass unchanged."""
    try:
        yield
    except PipelineRuntimeError:
        raise
    except TemplateSyntaxError as error:
        where = error.name or name
        raise TemplateError(
            f"{where}, line {error.lineno}: {error.message}. Correct the template."
        ) from error
    except UndefinedError as error:
        raise TemplateError(
            f"{_where(error, name)}: {error.message}. {_remedy(error.message or '', context)}"
        ) from error
    except TemplateNotFound as error:
        raise TemplateError(
            f"{_where(error, name)}: the included template {error.name!r} was not found. "
            "Names are relative to the project's sql/ folder."
        ) from error
    except SecurityError as error:
        raise TemplateError(
            f"{_where(error, name)}: {error.message} Templates cannot reach Python's internals."
        ) from error
    except JinjaError as error:
        raise TemplateError(f"{_where(error, name)}: {error.message}.") from error
    except Exception as error:
        raise TemplateError(
            f"{_where(error, name)}: {type(error).__name__}: {error}. Correct the template, "
            "or the values it is given."
        ) from error


def _where(error: BaseException, name: str) -> str:
    """Give template and line; Jinja makes tracebacks point into the template's own text."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.name in ("top-level template code", "template") or frame.name.startswith("block "):
            file = name if frame.filename in ("<template>", "<unknown>") else frame.filename
            return f"{file}, line {frame.lineno}"
    return name


def _remedy(message: str, context: Mapping[str, Any]) -> str:
    found = _UNDEFINED.search(message)
    missing = found and (found[1] or found[2])
    if not missing:
        return "Correct the template, or the values it is given."
    params = context.get("params")
    known = [*context, *(params if isinstance(params, Mapping) else [])]
    near = difflib.get_close_matches(missing, known, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return f"{hint}Give {missing!r} a value in `params:` of the configuration, or correct the name."
