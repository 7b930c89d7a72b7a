"""Secrets that are written into a project's files as literals: finding them, and keeping them out
of the output.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from transpiler.lower.redaction import redact
from transpiler.lower.secret_finder import find_in_module
from transpiler.lower.secret_literal import SecretLiteral
from transpiler.lower.secret_text import find_secrets_in_settings, find_secrets_in_text
from transpiler.model.dag import SourceModule
from transpiler.model.finding import Finding, finding

__all__ = [
    "SecretLiteral",
    "collect_secrets",
    "find_secrets",
    "find_secrets_in_settings",
    "find_secrets_in_text",
    "redact",
    "secret_findings",
]


def find_secrets(module: SourceModule) -> tuple[SecretLiteral, ...]:
    """The secrets in a module of the project: bound to a telling name, or of a telling shape,
    comments included.
    """
    return find_in_module(module.tree, module.path)


def collect_secrets(
    modules: Iterable[SourceModule],
    texts: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> list[SecretLiteral]:
    """The secrets of modules, other files and settings files (texts by path), each value with one
    name, no name for two values.
    """
    found = [secret for module in modules for secret in find_secrets(module)]
    for path, text in (texts or {}).items():
        found += find_secrets_in_text(text, path)
    for path, text in (settings or {}).items():
        found += find_secrets_in_settings(text, path)
    names: dict[str, str] = {}
    taken: set[str] = set()
    for secret in found:
        if secret.value not in names:
            name, number = secret.env_name, 1
            while name in taken:
                number += 1
                name = f"{secret.env_name}_{number}"
            names[secret.value] = name
            taken.add(name)
    return list(dict.fromkeys(replace(s, env_name=names[s.value]) for s in found))


def secret_findings(secrets: Iterable[SecretLiteral]) -> list[Finding]:
    """One finding (D2Z601) for each place, which never shows the secret."""
    places = {secret.span: secret for secret in secrets if not secret.extra}
    return [
        finding(
            "D2Z601",
            span,
            f"a secret is written here; the output has the environment variable "
            f"{secret.env_name} in its place",
            remedy=f"Rotate the secret, and set {secret.env_name} where the pipeline runs.",
        )
        for span, secret in places.items()
    ]
