"""Models served by KServe."""

from __future__ import annotations
