"""The configuration's section `platform`."""

from __future__ import annotations

from pydantic import Field, JsonValue

from runtime.config.section import Section


class PlatformConfig(Section):
    """Where containers and models run.

    `type` is the name of a platform: `local`, `podman`, `kubernetes`, `snowflake_spcs`, `kserve`,
    or one that another package installs. `config` is that platform's own section, checked when the
    platform is made. `images` gives the command of this machine that stands in for an image on
    `local`. `models` names the service that predicts in place of a model of MLflow's registry;
    `{version}` in it is the version that the run has pinned.
    """

    type: str = "local"
    config: dict[str, JsonValue] = Field(default_factory=dict, repr=False)
    images: dict[str, list[str]] = Field(default_factory=dict)
    models: dict[str, str] = Field(default_factory=dict)
