"""Bytes of a Python file to text, as Python itself decodes them."""

from __future__ import annotations

import codecs
import io
import tokenize
from pathlib import Path

from transpiler.source.errors import SourceError

MAX_BYTES = 4 * 1024 * 1024
"""Largest file that is read; the largest real DAG file known to us is under 1 MiB."""

_SLOW = frozenset({"idna", "punycode"})
"""Codecs whose time grows with the square of the text."""


def read_text(path: Path, *, may_be_empty: bool = False) -> tuple[str, str]:
    """The text of a Python file without its byte order mark, and the encoding it was decoded by.

    Honours PEP 263 and the BOM. Raises SourceError (D2Z103, D2Z104, D2Z107, D2Z120).
    """
    try:
        if not path.is_file():
            raise SourceError("D2Z120", f"{path.name} is not a regular file")
        if path.stat().st_size > MAX_BYTES:
            raise SourceError("D2Z107", f"{path.stat().st_size} bytes; the limit is {MAX_BYTES}")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError("D2Z120", f"cannot read the file: {error.strerror}") from error
    if not data.strip() and not may_be_empty:
        raise SourceError("D2Z103", "the file is empty")
    if b"\x00" in data:
        raise SourceError("D2Z104", "the file holds NUL bytes: it is binary, or UTF-16")
    return decode(data)


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding of the bytes of a Python file. Raises SourceError (D2Z104)."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if codecs.lookup(encoding).name in _SLOW:
            raise SourceError("D2Z104", f"the encoding {encoding} is for host names, not for files")
        return data.decode(encoding), encoding
    except (SyntaxError, UnicodeError, LookupError) as error:
        line = data[: error.start].count(b"\n") + 1 if isinstance(error, UnicodeDecodeError) else 1
        raise SourceError("D2Z104", f"the bytes do not fit the encoding: {error}", line) from error
