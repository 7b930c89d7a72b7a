"""The catalogue of finding codes, one module for each hundred. A code never changes its meaning."""

from __future__ import annotations

from transpiler.model.codes import meaning, operators, output, reading, security, sql
from transpiler.model.codes.code import Code, Severity

__all__ = ["CODES", "Code", "Severity"]

CODES: dict[str, Code] = {
    row.code: row
    for module in (reading, meaning, operators, sql, output, security)
    for row in module.ROWS
}
"""Every code by its name, in order."""
