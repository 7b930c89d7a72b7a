"""Names of tables and columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.snowflake.errors import InvalidIdentifierError
from runtime.snowflake.identifiers import TableName, quote


@pytest.mark.parametrize(
    ("text", "sql", "plain"),
    [
        pytest.param("t", '"T"', "T", id="upper case as Snowflake stores it"),
        pytest.param("db.s.t$1", '"DB"."S"."T$1"', "DB.S.T$1", id="three parts"),
        pytest.param('db."My Schema".t', '"DB"."My Schema"."T"', 'DB."My Schema".T', id="quoted"),
        pytest.param('"a""b"', '"a""b"', '"a""b"', id="quote inside"),
        pytest.param('"a.b".c', '"a.b"."C"', '"a.b".C', id="dot inside quotes"),
        pytest.param("order", '"ORDER"', "ORDER", id="reserved word"),
    ],
)
def test_parse(text: str, sql: str, plain: str) -> None:
    name = TableName.parse(text)
    assert (str(name), name.plain) == (sql, plain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".t",
        "t.",
        "a.b.c.d",
        "a b",
        "1t",
        "t; DROP TABLE x",
        "t--",
        '"unclosed',
        '""',
        'a"b"',
        "t\n",
        "t'",
        "@stage",
        '"nul\0"',
        "tïtle",
        "IDENTIFIER('x')",
    ],
)
def test_parse_refuses_what_is_no_name(text: str) -> None:
    with pytest.raises(InvalidIdentifierError, match="is not a table name"):
        TableName.parse(text)


@given(
    st.lists(
        st.text(min_size=1, max_size=20).filter(lambda t: "\0" not in t), min_size=1, max_size=3
    )
)
def test_a_written_name_reads_back(parts: list[str]) -> None:
    assert TableName.parse(str(TableName(tuple(parts)))).parts == tuple(parts)


@pytest.mark.parametrize("identifier", ["", "a\0", "x" * 256])
def test_quote_refuses_what_snowflake_refuses(identifier: str) -> None:
    with pytest.raises(InvalidIdentifierError, match="1 to 255"):
        quote(identifier)


def test_sibling_stays_in_the_schema() -> None:
    assert str(TableName.parse("db.s.t").sibling("U")) == '"DB"."S"."U"'
