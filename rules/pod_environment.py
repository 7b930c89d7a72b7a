"""Environment variables and secrets of a pod."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rules.arguments import call_arguments, given, refused
from rules.pod_values import as_data, dict_of, is_model, list_of
from rules.sources import item_sources, keyword_sources
from transpiler.model.pipeline import Expr
from transpiler.model.values import Call, Each, Symbolic, Value, is_known, is_result

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument, SourceExpression

_SECRET = ("deploy_type", "deploy_target", "secret", "key", "items")
"""Parameters of airflow.providers.cncf.kubernetes.secret.Secret, in order."""


@dataclass
class _Environment:
    """`env` is the whole argument where it is a dict already."""

    to: Lowering
    task: TaskReader
    env: Expr | None = None
    env_sources: list[Expr] = field(default_factory=list)
    variables: dict[str, Expr] = field(default_factory=dict)
    env_from: list[Expr] = field(default_factory=list)
    secrets: list[Expr] = field(default_factory=list)


def environment(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    """The step's `env`, `env_sources`, `env_from` and `secrets`, from `env_vars`,
    `pod_runtime_info_envs`, `env_from`, `configmaps` and `secrets`.

    Raises UntranslatableError for what is not known from the file.
    """
    found = _Environment(to, task)
    _read_variables(found, "env_vars")
    _read_variables(found, "pod_runtime_info_envs")
    _read_sources(found)
    _read_secrets(found)
    env = found.env or (dict_of(found.variables) if found.variables else None)
    parts = {
        "env": env,
        "env_sources": list_of(found.env_sources) if found.env_sources else None,
        "env_from": list_of(found.env_from) if found.env_from else None,
        "secrets": list_of(found.secrets) if found.secrets else None,
    }
    return {name: value for name, value in parts.items() if value is not None}


def _read_variables(found: _Environment, parameter: str) -> None:
    argument = given(found.task, parameter)
    if argument is None or argument.value in ([], {}, ()):
        return
    if isinstance(argument.value, (dict, Symbolic)) or _is_dict_of_each(argument.value):
        found.env = found.to.expr(argument)
        return
    if not isinstance(argument.value, (list, tuple)):
        raise refused(found.task, argument, f"{parameter} is neither a dict nor a list of V1EnvVar")
    for item, source in zip(
        argument.value, item_sources(argument.value, argument.source), strict=True
    ):
        _read_variable(found, argument, item, source)


def _is_dict_of_each(value: Value) -> bool:
    """Whether each instance of a mapped task has a dict of its own, or what another task gave."""
    if not isinstance(value, Each):
        return False
    items = value.value
    return is_result(items) or (
        isinstance(items, (list, tuple)) and all(isinstance(item, dict) for item in items)
    )


def _read_variable(
    found: _Environment, argument: Argument, item: Any, source: SourceExpression | None
) -> None:
    fields, sources = _fields(item, source)
    name = fields.get("name")
    origin = fields.get("value_from")
    if not isinstance(name, str):
        raise refused(
            found.task,
            argument,
            f"{argument.name} has an entry whose name is not known from the file",
        )
    if origin is None:
        value = fields.get("value")
        found.variables[name] = found.to.expr_of(
            "" if value is None else value, sources.get("value")
        )
        return
    reference = _fields(_fields(origin, None)[0].get("secret_key_ref"), None)[0]
    if not is_known(reference) or "name" not in reference or "key" not in reference:
        found.env_sources.append(as_data(found.to, item, source))
        return
    found.secrets.append(_secret(found.to, "env", name, reference["name"], reference["key"]))


def _fields(
    item: Any, source: SourceExpression | None
) -> tuple[dict[str, Any], dict[str, SourceExpression | None]]:
    """The fields of an object of the Kubernetes client, or of a dict instead, in snake case."""
    if is_model(item) and not item.args:
        return dict(item.kwargs), keyword_sources(item, source)
    if isinstance(item, dict):
        snake = {"valueFrom": "value_from", "secretKeyRef": "secret_key_ref"}
        return {snake.get(str(key), str(key)): value for key, value in item.items()}, {}
    return {}, {}


def _read_sources(found: _Environment) -> None:
    argument = given(found.task, "env_from")
    if argument is not None and argument.value:
        if not isinstance(argument.value, (list, tuple)):
            raise refused(
                found.task, argument, "env_from is not a list that is known from the file"
            )
        sources = item_sources(argument.value, argument.source)
        for item, source in zip(argument.value, sources, strict=True):
            found.env_from.append(as_data(found.to, item, source))
    for name in found.task.value("configmaps", []):
        found.env_from.append(found.to.literal({"configMapRef": {"name": name}}))


def _read_secrets(found: _Environment) -> None:
    argument = given(found.task, "secrets")
    if argument is None or argument.value in ([], ()):
        return
    if not isinstance(argument.value, (list, tuple)):
        raise refused(found.task, argument, "secrets is not a list that is known from the file")
    for item in argument.value:
        _read_secret(found, argument, item)


def _read_secret(found: _Environment, argument: Argument, item: Any) -> None:
    if not isinstance(item, Call) or not item.func.endswith(".Secret"):
        raise refused(found.task, argument, "secrets has an entry that is not a Secret(...)")
    fields = call_arguments(item, _SECRET)
    kind, target, secret, key = (fields.get(name) for name in _SECRET[:4])
    items = fields.get("items") or []
    if not is_known([kind, target, secret, key]) or not isinstance(secret, str):
        raise refused(found.task, argument, f"{item.code} is not known from the file")
    paths = [as_data(found.to, path, None) for path in items] if isinstance(items, list) else None
    if paths is None or (paths and kind != "volume"):
        raise refused(found.task, argument, f"the items of {item.code} are not known from the file")
    if target is None or (kind == "env" and key is None):
        found.env_from.append(found.to.literal({"secretRef": {"name": secret}}))
        return
    # Airflow puts the name of a variable into upper case: Secret.__init__.
    name = str(target).upper() if kind == "env" else str(target)
    found.secrets.append(_secret(found.to, str(kind), name, secret, key, paths))


def _secret(
    to: Lowering,
    kind: str,
    target: str,
    secret: str,
    key: str | None,
    items: Sequence[Expr] = (),
) -> Expr:
    fields = {"deploy_type": kind, "deploy_target": target, "secret": secret, "key": key}
    said = {name: value for name, value in fields.items() if value is not None}
    if not items:
        return to.literal(said)
    literals = {name: to.literal(value) for name, value in said.items()}
    return dict_of({**literals, "items": list_of(items)})
