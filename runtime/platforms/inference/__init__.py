"""Model servers asked over HTTP: the open inference protocol, and MLflow's own."""

from __future__ import annotations
