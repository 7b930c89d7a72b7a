"""Results of tasks inside other values, as templates that pull them."""

from __future__ import annotations

import libcst as cst

from transpiler.lower.annotations import Returns
from transpiler.model.dag import Dag
from transpiler.model.values import TaskOutput, Value

_RETURN_VALUE = "return_value"


def with_templates(value: Value) -> Value:
    """The value with `{{ ti.xcom_pull(…) }}` in place of each result."""
    if isinstance(value, TaskOutput):
        key = "" if value.key == _RETURN_VALUE else f", key={value.key!r}"
        return f"{{{{ ti.xcom_pull(task_ids={value.task_id!r}{key}) }}}}"
    if isinstance(value, dict):
        return {key: with_templates(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(with_templates(item) for item in value)
    return value


def is_text(dag: Dag, output: TaskOutput) -> bool:
    """Whether a result is plainly seen to be text, so that a template changes nothing."""
    producer = dag.task(output.task_id)
    node = producer.function.node if producer.function is not None else None
    if output.key != _RETURN_VALUE or not isinstance(node, cst.FunctionDef):
        return False
    bare = node.with_changes(decorators=[], leading_lines=[], lines_after_decorators=[])
    try:
        return Returns(cst.Module([]).code_for_node(bare)).type_name == "str"
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
