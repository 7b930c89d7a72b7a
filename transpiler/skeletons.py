"""Jinja skeletons of our own packages, compiled once and kept as Python keeps modules.

Compiling the skeletons of the report takes longer than everything else that is done for a small
DAG file. What comes of it is kept in `__pycache__` beside them, under the rules that Python has for
modules: made anew when the source, Python or Jinja is another, and not kept where that folder cannot
be written or Python was told not to.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import jinja2
from jinja2 import compiler

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


def environment(package: str, **options: Any) -> jinja2.Environment:
    """The environment of the skeletons in `templates/` of one of our packages.

    Blocks take no line of their own, and an unknown name is an error.
    """
    return jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_BesideSource(),
        **options,
    )


class _BesideSource(jinja2.BytecodeCache):
    """Keeps the code of `x.py.j2` in `__pycache__/x.py.<interpreter>.pyc`."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The path of the skeleton."""
        return filename or name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the kept code where it was made from the same source by the same programs."""
        header = _header(bucket)
        try:
            content = Path(cache_from_source(bucket.key)).read_bytes()
        except OSError:  # not kept yet
            return
        if content.startswith(header):
            bucket.code = marshal.loads(content[len(header) :])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code, at once and whole, since other processes may do the same."""
        if sys.dont_write_bytecode:
            return
        kept = Path(cache_from_source(bucket.key))
        unfinished = kept.with_name(f"{kept.name}.{uuid4().hex}")
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(_header(bucket) + marshal.dumps(bucket.code))
            unfinished.replace(kept)
        except OSError:  # an installation that cannot be written is none of the user's concern
            if unfinished.is_file():
                unfinished.unlink()


def _header(bucket: Bucket) -> bytes:
    """What the code depends on: its source, Python and Jinja."""
    made_by = Path(compiler.__file__).stat()
    stamp = f"{bucket.checksum} {MAGIC_NUMBER.hex()} {made_by.st_size} {made_by.st_mtime_ns}"
    return hashlib.sha256(stamp.encode()).digest()
