"""A platform's own section of the configuration, checked."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from runtime.platforms.errors import PlatformConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping


class PlatformSettings(BaseModel):
    """Base of the models of `platform.config`: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=PlatformSettings)


def read_settings(model: type[S], platform: str, config: Mapping[str, Any]) -> S:
    """Check `platform.config`.

    Raises `PlatformConfigError` that names each wrong key and, for an unknown one, the nearest;
    values are not shown, since they may be secret.
    """
    try:
        return model.model_validate(dict(config))
    except ValidationError as error:
        problems = "; ".join(_problem(model, found) for found in error.errors())
        raise PlatformConfigError(
            f"`platform.config` of the platform {platform!r} is wrong: {problems}."
        ) from None


def _problem(model: type[PlatformSettings], found: Any) -> str:
    key = ".".join(map(str, found["loc"]))
    if found["type"] != "extra_forbidden":
        return f"{key}: {found['msg']}" if key else str(found["msg"])
    near = difflib.get_close_matches(key, model.model_fields, n=1)
    hint = f", did you mean {near[0]!r}" if near else ""
    return f"the key {key!r} is unknown{hint} (known: {', '.join(sorted(model.model_fields))})"
