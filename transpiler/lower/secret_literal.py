"""One secret, as it was found in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transpiler.lower.secret_shapes import is_secret_name
from transpiler.model.span import Span

_WEAK = re.compile(r"[a-z]{1,10}|[A-Z]{1,10}|[A-Z][a-z]{1,9}|\d{1,5}|.{1,3}")
_NAME = re.compile(r"[A-Za-z]+(?:[_.-][A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class SecretLiteral:
    """A secret, the environment variable that stands for it in the output, and its place. Never
    shown.
    """

    value: str
    env_name: str
    span: Span
    extra: bool = False
    """Part of another secret at the same place, which has the finding."""
    in_ids: bool = False
    """Whether ids of DAGs or tasks hold the value, which everybody sees."""

    def __repr__(self) -> str:
        return f"SecretLiteral(env_name={self.env_name!r}, span={self.span})"

    @property
    def is_weak(self) -> bool:
        """Whether the value is an ordinary word, or the name of a secret (`api_token`), which means
        something else where no secret's name stands by it: part of a task's id, for one.
        """
        is_name = _NAME.fullmatch(self.value) is not None and is_secret_name(self.value)
        return self.in_ids or is_name or _WEAK.fullmatch(self.value) is not None
