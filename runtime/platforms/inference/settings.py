"""How model servers are asked; part of `platform.config` of the platforms that do."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from runtime.platforms.settings import PlatformSettings

Protocol = Literal["auto", "v1", "v2", "mlflow"]


class InferenceSettings(PlatformSettings):
    """How rows travel to a model server.

    `protocol` is the open inference protocol `v2`, its forerunner `v1`, or that of MLflow's own
    server; `auto` asks the server whether it speaks v2, and takes v1 otherwise. `token` signs the
    requests. A request that is not answered, or answered by an overloaded server, is sent up to
    `attempts` times, with pauses of `retry_seconds` and more.
    """

    protocol: Protocol = "auto"
    token: SecretStr | None = None
    rows_a_request: int = Field(default=5000, ge=1)
    requests_in_flight: int = Field(default=4, ge=1, le=64)
    predict_timeout_seconds: float = Field(default=120, gt=0)
    attempts: int = Field(default=5, ge=1)
    retry_seconds: float = Field(default=0.5, ge=0)
