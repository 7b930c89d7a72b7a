"""The sandboxed Jinja environment that templates are rendered in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import jinja2
from jinja2 import BaseLoader
from jinja2.nativetypes import NativeCodeGenerator, NativeTemplate, native_concat
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment, is_internal_attribute

from runtime.exceptions import ConfigError
from runtime.templates.lazy import Lazy
from runtime.templates.settings import TemplateSettings


class _LazyContext(Context):
    """Looks values up that cost something only when the template names them."""

    def resolve_or_missing(self, key: str) -> Any:
        value = super().resolve_or_missing(key)
        return value() if isinstance(value, Lazy) else value


class TemplateEnvironment(SandboxedEnvironment):
    """Jinja with Airflow's filters; an undefined name is an error, unless the settings say otherwise.

    Like Airflow, names that start with one underscore are reachable, dunder names are not.
    """

    context_class = _LazyContext

    def __init__(
        self, loader: BaseLoader | None = None, settings: TemplateSettings | None = None
    ) -> None:
        """Make an environment; `loader` finds what templates include. Raises `ConfigError` for
        options that Jinja does not have.
        """
        given = settings or TemplateSettings()
        options = {
            "undefined": getattr(jinja2, given.undefined),
            "loader": loader,
            "cache_size": 0,
            "extensions": ["jinja2.ext.do"],
            **given.options,
        }
        try:
            super().__init__(**options)
        except (TypeError, ImportError, AttributeError) as error:
            raise ConfigError(f"templates.options of the configuration: {error}.") from error
        self.filters.update(FILTERS)
        if settings is not None:
            self.globals.update(settings.macros)
            self.filters.update(settings.filters)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse Python's internals."""
        return not is_internal_attribute(obj, attr)


class NativeTemplateEnvironment(TemplateEnvironment):
    """Gives Python objects: `{{ [1, 2] }}` a list. Source: `airflow.templates.NativeEnvironment`."""

    code_generator_class = NativeCodeGenerator
    concat = staticmethod(native_concat)  # type: ignore[assignment]


class _NativeTemplate(NativeTemplate):
    environment_class = NativeTemplateEnvironment  # type: ignore[assignment]


NativeTemplateEnvironment.template_class = _NativeTemplate


def _date_filter(pattern: str) -> Callable[[date | None], str | None]:
    return lambda value: None if value is None else value.strftime(pattern)


def _ts(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _ts_nodash_with_tz(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat().replace("-", "").replace(":", "")


# https://airflow.apache.org/docs/apache-airflow/stable/templates-ref.html#filters
FILTERS: dict[str, Callable[[Any], str | None]] = {
    "ds": _date_filter("%Y-%m-%d"),
    "ds_nodash": _date_filter("%Y%m%d"),
    "ts": _ts,
    "ts_nodash": _date_filter("%Y%m%dT%H%M%S"),
    "ts_nodash_with_tz": _ts_nodash_with_tz,
}
