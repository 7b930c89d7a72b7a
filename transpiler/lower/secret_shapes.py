"""What a secret looks like: by the name that it is bound to, or by its own shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LAST_WORDS = frozenset(
    {
        "password",
        "passwd",
        "pwd",
        "pw",
        "passphrase",
        "passcode",
        "secret",
        "token",
        "apikey",
        "credential",
        "credentials",
        "accesskey",
        "secretkey",
        "privatekey",
        "authtoken",
    }
)
_LAST_PAIRS = frozenset(
    {
        ("api", "key"),
        ("access", "key"),
        ("private", "key"),
        ("secret", "key"),
        ("auth", "key"),
        ("account", "key"),
        ("encryption", "key"),
        ("signing", "key"),
        ("fernet", "key"),
        ("routing", "key"),
        ("integration", "key"),
        ("webhook", "secret"),
        ("aws", "key"),
        ("deploy", "key"),
        ("ssh", "key"),
        ("rsa", "key"),
        *(
            (owner, "pass")
            for owner in "db database user mysql postgres pg smtp mail email ftp sftp ssh redis root "
            "admin auth login".split()
        ),
    }
)
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_PLACEHOLDER = re.compile(
    r"(?:x+|\*+|\.+|-+|_+|<.*>|\[.*\]|\(.*\)"
    r"|change[-_ ]?me|replace[-_ ]?me|fill[-_ ]?me|your[-_ ].*|my[-_ ].*"
    r"|todo|tbd|none|null|nil|n/?a|true|false|dummy|fake|example|sample|placeholder|redacted|unused|undefined|default"
    r"|string|str|text|varchar|integer|number|boolean|object"
    r"|secret|password|passwd|token|api[-_ ]?key|credentials?|private[-_ ]?key|access[-_ ]?key)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\{\{|\{%|\$\{|^\$\w+$|%\(\w+\)s|^%s$|^\{\w*\}$|^(?:projects|secrets?|vault|kv)[/:]|^arn:aws|^/|^\./|^https?://[^@]*$"
)
"""Templates, environment references, paths and addresses of a secret store: where a secret is, not
what it is.
"""


def is_secret_name(name: str) -> bool:
    """Whether a variable, key or parameter of this name holds a secret (`token_env`, `secret_name`
    do not).
    """
    words = [word.lower() for word in _WORDS.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    if not words:
        return False
    # PGPASSWORD, dbpassword
    joined = words[-1].endswith(("password", "passwd"))
    return joined or words[-1] in _LAST_WORDS or tuple(words[-2:]) in _LAST_PAIRS


def is_secret_value(value: str) -> bool:
    """Whether a text bound to a secret's name is the secret: no template, reference, placeholder or
    sentence.
    """
    text = value.strip()
    if not text or _PLACEHOLDER.fullmatch(text) or _REFERENCE.search(text):
        return False
    return text.count(" ") < 3 or "PRIVATE KEY" in text


def environment_name(name: str) -> str:
    """The environment variable for a name: `dbPassword` and `db-password` give `DB_PASSWORD`."""
    words = "_".join(word.upper() for word in _WORDS.findall(name)) or "SECRET"
    return f"SECRET_{words}" if words[0].isdigit() else words


@dataclass(frozen=True, slots=True)
class Shape:
    """A secret found by its shape: its text, where it begins, and a name for its kind."""

    value: str
    start: int
    name: str


_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "PRIVATE_KEY",
        re.compile(
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"(?:(?!-----BEGIN)[\s\S]){0,20000}?"
            r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)"
        ),
    ),
    ("AWS_ACCESS_KEY_ID", re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b")),
    (
        "GITHUB_TOKEN",
        re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,255}|\bgithub_pat_[A-Za-z0-9_]{22,255}"),
    ),
    ("GITLAB_TOKEN", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,255}")),
    ("SLACK_TOKEN", re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,255}")),
    (
        "SLACK_WEBHOOK_URL",
        re.compile(r"https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{20,255}"),
    ),
    (
        "API_KEY",
        re.compile(r"\bsk-[A-Za-z0-9_-]{20,255}|\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}"),
    ),
    ("GOOGLE_API_KEY", re.compile(r"\bAIza[0-9A-Za-z_-]{35}")),
    ("DATABRICKS_TOKEN", re.compile(r"\bdapi[0-9a-f]{32}\b")),
    ("SENDGRID_API_KEY", re.compile(r"\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}")),
    (
        "ACCESS_TOKEN",
        re.compile(r"\beyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{8,2000}"),
    ),
    ("ACCESS_TOKEN", re.compile(r"(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{16,4000}")),
    (
        "ACCESS_TOKEN",
        re.compile(r"(?<=[Bb]earer )(?=[A-Za-z._~+/=-]{0,16}\d)[\w.~+/=-]{10,15}(?![\w.~+/=-])"),
    ),
    ("BASIC_AUTH", re.compile(r"(?<=Basic )[A-Za-z0-9+/]{12,1000}={0,2}(?![\w+/])")),
)
_URI = re.compile(
    r"\b[A-Za-z][A-Za-z0-9+.-]{1,40}://(?P<user>[^\s:/@'\"{}]{0,200}):(?P<password>[^\s/@'\"]{1,200})@[^\s'\"<>]{1,1000}"
)

_SIGNS = re.compile(
    r"-----BEGIN |A(?:KIA|SIA|ROA|IDA)|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|hooks\.slack"
    r"|sk-|[rs]k_(?:live|test)_|AIza|dapi|SG\.|eyJ|earer |Basic |://"
)
"""What no secret of a known shape is without: most texts are done after one look for it."""


def shapes_in(text: str) -> Iterator[Shape]:
    """Every secret in a text that its shape gives away. A URI with a password gives itself and its
    password.
    """
    if not _SIGNS.search(text):
        return
    for name, pattern in _SHAPES:
        for match in pattern.finditer(text):
            yield Shape(match[0], match.start(), name)
    for match in _URI.finditer(text):
        if is_secret_value(match["password"]):
            yield Shape(match[0].rstrip(".,;)"), match.start(), "CONNECTION_URI")
            yield Shape(match["password"], match.start(), "CONNECTION_PASSWORD")
