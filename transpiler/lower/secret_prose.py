"""Secrets in the middle of a text: shell commands, query strings, documentation, settings files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transpiler.lower.secret_shapes import Shape, environment_name, is_secret_name, is_secret_value

_SIGNS = re.compile(r"pass|pwd|\bpw\b|token|secret|key|credential|\s-u|--user|\s-p", re.IGNORECASE)
_VALUE = r"(?P<value>[^\s'\"`,;&|<>(){}\[\]$%\\][^\s'\"`,;&|<>(){}\[\]\\]{3,499})"
_NAME = r"(?P<name>[A-Za-z_][\w-]{0,80})"
_BOUND = re.compile(rf"{_NAME}\s{{0,3}}[:=]\s{{0,3}}(?={_VALUE})")
"""`PGPASSWORD=x psql`, `?api_key=x`, `--token=x`, `password: x`."""
_OPTION = re.compile(rf"(?<![\w-])--?{_NAME}\s+{_VALUE}")
_TOLD = re.compile(rf"(?<![\w-]){_NAME}(?:\s+is)?\s+(?={_VALUE})")
_USER = re.compile(rf"(?<!\S)(?:-u|--user)[\s=]*[\w.@-]{{1,100}}:{_VALUE}")
_MYSQL = re.compile(rf"\b(?:mysql\w*|mariadb\w*|sshpass)\b[^|;&\n]{{0,500}}?\s-p{_VALUE}")
_REFERS = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(.*)?|/.*|[\d.:/+-]+")
"""Members of something, paths, dates and numbers."""
_SETTING = re.compile(
    rf"(?m)^[ \t-]*(?:export\s+)?[\"']?{_NAME}[\"']?[ \t]*[:=][ \t]*(?P<value>\S[^\n]{{0,499}})$"
)


def secrets_in_prose(text: str) -> Iterator[Shape]:
    """Every secret of a text whose name or option stands before it without quotes."""
    if not _SIGNS.search(text):
        return
    for pattern in (_BOUND, _OPTION):
        for match in pattern.finditer(text):
            if is_secret_name(match["name"]) and _is_telling(match["value"]):
                yield _found(match, match["name"])
    for match in _TOLD.finditer(text):
        if is_secret_name(match["name"]) and _is_random(match["value"].rstrip(".")):
            yield _found(match, match["name"])
    for match in (*_USER.finditer(text), *_MYSQL.finditer(text)):
        if is_secret_value(match["value"]) and not _REFERS.fullmatch(match["value"]):
            yield _found(match, "password")


def secrets_in_settings(text: str) -> Iterator[Shape]:
    """Every secret of a settings file of one `name: value` or `name = value` a line."""
    for match in _SETTING.finditer(text):
        value = match["value"].split(" #")[0].strip().rstrip(",").strip("\"'")
        if is_secret_name(match["name"]) and is_secret_value(value):
            yield Shape(value, match.start("name"), environment_name(match["name"]))


def _found(match: re.Match[str], name: str) -> Shape:
    return Shape(match["value"].rstrip(".:"), match.start(), environment_name(name))


def _is_telling(value: str) -> bool:
    """Whether what follows a secret's name is the secret, and no word of the text or code."""
    value = value.rstrip(".:")
    if _REFERS.fullmatch(value) or not is_secret_value(value):
        return False
    return any(map(str.isdigit, value)) and any(map(str.isalpha, value))


def _is_random(value: str) -> bool:
    """Whether a word can only be a secret: capitals, small letters and digits, eight or more."""
    kinds = (str.isdigit, str.isupper, str.islower)
    return len(value) >= 8 and _is_telling(value) and all(any(map(k, value)) for k in kinds)
