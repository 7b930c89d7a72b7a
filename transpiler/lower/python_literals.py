"""Plain data as source text for the emitted steps module, with the imports that it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from pathlib import PurePath
from typing import Any

from transpiler.model.pipeline import Import
from transpiler.model.values import Call, Symbolic, Value, is_result

_DATETIME = Import("datetime", None, "dt")
_PATH = Import("pathlib", "Path")
_ZONE = Import("zoneinfo", "ZoneInfo")


class NotALiteralError(Exception):
    """The value cannot be written as an expression."""


def literal(
    value: Value,
    names: Mapping[Value, str] | None = None,
    use: Callable[[Import], str] | None = None,
) -> tuple[str, frozenset[Import]]:
    """Source text of plain data and its imports; marks are written as the names given.

    `use` takes an import and gives the name that it has in the module; without it that is the
    import's own. Raises NotALiteralError.
    """
    writer = _Writer(names or {}, use or _own_name)
    return writer.text(value), frozenset(writer.imports)


def _own_name(import_: Import) -> str:
    return str(import_.alias or import_.name)


class _Writer:
    def __init__(self, names: Mapping[Value, str], use: Callable[[Import], str]) -> None:
        self._names = names
        self._use = use
        self.imports: set[Import] = set()

    def _imported(self, import_: Import) -> str:
        self.imports.add(import_)
        return self._use(import_)

    def text(self, value: Any) -> str:
        if (isinstance(value, (Symbolic, Call)) or is_result(value)) and value in self._names:
            return self._names[value]
        if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
            return _scalar(value)
        if isinstance(value, dict):
            pairs = (f"{self.text(key)}: {self.text(item)}" for key, item in value.items())
            return f"{{{', '.join(pairs)}}}"
        if isinstance(value, (list, tuple)):
            return self._sequence(value)
        if isinstance(value, (set, frozenset)):
            items = ", ".join(sorted(self.text(item) for item in value))
            text = f"{{{items}}}" if items else "set()"
            return text if isinstance(value, set) else f"frozenset({text})"
        return self._other(value)

    def _sequence(self, values: Iterable[Any]) -> str:
        items = [self.text(item) for item in values]
        if isinstance(values, list):
            return f"[{', '.join(items)}]"
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"

    def _other(self, value: Any) -> str:
        if isinstance(value, datetime):
            return self._datetime(value)
        if isinstance(value, (date, timedelta)) or (
            isinstance(value, time) and value.tzinfo is None
        ):
            return self._of_datetime(value)
        if isinstance(value, PurePath):
            return f"{self._imported(_PATH)}({str(value)!r})"
        raise NotALiteralError(f"{type(value).__name__} cannot be written as an expression")

    def _of_datetime(self, value: Any) -> str:
        """`repr` writes these as `datetime.…`, after the module's name."""
        return f"{self._imported(_DATETIME)}.{repr(value).partition('.')[2]}"

    def _datetime(self, value: datetime) -> str:
        zone = value.tzinfo
        naive = self._of_datetime(value.replace(tzinfo=None))
        if zone is None:
            return naive
        if zone is timezone.utc:
            return f"{naive[:-1]}, tzinfo={self._imported(_DATETIME)}.timezone.utc)"
        key = getattr(zone, "key", None)
        if key is None:
            raise NotALiteralError(f"the time zone {zone} has no name")
        return f"{naive[:-1]}, tzinfo={self._imported(_ZONE)}({key!r}))"


def _scalar(value: Any) -> str:
    text = repr(value)
    return f'float("{text}")' if text in ("inf", "-inf", "nan") else text
