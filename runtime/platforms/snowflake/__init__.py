"""Snowpark Container Services."""

from __future__ import annotations
