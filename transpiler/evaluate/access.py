"""Names, attributes and items of values."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate import (
    class_hooks,
    files,
    methods,
    outside_names,
    patterns,
    pydantic_models,
    records,
    small_functions,
    stdlib,
)
from transpiler.evaluate.builders import (
    DagBuilder,
    Decorated,
    EdgeLabel,
    GroupBuilder,
    PartialOperator,
    TaskBuilder,
    XCom,
    XComList,
)
from transpiler.evaluate.classes import (
    CachedProperty,
    ClassMethod,
    Property,
    StaticMethod,
    outside_base,
)
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import (
    BoundMethod,
    Builtin,
    Instance,
    ModuleValue,
    OpenFile,
    Partial,
    SuperProxy,
    UserClass,
    UserFunction,
)
from transpiler.evaluate.setup_contexts import SetupScope
from transpiler.model.values import Call, Ref, Symbolic


class NamespaceDict:
    """`globals()` and `locals()`."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame


_MODULE_NAMES = frozenset({"__path__", "__package__", "__spec__", "__loader__", "__builtins__"})


def builtin(ip: Interpreter, node: cst.Name, frame: Frame) -> Any:
    """A builtin of Python by name. Raises NameError as Python does."""
    from transpiler.evaluate.builtins_table import BUILTINS

    if node.value in ("__file__", "__name__"):
        module = frame.module
        return str(module.file) if node.value == "__file__" else module.name
    if node.value == "__doc__":
        return frame.module.tree.get_docstring()
    if node.value in BUILTINS:
        return BUILTINS[node.value]
    outer = frame
    while outer.parent is not None:
        outer = outer.parent
    if outer.star_imports:
        from transpiler.evaluate import imports

        return imports.from_star(outer, node.value)
    if hasattr(builtins, node.value) or node.value in _MODULE_NAMES:
        return ip.symbolic(node, frame, "it is not evaluated")
    raise DagCodeError("NameError", f"name '{node.value}' is not defined", node)


def attribute(
    ip: Interpreter, value: Any, name: str, node: cst.BaseExpression, frame: Frame
) -> Any:
    """`value.name`."""
    if isinstance(value, Ref):
        return outside_names.attribute(ip, value, name)
    if isinstance(value, ModuleValue):
        return _module_attribute(ip, value, name, node, frame)
    if isinstance(value, Instance):
        return _instance_attribute(ip, value, name, node, frame)
    if isinstance(value, UserClass):
        return _class_attribute(ip, value, name, node, frame)
    if isinstance(value, SuperProxy):
        return _super_attribute(ip, value, name, node, frame)
    if isinstance(
        value,
        (
            DagBuilder,
            TaskBuilder,
            GroupBuilder,
            XCom,
            XComList,
            Decorated,
            PartialOperator,
            EdgeLabel,
        ),
    ):
        from transpiler.evaluate import airflow_objects

        return airflow_objects.attribute(ip, value, name, node, frame)
    if isinstance(value, (Symbolic, Call)):
        return ip.symbolic(node, frame, "it is an attribute of a value that is not known")
    if isinstance(value, (UserFunction, Builtin, Partial, BoundMethod)):
        if name in ("__name__", "__qualname__"):
            return getattr(value, "name", "")
        if isinstance(value, Builtin) and f"{value.name}.{name}" in stdlib.KNOWN:
            return stdlib.KNOWN[f"{value.name}.{name}"]
        return ip.symbolic(node, frame, "attributes of functions are not evaluated")
    if isinstance(value, SetupScope):
        from transpiler.evaluate import setups

        return setups.scope_method(ip, name) or ip.symbolic(node, frame, "it is not evaluated")
    if isinstance(value, patterns.Match):
        found = patterns.match_attribute(value, name)
        return found or ip.symbolic(node, frame, "it is not evaluated")
    if isinstance(value, small_functions.Digest):
        found = small_functions.digest_attribute(value, name)
        return found or ip.symbolic(node, frame, "it is not evaluated")
    if isinstance(value, OpenFile):
        return files.method(ip, value, name, node, frame)
    if isinstance(value, NamespaceDict):
        return _namespace_method(ip, value, name)
    if isinstance(value, Property) and name == "setter":
        return Builtin("setter", lambda function: Property(value.function, function))
    return methods.attribute(ip, value, name, node, frame)


def _module_attribute(
    ip: Interpreter, module: ModuleValue, name: str, node: cst.CSTNode, frame: Frame
) -> Any:
    from transpiler.evaluate import imports

    if name in module.frame.names:
        return module.frame.names[name]
    if (own := imports.own_name(module, name)) is not None:
        return own
    submodule = imports.submodule(ip, module, name)
    if submodule is not None:
        return submodule
    if "__getattr__" in module.frame.names:
        return imports.by_getattr(module, name, CallSite(ip, node, frame))
    raise DagCodeError("AttributeError", f"module '{module.name}' has no attribute '{name}'", node)


def _instance_attribute(
    ip: Interpreter, instance: Instance, name: str, node: cst.CSTNode, frame: Frame
) -> Any:
    if name in instance.attributes:
        return instance.attributes[name]
    if (record := records.member(instance, name)) is not None:
        return record
    if name == "__class__":
        return instance.cls
    if name == "__dict__":
        return dict(instance.attributes)
    try:
        member = instance.cls.lookup(name)
    except KeyError:
        found = pydantic_models.member(instance, name)
        found = found or _by_own_lookup(ip, instance, name, node, frame)
        if found is not None:
            return found
        if all(isinstance(item, UserClass) for item in instance.cls.mro()):
            text = f"'{instance.cls.name}' object has no attribute '{name}'"
            raise DagCodeError("AttributeError", text, node) from None
        return ip.symbolic(node, frame, "the attribute comes from a class outside the project")
    found = bind_member(ip, member, instance, instance.cls, node, frame)
    if isinstance(member, CachedProperty):
        ip.mutate(instance.attributes)
        instance.attributes[name] = found
    return found


def _by_own_lookup(
    ip: Interpreter, instance: Instance, name: str, node: cst.CSTNode, frame: Frame
) -> Any:
    """What `__getattr__` of the class gives; None where it has none."""
    from transpiler.evaluate.invoke import call_function

    try:
        member = instance.cls.lookup("__getattr__")
    except KeyError:
        return None
    if not isinstance(member, UserFunction) or (name.startswith("__") and name.endswith("__")):
        return None
    return call_function(ip, member, (instance, name), {}, node, frame)


def bind_member(
    ip: Interpreter, member: Any, receiver: Any, cls: UserClass, node: cst.CSTNode, frame: Frame
) -> Any:
    """A class member as seen from an object: methods bound, properties evaluated."""
    from transpiler.evaluate.invoke import call_function

    if isinstance(member, UserFunction):
        return BoundMethod(member, receiver)
    if isinstance(member, StaticMethod):
        return member.function
    if isinstance(member, ClassMethod):
        return BoundMethod(member.function, cls)
    if isinstance(member, Property):
        return call_function(ip, member.function, (receiver,), {}, node, frame)
    return member


def _class_attribute(
    ip: Interpreter, cls: UserClass, name: str, node: cst.CSTNode, frame: Frame
) -> Any:
    from transpiler.evaluate import subclasses

    if name == "__name__":
        return cls.name
    if name == "__init__" and outside_base(cls) is not None:
        return subclasses.written_out_init(cls)
    if name == "__members__" and cls.is_enum:
        return {k: v for k, v in cls.namespace.items() if isinstance(v, Instance)}
    try:
        member = cls.lookup(name)
    except KeyError:
        if (made := pydantic_models.member(cls, name)) is not None:
            return made
        if name == "partial":
            return Builtin(
                "partial",
                lambda site, *a, **k: PartialOperator(
                    cls, {key: site.argument(key, v) for key, v in k.items()}
                ),
                True,
            )
        if all(isinstance(item, UserClass) for item in cls.mro()):
            text = f"type object '{cls.name}' has no attribute '{name}'"
            raise DagCodeError("AttributeError", text, node) from None
        return ip.symbolic(node, frame, "the attribute comes from a class outside the project")
    if isinstance(member, ClassMethod):
        return BoundMethod(member.function, cls)
    return member.function if isinstance(member, StaticMethod) else member


def _super_attribute(
    ip: Interpreter, proxy: SuperProxy, name: str, node: cst.CSTNode, frame: Frame
) -> Any:
    cls = proxy.receiver if isinstance(proxy.receiver, UserClass) else proxy.receiver.cls
    order = cls.mro()
    for item in order[order.index(proxy.after) + 1 :]:
        if isinstance(item, UserClass):
            if name in item.namespace and isinstance(proxy.receiver, TaskBuilder):
                from transpiler.evaluate import subclasses

                if name == "__init__" and isinstance(item.namespace[name], UserFunction):
                    return subclasses.project_init(proxy.receiver, item, item.namespace[name])
            if name in item.namespace:
                return bind_member(ip, item.namespace[name], proxy.receiver, item, node, frame)
        elif isinstance(item, Ref):
            from transpiler.evaluate import airflow_objects

            return airflow_objects.base_member(proxy.receiver, item, name)
    if name in ("__init__", "__init_subclass__", "__post_init__"):
        return class_hooks.no_hook(name)
    raise DagCodeError("AttributeError", f"'super' object has no attribute '{name}'", node)


def _namespace_method(ip: Interpreter, namespace: NamespaceDict, name: str) -> Any:
    names, bind = namespace.frame.names, namespace.frame.bind

    def update(other: Any = None, **more: Any) -> None:
        for key, value in {**(other or {}), **more}.items():
            bind(key, value)

    table: dict[str, Callable[..., Any]] = {
        "get": lambda key, default=None: names.get(key, default),
        "update": update,
        "keys": lambda: list(names),
        "items": lambda: list(names.items()),
        "setdefault": lambda key, value=None: names.setdefault(key, value),
        "__setitem__": bind,
    }
    return Builtin(name, table[name]) if name in table else Symbolic(name, "not evaluated")
