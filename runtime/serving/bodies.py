"""What requests may say: each field is checked before anything is done with it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from runtime.assets.uris import normalized_uri
from runtime.exceptions import AssetError

# https://github.com/apache/airflow/blob/2.10.5/airflow/utils/helpers.py: KEY_REGEX, and
# `allowed_run_id_pattern` in Airflow's configuration.
Key = Annotated[str, Field(pattern=r"^[\w.-]+$", max_length=250)]
RunId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.~:+-]+$", max_length=250)]
TaskState = Literal["success", "failed", "skipped", "upstream_failed", "running", "removed"]


def _uri(uri: str) -> str:
    try:
        return normalized_uri(uri)
    except AssetError as error:
        raise ValueError(str(error)) from error


def _utc(date: datetime) -> datetime:
    return date.astimezone(timezone.utc)


Date = Annotated[AwareDatetime, AfterValidator(_utc)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RunBody(_Body):
    """A run to start: at a logical date, by default now, with a `conf`."""

    logical_date: Date | None = None
    run_id: RunId | None = None
    conf: dict[str, JsonValue] = Field(default_factory=dict)


class StateBody(_Body):
    """How a run of a DAG elsewhere ended, and its tasks."""

    logical_date: Date
    state: Literal["success", "failed", "running", "queued"]
    tasks: dict[Key, TaskState] = Field(default_factory=dict, max_length=5000)


class AssetBody(_Body):
    """An update of an asset."""

    uri: Annotated[str, AfterValidator(_uri)]
    name: str | None = Field(default=None, max_length=1500)
    aliases: list[str] = Field(default_factory=list, max_length=20)
    extra: dict[str, JsonValue] = Field(default_factory=dict)
