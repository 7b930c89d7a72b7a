"""Containers of podman or Docker on this machine."""

from __future__ import annotations
