"""Airflow Variables in arguments, as templates that the step renders.

Airflow reads a Variable of the DAG file's top level whenever it parses the file. The emitted module has no
configuration to read from when it is loaded; the step has one.
"""

from __future__ import annotations

import libcst as cst

from transpiler.lower.airflow_names import is_airflow
from transpiler.model.dag import Scope, SourceExpression
from transpiler.model.values import Call, Value, is_known


def variable_template(
    value: Value, source: SourceExpression | None
) -> str | SourceExpression | None:
    """A template for `Variable.get("key")`, or an f-string in which each name bound to one is a template.

    None where the value is neither, or where a Variable is asked for in a way that no template has.
    """
    if isinstance(value, Call):
        return call_template(value)
    if source is None or not isinstance(source.node, cst.FormattedString):
        return None
    return _formatted(source, source.node)


def call_template(call: Call) -> str | None:
    """The template for a call of `Variable.get`; None for other calls, or for what no template has."""
    if not is_airflow(call.func) or not call.func.endswith("Variable.get"):
        return None
    names = ("key", "default_var", "deserialize_json")
    given = {**dict(zip(names, call.args, strict=False)), **call.kwargs}
    if "default" in given:
        given["default_var"] = given.pop("default")
    key, known = given.pop("key", None), is_known(list(given.values()))
    if not isinstance(key, str) or not known or set(given) - set(names):
        return None
    kind = "json" if given.get("deserialize_json") else "value"
    if "default_var" in given:
        return f"{{{{ var.{kind}.get({key!r}, {given['default_var']!r}) }}}}"
    plain = key.isidentifier()
    return f"{{{{ var.{kind}.{key} }}}}" if plain else f"{{{{ var.{kind}.get({key!r}) }}}}"


def _formatted(source: SourceExpression, node: cst.FormattedString) -> SourceExpression | None:
    parts: list[cst.BaseFormattedStringContent] = []
    replaced = False
    for part in node.parts:
        template = _part_template(part, source)
        if template is None:
            parts.append(part)
            continue
        if node.end[0] in template:
            return None
        parts.append(cst.FormattedStringText(template.replace("{", "{{").replace("}", "}}")))
        replaced = True
    if not replaced:
        return None
    return SourceExpression(node.with_changes(parts=parts), source.scope, source.tree)


def _part_template(part: cst.BaseFormattedStringContent, source: SourceExpression) -> str | None:
    if not isinstance(part, cst.FormattedStringExpression) or part.format_spec or part.conversion:
        return None
    if not isinstance(part.expression, cst.Name):
        return None
    scope: Scope | None = source.scope
    while scope is not None:
        if part.expression.value in scope.values:
            value = scope.values[part.expression.value]
            return call_template(value) if isinstance(value, Call) else None
        scope = scope.parent
    return None
