"""Codes 6xx: security."""

from __future__ import annotations

from transpiler.model.codes.code import Code

ROWS: tuple[Code, ...] = (
    Code(
        "D2Z601",
        "warning",
        "Secret in the DAG file",
        "A password, token or connection URI stands in the file as a literal.",
        "Rotate the secret; the emitted code reads it from the environment variable named.",
    ),
)
