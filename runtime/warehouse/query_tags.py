"""The query tags of sessions, by which Snowflake's history tells who has asked."""

from __future__ import annotations

import json
import re

from runtime.warehouse.asgi import Reply

_SHOW = re.compile(
    r"\s*SHOW\s+PARAMETERS\s+LIKE\s+'QUERY_TAG'(?:\s+IN\s+SESSION)?\s*;?\s*\Z", re.IGNORECASE
)
_SET = re.compile(
    r"\s*ALTER\s+SESSION\s+(?:SET\s+QUERY_TAG\s*=\s*'(?P<tag>(?:[^'\\]|'')*)'|UNSET\s+QUERY_TAG)"
    r"\s*;?\s*\Z",
    re.IGNORECASE,
)


class QueryTags:
    """What each session has said at its login, or by `ALTER SESSION` since."""

    def __init__(self) -> None:
        """Begin without sessions."""
        self._tags: dict[str, str] = {}

    def begin(self, login: bytes, answer: Reply) -> None:
        """Note the tag of a login that succeeded; `login` is the request's plain body."""
        token = (json.loads(answer.body).get("data") or {}).get("token")
        parameters = json.loads(login)["data"].get("SESSION_PARAMETERS") or {}
        if token:
            self._tags[token] = str(parameters.get("QUERY_TAG") or "")

    def forget(self, token: str) -> None:
        """Drop what is known of a session that has ended."""
        self._tags.pop(token, None)

    def answer(self, sql: str, token: str) -> str | None:
        """Give the SQL that answers a question for the tag; None for any other statement."""
        if changed := _SET.match(sql):
            self._tags[token] = (changed["tag"] or "").replace("''", "'")
        if not _SHOW.match(sql):
            return None
        tag = self._tags.get(token, "").replace("'", "''")
        return (
            f"SELECT 'QUERY_TAG' AS \"key\", '{tag}' AS \"value\", '' AS \"default\", "
            "'SESSION' AS \"level\", 'String (up to 2000 characters)' AS \"description\", "
            "'STRING' AS \"type\""
        )
