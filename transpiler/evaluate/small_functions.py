"""Pure functions of the standard library whose results are as small as their arguments."""

from __future__ import annotations

import base64
import hashlib
import itertools
import math
import string
from typing import Any

from transpiler.evaluate import operations
from transpiler.evaluate.comprehensions import iterate
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin
from transpiler.evaluate.truth import OneShot, is_plain

_MAX_ITEMS = 12


class Digest:
    """A hash of bytes."""

    def __init__(self, name: str, data: bytes) -> None:
        self.found = hashlib.new(name, data, usedforsecurity=False)


def digest_attribute(digest: Digest, name: str) -> Any:
    """`hexdigest()` and `digest()`; None for what is not evaluated."""
    if name not in ("hexdigest", "digest"):
        return None
    return Builtin(name, getattr(digest.found, name))


def _pure(name: str, function: Any) -> Builtin:
    def call(site: CallSite, *args: Any, **kwargs: Any) -> Any:
        if not all(map(is_plain, (*args, *kwargs.values()))):
            return site.call_mark(name, args, kwargs)
        return operations.attempt(lambda: function(*args, **kwargs), site.node)

    return Builtin(name, call, wants_site=True)


def _of_items(name: str, function: Any, largest: int = 100_000) -> Builtin:
    """A function of one iterable, that gives an iterator."""

    def call(site: CallSite, value: Any, *args: Any, **kwargs: Any) -> Any:
        items = iterate(site.ip, value, site.node, site.frame)
        plain = all(map(is_plain, (*args, *kwargs.values())))
        if items is None or len(items) > largest or not plain:
            return site.symbolic("the items are not known")
        found = operations.attempt(lambda: OneShot(function(items, *args, **kwargs)), site.node)
        if name == "itertools.islice" and isinstance(value, OneShot):
            value[:] = items[slice(*args).stop :] if slice(*args).stop is not None else []
        return found

    return Builtin(name, call, wants_site=True)


def _zip_longest(site: CallSite, *values: Any, fillvalue: Any = None) -> Any:
    lists = [iterate(site.ip, value, site.node, site.frame) for value in values]
    known = [items for items in lists if items is not None]
    if len(known) < len(lists):
        return site.symbolic("the items are not known")
    return OneShot(itertools.zip_longest(*known, fillvalue=fillvalue))


def _repeat(site: CallSite, value: Any, times: Any = None) -> Any:
    if not isinstance(times, int):
        return site.symbolic("it repeats without end")
    site.ip.budget.size(max(times, 0), "a repeated value")
    return [value] * times


def _digest(name: str) -> Any:
    return _pure(f"hashlib.{name}", lambda data=b"", **_: Digest(name, data))


KNOWN: dict[str, Any] = {
    **{f"hashlib.{name}": _digest(name) for name in ("md5", "sha1", "sha256", "sha512")},
    **{
        f"base64.{name}": _pure(f"base64.{name}", getattr(base64, name))
        for name in ("b64encode", "b64decode", "urlsafe_b64encode", "urlsafe_b64decode")
    },
    "string.capwords": _pure("string.capwords", string.capwords),
    "string.ascii_letters": string.ascii_letters,
    "math.pi": math.pi,
    "math.sqrt": _pure("math.sqrt", math.sqrt),
    "math.log": _pure("math.log", math.log),
    "math.log2": _pure("math.log2", math.log2),
    "math.log10": _pure("math.log10", math.log10),
    "itertools.combinations": _of_items(
        "itertools.combinations", itertools.combinations, _MAX_ITEMS
    ),
    "itertools.permutations": _of_items("itertools.permutations", itertools.permutations, 7),
    "itertools.pairwise": _of_items(
        "itertools.pairwise", lambda items: zip(items, items[1:], strict=False)
    ),
    "itertools.islice": _of_items("itertools.islice", itertools.islice),
    "itertools.zip_longest": Builtin("itertools.zip_longest", _zip_longest, wants_site=True),
    "itertools.repeat": Builtin("itertools.repeat", _repeat, wants_site=True),
}
