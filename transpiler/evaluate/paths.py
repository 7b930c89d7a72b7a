"""Methods of paths: questions about files of the project, and changes of the file system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

from transpiler.evaluate import files
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin

METHODS: dict[str, Callable[..., Any]] = {
    "resolve": lambda site, path, *a, **k: path,
    "absolute": lambda site, path: path,
    "expanduser": lambda site, path: (
        site.symbolic("it reads the environment") if str(path).startswith("~") else path
    ),
    "read_text": lambda site, path, *a, **k: files.read_text(site, path),
    "read_bytes": lambda site, path: files.read_bytes(site, path),
    "exists": lambda site, path, **k: file_test(site, path, "exists"),
    "is_file": lambda site, path: file_test(site, path, "is_file"),
    "is_dir": lambda site, path: file_test(site, path, "is_dir"),
    "glob": lambda site, path, pattern: files.glob(site, path, pattern),
    "rglob": lambda site, path, pattern: files.glob(site, path, f"**/{pattern}"),
    "iterdir": lambda site, path: files.glob(site, path, "*"),
    "open": lambda site, path, *a, **k: files.open_file(site, path, *a, **k),
}
CHANGES = frozenset(
    "mkdir touch write_text write_bytes unlink rmdir rename replace symlink_to hardlink_to "
    "link_to".split()
)
"""Methods that change what there is, and may so change what later questions give."""


def of_a_run(name: str) -> bool:
    """Whether paths have the member, which only a run can tell the value of."""
    return hasattr(Path, name) or name in ("walk", "is_junction", "link_to", "copy", "move")


def change(value: PurePath, name: str) -> Builtin:
    """A method that changes the file system: it is not done, and the place is not known any more."""

    def call(site: CallSite, *args: Any, **kwargs: Any) -> Any:
        note(site, value, *(item for item in args if name in ("rename", "replace")))
        return site.call_mark(f"pathlib.Path.{name}", (value, *args), kwargs)

    return Builtin(name, call, wants_site=True)


def function(name: str) -> Builtin:
    """A function of `os` or `shutil` that changes the file system at the paths it is given."""

    def call(site: CallSite, *args: Any, **kwargs: Any) -> Any:
        note(site, *args, *kwargs.values())
        return site.call_mark(name, args, kwargs)

    return Builtin(name, call, wants_site=True)


def note(site: CallSite, *places: Any) -> None:
    """Remember the files and folders that a run has changed, and the folders made around them."""
    for place in places:
        path = files.inside(site, place) if isinstance(place, (str, PurePath)) else None
        while path is not None and path not in site.ip.changed_paths:
            site.ip.changed_paths.append(path)
            path = path.parent if not path.parent.exists() else None


def file_test(site: CallSite, path: Any, test: str) -> Any:
    """Whether a file or folder of the project is there, as the method `test` of paths says it."""
    file = files.inside(site, path) if isinstance(path, (str, PurePath)) else None
    if file is None:
        return site.symbolic("it asks about a file outside the project root")
    if files.is_changed(site, file) and not (test == "is_dir" and file.is_dir()):
        return site.symbolic("the file itself changes what is there")
    return getattr(file, test)()


KNOWN: dict[str, Any] = {
    name: function(name)
    for name in (
        "os.makedirs",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.unlink",
        "shutil.copy",
        "shutil.copyfile",
        "shutil.copytree",
        "shutil.move",
        "shutil.rmtree",
    )
}
