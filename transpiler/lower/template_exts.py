"""Files that arguments of a Python callable name by the extensions in `templates_exts`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transpiler.model.dag import Argument, Task
from transpiler.model.values import Value

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader


def with_files(
    argument: Argument | None, extensions: tuple[str, ...], to: Lowering
) -> Argument | None:
    """The argument with the text of a file in place of each name that ends so, as Airflow's
    `Templater.resolve_template_files`. Raises UntranslatableError (D2Z401, D2Z402).
    """
    if argument is None or not extensions:
        return argument
    value = _read(argument.value, extensions, argument, to)
    return argument if value == argument.value else replace(argument, value=value, source=None)


def with_files_of_call(reader: TaskReader, to: Lowering) -> Task:
    """The task with the files in place of their names in the arguments of a TaskFlow call."""
    extensions = tuple(reader.value("templates_exts", None) or ())
    if not extensions:
        return reader.task
    read = [with_files(one, extensions, to) or one for one in reader.task.call_arguments]
    return replace(reader.task, call_arguments=tuple(read))


def _read(value: Value, extensions: tuple[str, ...], argument: Argument, to: Lowering) -> Value:
    if isinstance(value, str) and value.endswith(extensions):
        return to.sql.template_text(value, argument.span)
    if isinstance(value, dict):
        return {key: _read(item, extensions, argument, to) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_read(item, extensions, argument, to) for item in value)
    return value
