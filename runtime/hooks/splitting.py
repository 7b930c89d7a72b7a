"""Splitting SQL text into statements, each as it was written."""

from __future__ import annotations


def split_statements(sql: str, dialect: str | None = None) -> list[str]:
    """Give the statements of a text, without comments that stand alone; a semicolon within quotes
    or a comment divides nothing. `dialect` is sqlglot's name of the database.

    Raises sqlglot's `TokenError` for a quote that is not closed.
    """
    from sqlglot.dialects.dialect import Dialect
    from sqlglot.tokenizer_core import TokenType

    statements = []
    start: int | None = None
    end = 0
    for token in Dialect.get_or_raise(dialect).tokenize(sql):
        if token.token_type is not TokenType.SEMICOLON:
            start = token.start if start is None else start
            end = token.end + 1
            continue
        if start is not None:
            statements.append(sql[start:end])
        start = None
    if start is not None:
        statements.append(sql[start:end])
    return statements
