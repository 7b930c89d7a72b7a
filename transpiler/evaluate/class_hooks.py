"""What Python does once the body of a class statement has run: `__init_subclass__` of its bases, its
decorators, and its metaclass, which is not evaluated.
"""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import (
    BoundMethod,
    Builtin,
    Instance,
    Partial,
    UserClass,
    UserFunction,
)

_CALLED = (UserFunction, BoundMethod, Partial, Instance)
"""Decorators of the project; those from outside leave what the evaluator knows of a class alone."""


def tell_bases(ip: Interpreter, cls: UserClass, frame: Frame) -> None:
    """Call the nearest `__init_subclass__` with the new class and the keywords of its statement."""
    from transpiler.evaluate.classes import underlying
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.invoke import call_function

    given = {
        word.keyword.value: evaluate(ip, word.value, frame)
        for word in cls.node.keywords
        if word.keyword is not None
    }
    metaclass = given.pop("metaclass", None)
    if isinstance(metaclass, UserClass):
        text = f"the metaclass {metaclass.name} of the class {cls.name} is not evaluated"
        ip.report("D2Z116", cls.node, frame, text)
    for item in cls.mro()[1:]:
        hook = item.namespace.get("__init_subclass__") if isinstance(item, UserClass) else None
        if hook is not None:
            function = underlying(hook)
            call_function(ip, function, (cls,), given, cls.node, frame, item, cls)
            return


def decorated(
    ip: Interpreter, cls: UserClass, decorators: list[tuple[Any, cst.Decorator]], frame: Frame
) -> Any:
    """The class as its decorators leave it, the nearest one first."""
    from transpiler.evaluate.invoke import call_value

    result: Any = cls
    for decorator, node in reversed(decorators):
        if isinstance(decorator, _CALLED):
            site = CallSite(ip, node.decorator, frame)
            result = call_value(ip, decorator, (result,), {}, site)
    return result


def no_hook(name: str) -> Builtin:
    """What `object` itself has of a hook that classes call by `super()`: nothing happens."""
    return Builtin(f"object.{name}", lambda *args, **kwargs: None)
