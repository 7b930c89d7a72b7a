"""The merged configuration with the origin of each value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel, JsonValue, SecretStr

from runtime.config.layers import KeyPath, Layer, giver
from runtime.config.loader import load_layers
from runtime.config.places import place

DEFAULT = "default"
HIDDEN = "**********"
_FREE = ("params", "variables", "extra", "config")


class Setting(NamedTuple):
    """One value: the path of its key, what may be shown of it, and where it comes from."""

    key: tuple[str, ...]
    value: JsonValue
    origin: str


def settings(pipeline: str | None = None, environment: str | None = None) -> list[Setting]:
    """Give every value of a pipeline's configuration, sections in their order.

    Secrets are hidden. In `params`, `variables`, `extra` and `platform.config`, whose keys are
    anyone's, a value that comes from outside of the files is shown as its reference, e.g.
    `${API_TOKEN}`. Raises `ConfigError` as `load_config` does.
    """
    loaded = load_layers(pipeline, environment)
    return list(_settings(loaded.config, (), loaded.layers))


def _settings(value: Any, at: tuple[str, ...], layers: Sequence[Layer]) -> Iterator[Setting]:
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _settings(getattr(value, name), (*at, field.alias or name), layers)
    elif isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _settings(item, (*at, str(key)), layers)
    else:
        yield Setting(at, _shown(value, at, layers), _origin(at, layers))


def _shown(value: Any, at: KeyPath, layers: Sequence[Layer]) -> JsonValue:
    if isinstance(value, SecretStr):
        return HIDDEN
    if any(key in _FREE for key in at):
        layer = giver(layers, at)
        reference = layer and _reference(layer, at)
        if reference:
            return reference
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _plain(value)


def _reference(layer: Layer, at: KeyPath) -> str | None:
    """The reference that a value, or one inside of it or around it, has in its layer."""
    related = (
        text
        for key, text in layer.references.items()
        if key[: len(at)] == at or at[: len(key)] == key
    )
    return next(related, None)


def _plain(value: Any) -> JsonValue:
    if isinstance(value, BaseModel):
        dumped: JsonValue = value.model_dump(mode="json", by_alias=True)
        return dumped
    plain: JsonValue = value
    return plain


def _origin(at: KeyPath, layers: Sequence[Layer]) -> str:
    if giver(layers, at) is not None:
        return place(at, layers)
    # What a connection does not say, Snowflake's connections take from their common section.
    if at[:1] == ("connections",) and len(at) > 2:
        return _origin(("snowflake", *at[2:]), layers)
    return DEFAULT
