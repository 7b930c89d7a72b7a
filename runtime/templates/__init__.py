"""Render Airflow's Jinja templates inside a step, from the run's context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Undefined

from runtime.context import RunContext
from runtime.templates.context import template_context, with_own_params
from runtime.templates.environment import NativeTemplateEnvironment, TemplateEnvironment
from runtime.templates.errors import explain_errors
from runtime.templates.settings import TemplateSettings, template_settings
from runtime.templates.verbatim import Verbatim, VerbatimText

__all__ = ["TemplateEnvironment", "render", "render_sql", "render_text", "template_context"]


def render(
    value: Any, run: RunContext, task_id: str, *, extra: Mapping[str, Any] | None = None
) -> Any:
    """Render every text in a value: a `str`, or a container of them at any depth.

    Keys of a `dict` and values of other types stay as they are, as in Airflow. `extra` adds names
    to the context, or replaces some. Raises `TemplateError` with template, line, name and remedy.
    """
    context = template_context(run, task_id, extra)
    settings = template_settings(run.dag_id)
    return _render(value, context, f"template of task {task_id!r}", settings)


def render_sql(
    text: str, run: RunContext, task_id: str, *, params: Mapping[str, Any] | None = None
) -> str:
    """Render SQL text; `params` are laid over the run's params."""
    context = template_context(run, task_id, with_own_params(run, task_id, params))
    return render_text(text, context, f"SQL of task {task_id!r}", template_settings(run.dag_id))


def render_text(
    text: str, context: Mapping[str, Any], name: str, settings: TemplateSettings | None = None
) -> str:
    """Render one text with a given context; `name` is what errors call it."""
    if isinstance(text, VerbatimText):
        return str(text)
    with explain_errors(name, context):
        return TemplateEnvironment(settings=settings).from_string(text).render(context)


def _render_text(
    text: str, context: Mapping[str, Any], name: str, settings: TemplateSettings
) -> Any:
    if not settings.native or isinstance(text, VerbatimText):
        return render_text(text, context, name, settings)
    with explain_errors(name, context):
        value: Any = NativeTemplateEnvironment(settings=settings).from_string(text).render(context)
        if isinstance(value, Undefined):
            str(value)  # raises what Airflow would raise at the first use of the value
        return value


def _render(value: Any, context: Mapping[str, Any], name: str, settings: TemplateSettings) -> Any:
    if isinstance(value, Verbatim):
        return value.value
    if isinstance(value, str):
        return _render_text(value, context, name, settings)
    if isinstance(value, tuple):
        items = [_render(item, context, name, settings) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, (list, set)):
        return type(value)(_render(item, context, name, settings) for item in value)
    if isinstance(value, dict):
        return {key: _render(item, context, name, settings) for key, item in value.items()}
    return value
