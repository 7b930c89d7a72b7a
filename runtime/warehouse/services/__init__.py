"""Snowpark Container Services of the embedded warehouse: containers as processes of this machine."""

from __future__ import annotations
