"""Names of tables and columns, checked and quoted.

Rules: https://docs.snowflake.com/en/sql-reference/identifiers-syntax
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from runtime.snowflake.errors import InvalidIdentifierError

MAX_LENGTH = 255
"""Characters in one identifier."""

_PART = re.compile(r'(?P<plain>[A-Za-z_][A-Za-z0-9_$]*)|"(?P<quoted>(?:[^"\0]|"")+)"')


@dataclass(frozen=True)
class TableName:
    """A table's name of one to three parts, as stored: unquoted names are in upper case."""

    parts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> TableName:
        """Read `[[DATABASE.]SCHEMA.]TABLE`; a part in double quotes keeps its case and characters.

        Raises `InvalidIdentifierError` for anything else, so that no other SQL gets in.
        """
        parts: list[str] = []
        position = 0
        while True:
            match = _PART.match(text, position)
            if match is None:
                raise _invalid(text)
            parts.append(_stored(match))
            position = match.end()
            if position == len(text):
                break
            if text[position] != ".":
                raise _invalid(text)
            position += 1
        if len(parts) > 3:
            raise _invalid(text)
        return cls(tuple(parts))

    def sibling(self, name: str) -> TableName:
        """Another object of the same schema."""
        return TableName((*self.parts[:-1], name))

    def within(self, database: str | None, schema: str | None) -> TableName:
        """Complete the name by a session's current database and schema, as far as they are set."""
        given = (database, schema)[: 3 - len(self.parts)]
        known = tuple(part for part in given if part)
        return TableName((*known, *self.parts)) if len(known) == len(given) else self

    def __str__(self) -> str:
        """Give the name as SQL: every part quoted, so that reserved words work."""
        return ".".join(quote(part) for part in self.parts)

    @property
    def plain(self) -> str:
        """The name as SQL, with quotes only where a part needs them."""
        return ".".join(
            part if re.fullmatch(r"[A-Z_][A-Z0-9_$]*", part) else quote(part) for part in self.parts
        )


def quote(identifier: str) -> str:
    """Quote one identifier, whose case and characters are kept."""
    if not identifier or "\0" in identifier or len(identifier) > MAX_LENGTH:
        raise InvalidIdentifierError(
            f"{identifier[:80]!r} is not a Snowflake identifier (1 to {MAX_LENGTH} characters)."
        )
    return '"' + identifier.replace('"', '""') + '"'


def _stored(match: re.Match[str]) -> str:
    quoted = match["quoted"]
    return match["plain"].upper() if quoted is None else quoted.replace('""', '"')


def _invalid(text: str) -> InvalidIdentifierError:
    return InvalidIdentifierError(
        f"{text[:120]!r} is not a table name. Write DATABASE.SCHEMA.TABLE (or its last parts); "
        "put a part with other characters than letters, digits, _ and $ in double quotes."
    )
