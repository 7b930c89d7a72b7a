"""Processes of this machine, as jobs and as model servers."""

from __future__ import annotations

from runtime.platforms.local.platform import LocalPlatform

__all__ = ["LocalPlatform"]
