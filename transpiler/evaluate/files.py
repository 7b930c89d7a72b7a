"""Files that DAG-building code reads: inside the project root only, and bounded."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from typing import Any

import libcst as cst

from transpiler.evaluate.errors import DagCodeError, LimitReached
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import Builtin, OpenFile

MAX_BYTES = 2 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_WALKED = 100_000
"""Files and folders below one that `**` walks through; a checkout of Airflow has 13,000."""
_YAML_NESTING = 100
_OPENED = re.compile(r"(?:[\[{]\s*){2,}")
_HOMES = ("/opt/airflow", "/usr/local/airflow", "/home/airflow/gcs")
"""Of the images of Apache, Astronomer and Cloud Composer."""
_INDENTED = re.compile(r"^[ -]+", re.MULTILINE)


def inside(site: CallSite, path: PurePath | str) -> Path | None:
    """The real path where it lies inside the project root, else None.

    A relative path starts at the folder that Airflow runs in, which a file does not tell: the
    nearest one from the DAG's folder up to the project root that has such an entry. So does an
    absolute one in the home folder of Airflow's usual images. The root may itself be what is the
    folder `dags` there.
    """
    ip = site.ip
    candidate = Path(path)
    home = next((folder for folder in _HOMES if candidate.is_relative_to(folder)), None)
    spellings = [candidate]
    if candidate.is_absolute() and home is None:
        starts = [Path("/")]
    else:
        spellings = [candidate.relative_to(home) if home else candidate]
        if spellings[0].parts[:1] == ("dags",):
            spellings.append(spellings[0].relative_to("dags"))
        starts = [f for f in ip.main.parents if f.is_relative_to(ip.project_root)]
    try:
        resolved = [(start / path).resolve() for path in spellings for start in starts]
        inside_root = [found for found in resolved if found.is_relative_to(ip.project_root)]
        return next((found for found in inside_root if found.exists()), (*inside_root, None)[0])
    except (OSError, ValueError, RuntimeError):
        return None


def is_changed(site: CallSite, path: Path) -> bool:
    """Whether the code has changed the file or a folder above it, which is not done here."""
    return any(path == place or place in path.parents for place in site.ip.changed_paths)


def read_text(site: CallSite, path: PurePath | str) -> Any:
    """The text of a file of the project; not known where it lies outside. Raises FileNotFoundError
    as Python does.
    """
    data = read_bytes(site, path)
    try:
        return data.decode("utf-8") if isinstance(data, bytes) else data
    except UnicodeDecodeError as error:
        raise DagCodeError("UnicodeDecodeError", str(error)[:100], site.node) from error


def read_bytes(site: CallSite, path: PurePath | str) -> Any:
    """The content of a file of the project, as `read_text` reads it."""
    file = inside(site, path)
    if file is None:
        return site.symbolic("it reads a file outside the project root")
    if is_changed(site, file):
        return site.symbolic("it reads a file that the code itself writes")
    if not file.is_file():
        raise DagCodeError("FileNotFoundError", f"no such file: {PurePath(path).name}", site.node)
    if file.stat().st_size > MAX_BYTES:
        raise LimitReached(f"{file.name} is over {MAX_BYTES:,} bytes", site.node)
    site.ip.files_read.add(file.relative_to(site.ip.project_root).as_posix())
    return file.read_bytes()


def open_file(site: CallSite, path: Any, mode: Any = "r", *args: Any, **kwargs: Any) -> Any:
    """`open(path)` for reading text."""
    if not isinstance(path, (str, PurePath)) or not isinstance(mode, str) or set(mode) - set("rt"):
        from transpiler.evaluate import paths

        paths.note(site, path)
        return site.symbolic("it opens a file for more than reading text")
    text = read_text(site, path)
    return OpenFile(text) if isinstance(text, str) else text


def glob(site: CallSite, folder: PurePath | str, pattern: Any) -> Any:
    """Sorted paths below a folder of the project that match a pattern."""
    base = inside(site, folder)
    if (
        base is None
        or not isinstance(pattern, str)
        or ".." in pattern
        or PurePath(pattern).is_absolute()
    ):
        return site.symbolic("it lists files outside the project root")
    if is_changed(site, base) or _lists_changed(site, base, pattern):
        return site.symbolic("it lists a folder that the code itself changes")
    found = []
    if "**" in pattern:
        _refuse_large(site, base)
    try:
        for entry in base.glob(pattern):
            found.append(PurePath(entry))
            if len(found) > MAX_ENTRIES:
                raise LimitReached(f"over {MAX_ENTRIES:,} files match {pattern!r}", site.node)
    except (ValueError, NotImplementedError):
        return site.symbolic("pathlib refuses the pattern")
    return sorted(found)


def _lists_changed(site: CallSite, base: Path, pattern: str) -> bool:
    places = [p.relative_to(base) for p in site.ip.changed_paths if p.is_relative_to(base)]
    return any(place.match(pattern.replace("**/", "") or "*") for place in places)


def _refuse_large(site: CallSite, top: Path) -> None:
    """A walk costs what there is, whatever matches. Raises LimitReached."""
    entries = 0
    for _, folders, names in os.walk(top):
        entries += len(folders) + len(names)
        if entries > MAX_WALKED:
            raise LimitReached(f"there are over {MAX_WALKED:,} files below {top.name!r}", site.node)


def load_yaml(site: CallSite, source: Any) -> Any:
    """`yaml.safe_load` of a text or an open file of the project."""
    import yaml

    text = source.text if isinstance(source, OpenFile) else source
    if not isinstance(text, str):
        return site.symbolic("the text is not known")
    _refuse_deep_yaml(site, text)
    # LibYAML's loader is ten times as fast; not every build of PyYAML has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        value = yaml.load(text, Loader=loader)
    except (yaml.YAMLError, ValueError) as error:
        raise DagCodeError("YAMLError", str(error)[:200], site.node) from error
    site.ip.budget.weight(value)
    return value


def _refuse_deep_yaml(site: CallSite, text: str) -> None:
    """The loader's time grows with the square of the nesting. Raises LimitReached."""
    opened = max((len(run.group()) for run in _OPENED.finditer(text)), default=0)
    indented = max((len(run.group()) for run in _INDENTED.finditer(text)), default=0)
    if opened > _YAML_NESTING or indented > _YAML_NESTING * 10:
        raise LimitReached("the YAML is nested too deeply to read", site.node)


def load_json(site: CallSite, source: Any) -> Any:
    """`json.loads` or `json.load`."""
    import json

    text = source.text if isinstance(source, OpenFile) else source
    if not isinstance(text, (str, bytes)):
        return site.symbolic("the text is not known")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DagCodeError("JSONDecodeError", str(error)[:200], site.node) from error


def method(
    ip: Interpreter, file: OpenFile, name: str, node: cst.BaseExpression, frame: Frame
) -> Any:
    """A method of an open file."""
    if name == "read":
        return Builtin(name, lambda: file.text)
    if name == "readlines":
        return Builtin(name, lambda: file.text.splitlines(keepends=True))
    if name == "close":
        return Builtin(name, lambda: None)
    return ip.symbolic(node, frame, f"the file's {name} is not evaluated")
