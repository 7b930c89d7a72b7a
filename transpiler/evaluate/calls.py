"""Call expressions: their arguments, and the parameters of functions."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import dict_sources
from transpiler.evaluate.builders import Decorated, PartialOperator
from transpiler.evaluate.comprehensions import iterate
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import BoundMethod, Builtin, UserClass, UserFunction


def call_node(ip: Interpreter, node: cst.Call, frame: Frame) -> Any:
    """The value of a call expression."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.invoke import call_value

    function = evaluate(ip, node.func, frame)
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    arg_nodes: list[cst.BaseExpression] = []
    kwarg_nodes: dict[str, cst.BaseExpression] = {}
    arg_frames: dict[str, Frame] = {}
    for arg in node.args:
        value = evaluate(ip, arg.value, frame)
        if arg.star == "*":
            items = iterate(ip, value, arg, frame)
            if items is None:
                if _may_build(function):
                    text = f"*{ip.code(arg.value, frame)} is known only when the file runs"
                    ip.report("D2Z110", arg, frame, text)
                return ip.symbolic(node, frame, "it unpacks arguments that are not known")
            args.extend(items)
            arg_nodes.extend([arg.value] * len(items))
        elif arg.star == "**":
            if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
                ip.report("D2Z216", node, frame, f"**{ip.code(arg.value, frame)} is not known here")
                continue
            kwargs.update(value)
            for key in value:
                kwarg_nodes.pop(key, None)
            for key, (place, home) in dict_sources.entries(ip, arg.value, frame, value).items():
                kwarg_nodes[key], arg_frames[key] = place, home
        elif arg.keyword is not None:
            if arg.keyword.value in kwargs:
                text = f"got multiple values for keyword argument '{arg.keyword.value}'"
                raise DagCodeError("TypeError", text, node)
            kwargs[arg.keyword.value] = value
            kwarg_nodes[arg.keyword.value] = arg.value
        else:
            args.append(value)
            arg_nodes.append(arg.value)
    site = CallSite(ip, node, frame, tuple(arg_nodes), kwarg_nodes, arg_frames)
    return call_value(ip, function, tuple(args), kwargs, site)


def _may_build(function: Any) -> bool:
    """Whether a call that cannot be read could have made tasks or edges."""
    if isinstance(function, Builtin):
        return function.name in _EDGES
    return isinstance(function, (UserFunction, UserClass, BoundMethod, Decorated, PartialOperator))


_EDGES = frozenset({"chain", "chain_linear", "cross_downstream", "set_upstream", "set_downstream"})


def parameter_defaults(ip: Interpreter, params: cst.Parameters, frame: Frame) -> dict[str, Any]:
    """Values of the parameters' defaults, evaluated where the function is defined."""
    from transpiler.evaluate.expressions import evaluate

    return {
        param.name.value: evaluate(ip, param.default, frame)
        for param in (*params.posonly_params, *params.params, *params.kwonly_params)
        if param.default is not None
    }


def bind_parameters(
    name: str,
    params: cst.Parameters,
    defaults: dict[str, Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> dict[str, Any]:
    """Parameter names and values of a call. Raises TypeError as Python does."""
    positional = [p.name.value for p in (*params.posonly_params, *params.params)]
    keyword_only = [p.name.value for p in params.kwonly_params]
    bound: dict[str, Any] = dict(zip(positional, args, strict=False))
    rest = dict(kwargs)
    if len(args) > len(positional) and not isinstance(params.star_arg, cst.Param):
        text = f"{name}() takes {len(positional)} positional arguments but {len(args)} were given"
        raise DagCodeError("TypeError", text)
    if isinstance(params.star_arg, cst.Param):
        bound[params.star_arg.name.value] = args[len(positional) :]
    for key in [*positional, *keyword_only]:
        if key in rest:
            if key in bound:
                raise DagCodeError(
                    "TypeError", f"{name}() got multiple values for argument '{key}'"
                )
            bound[key] = rest.pop(key)
        elif key not in bound:
            if key not in defaults:
                raise DagCodeError("TypeError", f"{name}() missing required argument: '{key}'")
            bound[key] = defaults[key]
    if params.star_kwarg is not None:
        bound[params.star_kwarg.name.value] = rest
    elif rest:
        raise DagCodeError(
            "TypeError", f"{name}() got an unexpected keyword argument '{next(iter(rest))}'"
        )
    return bound
