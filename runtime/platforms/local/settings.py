"""The section `platform.config` of the platform `local`."""

from __future__ import annotations

from runtime.platforms.inference.settings import InferenceSettings


class LocalSettings(InferenceSettings):
    """Where model servers are kept, and how they are asked.

    `folder` holds a folder for each served model, with its log; by default `dag2zen/services` below
    the user's folder of state (`$XDG_STATE_HOME`, `~/.local/state`). A server lives on when the
    process that deployed it has ended, until `cleanup`.
    """

    folder: str | None = None
