"""Codes 4xx: SQL and templates."""

from __future__ import annotations

from transpiler.model.codes.code import Code

ROWS: tuple[Code, ...] = (
    Code(
        "D2Z401",
        "manual",
        "SQL or script file missing",
        "A file named by the operator is not where Airflow would look for it.",
        "Add the file, or correct its path.",
    ),
    Code(
        "D2Z402",
        "manual",
        "SQL or script file outside the project",
        "A file named by the operator lies outside the project root.",
        "Move the file into the project.",
    ),
    Code(
        "D2Z403",
        "manual",
        "SQL does not parse",
        "The SQL, rendered with sample values, is not valid in the warehouse's dialect.",
        "Correct the SQL, or check the template.",
    ),
    Code(
        "D2Z404",
        "manual",
        "Unknown name in a template",
        "A template uses a name that Airflow does not define, or that the runtime does not know.",
        "Correct the template, or pass the name by params.",
    ),
    Code(
        "D2Z405",
        "manual",
        "Template does not parse",
        "Jinja cannot read the template.",
        "Correct the template.",
    ),
)
