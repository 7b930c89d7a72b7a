"""Typed errors of platforms."""

from __future__ import annotations

from runtime.exceptions import ConfigError, PlatformError


class PlatformConfigError(PlatformError, ConfigError):
    """The section `platform` of the configuration names no platform, or its `config` is wrong."""


class UnsupportedOperationError(PlatformError):
    """The platform has nothing that could do what it was asked for."""


class PlatformConnectionError(PlatformError, ConnectionError):
    """The platform does not answer; what runs on it goes on running."""


class PlatformRefusedError(PlatformError):
    """We have no right to do this on the platform."""


class WorkloadNotFoundError(PlatformError):
    """The platform has no job or service of this name."""


class StartupTimeoutError(PlatformError, TimeoutError):
    """A job or a service did not start in time."""


class ServedModelError(PlatformError):
    """A model server failed, or its answer is not one prediction for each row."""
