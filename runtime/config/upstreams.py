"""The configuration's section `upstreams`: DAGs that still run in Airflow."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, model_validator

from runtime.config.section import Section


class UpstreamConfig(Section):
    """Where a DAG that a step waits for runs while it is not migrated: an Airflow's REST API.

    `api` is `v1` for Airflow 2 and `v2` for Airflow 3. Access is by `token`, or by `user` and
    `password`: in `v1` with each request, in `v2` by a token that `/auth/token` gives for them.
    `dag_id` is the DAG's id there, where it differs.
    """

    airflow: str = Field(pattern=r"^https?://")
    api: Literal["v1", "v2"] = "v1"
    user: str | None = None
    password: SecretStr | None = None
    token: SecretStr | None = None
    dag_id: str | None = None
    timeout_seconds: float = Field(default=30, gt=0)
    verify_tls: bool = True

    @model_validator(mode="after")
    def _access_is_one(self) -> UpstreamConfig:
        if self.token is not None and self.user is not None:
            raise ValueError("an upstream has a `token`, or `user` and `password`")
        if (self.user is None) != (self.password is None):
            raise ValueError("`user` and `password` go together")
        return self
