"""Files that an argument names: SQL, scripts, HTML, found where Airflow's Jinja loader looks for
them.

Airflow: `resolve_template_files` in airflow/template/templater.py, `DAG.get_template_env` (the DAG
file's folder, then `template_searchpath`), and Jinja's FileSystemLoader, which refuses `..` and
ignores a leading slash.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from transpiler.lower.errors import UntranslatableError
from transpiler.model.finding import finding
from transpiler.model.span import Span

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class TemplateFile:
    """A file's place (relative to the project root, forward slashes) and its text with `\\n` line
    ends.
    """

    path: str
    text: str


class TemplateFiles:
    """Reads files inside the project root only, links resolved. Every method raises
    UntranslatableError.
    """

    def __init__(self, to: Lowering) -> None:
        self._to = to
        self._root = to.project_root.resolve()
        self.read: list[str] = []

    def find(self, name: str, span: Span, task_id: str | None = None) -> TemplateFile:
        """The file that Airflow would take for this name. D2Z401 where there is none, D2Z402
        outside the project.
        """
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts or "\\" in name or "\0" in name:
            raise self._error(
                "D2Z402",
                f"{name!r} is no path that Airflow looks up: it leads upwards",
                span,
                task_id,
            )
        folders = self.folders()
        inside = [folder for folder in folders if folder.resolve().is_relative_to(self._root)]
        for folder in inside:
            candidate = folder.joinpath(*parts)
            if candidate.is_file():
                return self._read(candidate, name, span, task_id)
        looked = ", ".join(dict.fromkeys(self._shown(folder) for folder in folders))
        absolute = name.startswith("/") and not Path(name).is_relative_to(self._root)
        code = "D2Z402" if absolute or len(inside) < len(folders) else "D2Z401"
        raise self._error(code, f"{name!r} is not in {looked}", span, task_id)

    def at(self, path: Path, span: Span) -> TemplateFile:
        """The file at a path that the user gave."""
        if not path.is_file():
            raise self._error(
                "D2Z401", f"{path.name!r} is not in {self._shown(path.parent)}", span, None
            )
        return self._read(path, path.name, span, None)

    def folders(self) -> list[Path]:
        """Where Airflow looks, in order."""
        own = (self._root / self._to.dag_file.path).parent
        argument = self._to.dag.arguments.get("template_searchpath")
        value = argument.value if argument else None
        given = [value] if isinstance(value, (str, PurePath)) else value
        if not isinstance(given, (list, tuple)):
            given = []
        return [own, *(self._root / path for path in given if isinstance(path, (str, PurePath)))]

    def _read(self, path: Path, name: str, span: Span, task_id: str | None) -> TemplateFile:
        resolved = path.resolve()
        if not resolved.is_relative_to(self._root):
            raise self._error("D2Z402", f"{name!r} lies outside the project root", span, task_id)
        try:
            content = resolved.read_bytes()
            if len(content) > MAX_BYTES:
                raise self._error("D2Z107", f"{name!r} is over 4 MiB", span, task_id)
            text = content.decode("utf-8-sig")
        except OSError as error:
            raise self._error(
                "D2Z401", f"{name!r} cannot be read: {error.strerror}", span, task_id
            ) from error
        except UnicodeDecodeError as error:
            raise self._error("D2Z104", f"{name!r} is not UTF-8 text", span, task_id) from error
        relative = resolved.relative_to(self._root).as_posix()
        if relative not in self.read:
            self.read.append(relative)
        return TemplateFile(relative, text.replace("\r\n", "\n"))

    def _shown(self, folder: Path) -> str:
        resolved = folder.resolve()
        if not resolved.is_relative_to(self._root):
            return "a folder outside the project root"
        return f"the folder {resolved.relative_to(self._root).as_posix() or '.'}"

    def _error(
        self, code: str, detail: str, span: Span, task_id: str | None
    ) -> UntranslatableError:
        return UntranslatableError(finding(code, span, detail, task_id=task_id))
