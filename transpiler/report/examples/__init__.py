"""An example for each code of the catalogue, which is its test and its documentation."""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.report.examples import meaning, operators, output, reading, security, sql
from transpiler.report.examples.example import CodeExample

__all__ = ["EXAMPLES", "CodeExample"]

EXAMPLES: Mapping[str, CodeExample] = {
    code: example
    for module in (reading, meaning, operators, sql, output, security)
    for code, example in module.EXAMPLES.items()
}
