"""Projects of pipelines, as those that the listener starts."""

from __future__ import annotations

from tests.runtime.listening.conftest import (  # type: ignore[import-not-found, unused-ignore]
    pipelines,
)

__all__ = ["pipelines"]
