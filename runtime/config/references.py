"""Values that stand outside of the files: `${NAME}` and `${secret:NAME.KEY}`."""

from __future__ import annotations

import os
import re

from runtime.exceptions import ConfigError

_REFERENCE = re.compile(r"\$(\$)?\{(?:(secret):)?([^{}$\s]+)\}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def resolve(text: str) -> tuple[str, bool]:
    """Put the values in place of the references, and tell whether there were any.

    `${NAME}` is an environment variable, `${secret:NAME.KEY}` a key of a secret of ZenML, and
    `$${NAME}` stands for the literal text `${NAME}`. Raises `ConfigError` for what is not set; the
    message begins with a verb, for the caller to put file, line and key before it.

    Source: https://docs.zenml.io/concepts/secrets
    """
    refers = False

    def replace(match: re.Match[str]) -> str:
        nonlocal refers
        escaped, kind, name = match.groups()
        if kind is None and _VARIABLE.match(name) is None:
            return match[0]
        if escaped:
            return match[0][1:]
        refers = True
        return _secret(name) if kind else _variable(name)

    return _REFERENCE.sub(replace, text), refers


def _variable(name: str) -> str:
    if name not in os.environ:
        raise ConfigError(
            f"refers to the environment variable {name}, which is not set. "
            f"Set {name}, or write the value."
        )
    return os.environ[name]


def _secret(name: str) -> str:
    from zenml.client import Client

    secret, dot, key = name.partition(".")
    if not (secret and dot and key):
        raise ConfigError(
            f"refers to the secret {name!r} without a key. Write ${{secret:NAME.KEY}}."
        )
    try:
        values = Client().get_secret(secret, allow_partial_name_match=False).secret_values
    except KeyError:
        raise ConfigError(
            f"refers to the secret {secret!r}, which ZenML does not have. "
            f"Create it: zenml secret create {secret} --{key}=…"
        ) from None
    if key not in values:
        raise ConfigError(
            f"refers to the key {key!r} of the secret {secret!r}, which has: "
            f"{', '.join(sorted(values)) or 'none'}."
        )
    return values[key]
