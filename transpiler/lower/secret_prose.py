"""Secrets in the middle of a text: shell commands, query strings, documentation, settings files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transpiler.lower.secret_shapes import Shape, environment_name, is_secret_name, is_secret_value

_SIGNS = re.compile(
    r"pass|pwd|\bpw\b|token|secret|key|credential|bearer|\s-u|--user|\s-p", re.IGNORECASE
)
_VALUE = r"(?P<value>[^\s'\"`,;&|<>(){}\[\]$%\\][^\s'\"`,;&|<>(){}\[\]\\]{3,499})"
_NAME = r"(?P<name>[A-Za-z_][\w-]{0,80})"
_BOUND = re.compile(rf"{_NAME}\s{{0,3}}[:=]\s{{0,3}}(?={_VALUE})")
"""`PGPASSWORD=x psql`, `?api_key=x`, `--token=x`, `password: x`."""
_QUOTED = r"\\?(?P<quote>['\"`])(?P<value>(?:(?!\\?(?P=quote))[^\n]){1,500})\\?(?P=quote)"
_BOUND_QUOTED = re.compile(rf"{_NAME}\\?[\"']?\s{{0,5}}(?:=>|[:=])\s{{0,5}}{_QUOTED}")
"""`export PGPASSWORD="x"`, `PASSWORD = 'x'` in SQL, `"token": "x"` in JSON, `--token='x'`."""
_GAP = r"(?:\s|\\\r?\n)+"
"""Between an option and its value: the line may be continued."""
_OPTION = re.compile(rf"(?<![\w-])--?{_NAME}{_GAP}{_VALUE}")
_OPTION_QUOTED = re.compile(rf"(?<![\w-])--?{_NAME}{_GAP}{_QUOTED}")
_WORD = r"(?P<value>[^\s'\"`$;&|<>(){}\[\]%,]{4,499})"
_ENVIRONMENT = re.compile(
    rf"(?<![\w$.-])(?P<name>[A-Z_][A-Z0-9_]{{2,80}})={_WORD}(?=\s|$|[;&|'\"])"
)
"""`PASSWORD=x` of a shell or an environment file, where nothing but a value can stand."""
_FLAG = re.compile(rf"(?<![\w-])--?{_NAME}={_VALUE}")
_LINE = re.compile(rf"(?m)^[ \t]*{_NAME}={_WORD}[ \t]*$")
"""A line of a settings file: `password=x`."""
_TOLD = re.compile(rf"(?<![\w-]){_NAME}(?:\s+(?:is|was))?\s+(?={_VALUE})")
_TOLD_QUOTED = re.compile(rf"(?<![\w-]){_NAME}\s+(?:is|was)\s+{_QUOTED}")
_BEARER = re.compile(rf"\b[Bb]earer\s+{_VALUE}")
_USER = re.compile(rf"(?<!\S)(?:-u|--user)[\s=]*\\?['\"]?[\w.@-]{{1,100}}:\\?['\"]?{_VALUE}")
_REST = r"(?:[^|;&\n\\]|\\\r?\n|\\){0,500}?"
_MYSQL = re.compile(rf"\b(?:mysql\w*|mariadb\w*|sshpass)\b{_REST}\s-p\\?['\"]?{_VALUE}")
_LOGIN = re.compile(
    rf"\b(?:sshpass|(?:docker|podman|skopeo|buildah|oras|az)\s(?:\s*\w+)?\s*login){_REST}"
    rf"\s-p{_GAP}\\?['\"]?{_VALUE}"
)
_PIPED = re.compile(
    rf"\b(?:echo|printf)\s+(?:-n\s+)?\\?['\"]?{_VALUE}\\?['\"]?\s*\|[^|\n]{{0,200}}?"
    r"(?:--(?:password|token)-stdin|\bsudo\s+-S|--passphrase-fd)"
)
_REFERS = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(.*)?|/.*|[\d.:/+-]+")
"""Members of something, paths, dates and numbers."""
_SHELL = re.compile(r"\$[({A-Za-z_]|`")
"""What the shell puts into text between double quotes."""
_STATEMENT_END = re.compile(r"[|;&\n(]")
_COMMAND = re.compile(r"[a-z][a-z0-9]{1,20}")
_SETTING = re.compile(
    rf"(?m)^[ \t-]*(?:export\s+)?[\"']?{_NAME}[\"']?[ \t]*[:=][ \t]*(?P<value>\S[^\n]{{0,499}})$"
)


_PAIR = re.compile(
    rf"[\"']?\bname[\"']?:[ \t]*[\"']?{_NAME}[\"']?,?\s{{1,80}}[\"']?value[\"']?:[ \t]*(?P<value>\S[^\n]{{0,499}})"
)
"""An environment variable of a Kubernetes manifest."""


def secrets_in_prose(text: str) -> Iterator[Shape]:
    """Every secret of a text whose name or option stands before it, with quotes or without."""
    if not _SIGNS.search(text):
        return
    yield from quoted_secrets(text)
    for match in (*_BOUND.finditer(text), *_OPTION.finditer(text)):
        if is_secret_name(match["name"]) and _is_telling(match["value"]):
            yield _found(match, _name(match, match["name"]))
    for pattern in (_ENVIRONMENT, _FLAG, _LINE):
        for match in pattern.finditer(text):
            if is_secret_name(match["name"]) and _is_whole(match["value"]):
                yield _found(match, _name(match, match["name"]))
    for match in _TOLD.finditer(text):
        if is_secret_name(match["name"]) and _is_random(match["value"].rstrip(".")):
            yield _found(match, match["name"])
    for match in _BEARER.finditer(text):
        if len(match["value"]) >= 8 and _is_telling(match["value"]):
            yield _found(match, "access_token")
    for pattern in (_USER, _MYSQL, _LOGIN, _PIPED):
        for match in pattern.finditer(text):
            if is_secret_value(match["value"]) and not _REFERS.fullmatch(match["value"]):
                yield _found(match, _name(match, "password"))


def quoted_secrets(text: str) -> Iterator[Shape]:
    """Every secret between quotes whose name or option stands before it."""
    for pattern in (_BOUND_QUOTED, _OPTION_QUOTED, _TOLD_QUOTED):
        for match in pattern.finditer(text):
            if is_secret_name(match["name"]) and _is_literal(match["value"], match["quote"]):
                name = _name(match, match["name"])
                yield Shape(match["value"], match.start(), environment_name(name))


def _name(match: re.Match[str], name: str) -> str:
    """The name for a secret; that of an option begins with its command, as `docker_password`."""
    before = match.string[max(match.start("value") - 500, 0) : match.start("value")]
    words = _STATEMENT_END.split(before.replace("\\\n", " "))[-1].split()
    is_option = any(re.match(r"--?\w", word) for word in words[1:][-2:])
    return f"{words[0]}_{name}" if is_option and _COMMAND.fullmatch(words[0]) else name


def _is_literal(value: str, quote: str) -> bool:
    """Whether what stands between quotes is the secret itself, and nothing that a shell makes."""
    if quote == "`":
        return _is_telling(value) and not any(map(str.isspace, value))
    return is_secret_value(value) and not (quote == '"' and _SHELL.search(value))


def secrets_in_settings(text: str) -> Iterator[Shape]:
    """Every secret of a settings file of one `name: value` or `name = value` a line."""
    for match in (*_SETTING.finditer(text), *_PAIR.finditer(text)):
        value = match["value"].split(" #")[0].strip().rstrip(",").strip("\"'")
        if is_secret_name(match["name"]) and is_secret_value(value):
            yield Shape(value, match.start("name"), environment_name(match["name"]))


def _found(match: re.Match[str], name: str) -> Shape:
    return Shape(match["value"].rstrip(".:"), match.start(), environment_name(name))


def _is_whole(value: str) -> bool:
    """Whether a value without quotes is the secret: no name of one, and no reference."""
    if re.search(r"[$`]|:/(?!/)", value) or _REFERS.fullmatch(value):
        return False
    return is_secret_value(value) and not is_secret_name(value)


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
