"""Which annotations of a callable ZenML can be held to.

Airflow ignores annotations; ZenML 0.98 checks them, seen by running: a returned value of another
type fails the step, as does `-> None` with a value, `-> dict` with None and `-> float` with an int;
a tuple annotation makes several outputs; an argument is converted to its parameter's type (`"5"` to
5 for `int`) or fails the step, and so does a default of another type. So an annotation stays on a
step only where it can be seen to hold.
"""

from __future__ import annotations

import ast
from typing import Any

# Nobody annotates these by habit, and a mismatch fails loudly.
TRUSTED = frozenset(
    {
        "pd.DataFrame",
        "pandas.DataFrame",
        "pd.Series",
        "pandas.Series",
        "np.ndarray",
        "numpy.ndarray",
    }
)
ANYTHING = frozenset({"Any", "typing.Any"})
_TEXT_METHODS = frozenset({"join", "format", "strip", "lower", "upper", "replace", "title"})
_SCALARS = {"str": str, "int": int, "float": float, "bool": bool, "None": type(None)}
_CONTAINERS = {"list": list, "List": list, "dict": dict, "Dict": dict}
_CALLS = {
    "str": "str",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "len": "int",
    "list": "list",
    "dict": "dict",
    "sorted": "list",
    "set": "set",
    "tuple": "tuple",
    "json.dumps": "str",
}


def fits(annotation: str, value: Any) -> bool:
    """Whether a plain value has exactly the annotated type, so that ZenML does not change it."""
    try:
        return _fits(ast.parse(annotation.strip(), mode="eval").body, value)
    except SyntaxError:
        return False


def _fits(node: ast.expr, value: Any) -> bool:
    name = ast.unparse(node)
    if name in ANYTHING:
        return True
    if name in _SCALARS:
        return type(value) is _SCALARS[name]
    if name in _CONTAINERS:
        return type(value) is _CONTAINERS[name]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _fits(node.left, value) or _fits(node.right, value)
    if isinstance(node, ast.Subscript):
        return _fits_generic(node, value)
    return False


def _fits_generic(node: ast.Subscript, value: Any) -> bool:
    outer = ast.unparse(node.value).removeprefix("typing.")
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if outer == "Optional":
        return value is None or _fits(inner[0], value)
    if outer == "Union":
        return any(_fits(one, value) for one in inner)
    if outer in ("list", "List"):
        return type(value) is list and all(_fits(inner[0], item) for item in value)
    if outer in ("dict", "Dict") and len(inner) == 2:
        return type(value) is dict and all(
            _fits(inner[0], key) and _fits(inner[1], item) for key, item in value.items()
        )
    return False


def outer_type(annotation: str) -> str:
    """The class that an annotation names, without its type arguments: `list` for `List[int]`."""
    return annotation.partition("[")[0].strip().removeprefix("typing.").lower()


class Returns:
    """What the return statements of a function show about its result."""

    def __init__(self, code: str) -> None:
        """`code` is the text of one function definition. Raises SyntaxError."""
        (function,) = ast.parse(code).body
        assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        self._function = function
        self._nodes = list(_own_nodes(function))
        self._values = [
            n.value for n in self._nodes if isinstance(n, ast.Return) and not _is_none(n.value)
        ]

    @property
    def is_generator(self) -> bool:
        """Whether the function yields."""
        return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in self._nodes)

    @property
    def only_none(self) -> bool:
        """Whether no return statement gives a value; ZenML then makes no output."""
        return not self._values

    @property
    def type_name(self) -> str | None:
        """The one built-in type that every way through the function returns; None where that is not
        plain to see.
        """
        if not self.always_value:
            return None
        types = {self._type(value) for value in self._values}
        return types.pop() if len(types) == 1 else None

    @property
    def always_value(self) -> bool:
        """Whether every way through the function returns a value or raises."""
        returns = [node for node in self._nodes if isinstance(node, ast.Return)]
        return len(returns) == len(self._values) > 0 and _ends(self._function.body)

    @property
    def literals(self) -> list[Any] | None:
        """The returned values, where every way through the function returns a literal."""
        if not self.always_value:
            return None
        try:
            return [ast.literal_eval(value) for value in self._values if value is not None]
        except (ValueError, TypeError, MemoryError, RecursionError):
            return None

    def _type(self, node: ast.expr | None, seen: frozenset[str] = frozenset()) -> str | None:
        if isinstance(node, ast.Constant):
            return type(node.value).__name__
        if isinstance(node, (ast.Dict, ast.DictComp)):
            return "dict"
        if isinstance(node, (ast.List, ast.ListComp)):
            return "list"
        if isinstance(node, ast.JoinedStr):
            return "str"
        if isinstance(node, ast.Tuple):
            return "tuple"
        if isinstance(node, ast.IfExp):
            types = {self._type(node.body, seen), self._type(node.orelse, seen)}
            return types.pop() if len(types) == 1 else None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = self._type(node.func.value, seen)
            if owner == "str" and node.func.attr in _TEXT_METHODS:
                return "str"
        if isinstance(node, ast.Call):
            return _CALLS.get(ast.unparse(node.func))
        if isinstance(node, ast.Name) and node.id not in seen:
            return self._type_of_local(node.id, seen | {node.id})
        return None

    def _type_of_local(self, name: str, seen: frozenset[str]) -> str | None:
        """The type of a local that is only ever assigned by plain `name = value`."""
        stores = [
            n
            for n in self._nodes
            if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)
        ]
        plain = [
            n.value
            for n in self._nodes
            if isinstance(n, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == name for t in n.targets)
        ]
        if not plain or len(plain) != len(stores):
            return None
        types = {self._type(value, seen) for value in plain}
        return types.pop() if len(types) == 1 else None


def return_annotation_holds(annotation: str, returns: Returns) -> bool:
    """Whether a function can keep its return annotation as a step."""
    if annotation in ANYTHING:
        return True
    if annotation == "None":
        return returns.only_none
    if annotation in TRUSTED:
        return returns.always_value
    return returns.type_name == outer_type(annotation) != "tuple"


def _own_nodes(function: ast.AST) -> list[ast.AST]:
    """The nodes of a function without those of functions and classes inside it."""
    found: list[ast.AST] = []
    todo = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo += ast.iter_child_nodes(node)
    return found


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _ends(body: list[ast.stmt]) -> bool:
    """Whether a block always returns or raises."""
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise)):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and _ends(last.body) and _ends(last.orelse)
    if isinstance(last, (ast.With, ast.AsyncWith)):
        return _ends(last.body)
    if isinstance(last, ast.Try):
        whole = [*last.body, *last.orelse]
        return _ends(whole) and all(_ends(handler.body) for handler in last.handlers)
    return False
