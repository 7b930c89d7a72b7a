"""Airflow's scheduler for one machine: starts pipelines when they are due, or assets are updated."""

from __future__ import annotations

from runtime.listening.listener import Listener
from runtime.listening.loop import listen

__all__ = ["Listener", "listen"]
