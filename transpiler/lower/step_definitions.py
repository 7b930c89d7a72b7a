"""The text of steps: user functions as steps, and small steps that call a function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst

from transpiler.lower.durations import seconds_text
from transpiler.model.pipeline import Import

STEP = Import("zenml", "step")
ANY = Import("typing", "Any")
CALL_PYTHON = Import("runtime.callables", "call_python")
POLL_PYTHON = Import("runtime.polling", "poll_python")
POLLING = Import("runtime.polling", "Polling")
TIMEOUT = Import("runtime.timeouts", "timeout")
VERBATIM = Import("runtime.callables", "verbatim")
CALL_BASH = Import("runtime.bash", "call_bash")
RUN_OPERATOR = Import("runtime.operators", "run_operator")
CALL_IN_ENVIRONMENT = Import("runtime.environments", "call_in_environment")
RESERVED_NAMES: Mapping[str, Import] = {
    str(one.name): one
    for one in (
        STEP,
        ANY,
        CALL_BASH,
        CALL_IN_ENVIRONMENT,
        CALL_PYTHON,
        POLL_PYTHON,
        POLLING,
        RUN_OPERATOR,
        TIMEOUT,
        VERBATIM,
    )
}


def step_decorator(multiple_outputs: bool) -> str:
    """ZenML's decorator; `extra` tells the runtime that each key of the result is an XCom."""
    return 'step(extra={"multiple_outputs": True})' if multiple_outputs else "step"


@dataclass(frozen=True, slots=True)
class StepEdit:
    """How a function must change to be a step: annotations that do not hold, and a time limit in
    seconds.
    """

    drop: frozenset[str] = frozenset()
    returns: str | None = None
    """`drop`, `Any`, or None where the return annotation stays."""
    timeout: float | None = None
    multiple_outputs: bool = False

    def covers(self, other: StepEdit) -> bool:
        """Whether a step with this change also serves where the other was asked for."""
        dropped = other.drop <= self.drop and self.timeout == other.timeout
        alike = self.multiple_outputs == other.multiple_outputs
        return dropped and alike and self.returns in (other.returns, "Any")

    def without_annotations(self, node: cst.FunctionDef) -> cst.FunctionDef:
        """The function without the annotations that do not hold, before its names are looked up."""
        params = node.params.visit(_DropParameterAnnotations(self.drop))
        returns = node.returns if self.returns is None else None
        return node.with_changes(params=params, returns=returns)

    def decorated(self, node: cst.FunctionDef) -> cst.FunctionDef:
        """The function as a step, when its own names have been settled."""
        decorators = [step_decorator(self.multiple_outputs)]
        if self.timeout is not None:
            decorators.append(f"timeout(seconds={seconds_text(self.timeout)})")
        returns = cst.Annotation(cst.Name("Any")) if self.returns == "Any" else node.returns
        return node.with_changes(
            decorators=[cst.Decorator(cst.parse_expression(text)) for text in decorators],
            returns=returns,
        )


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A step that calls a function by `call_python`; values are expressions of `parameters`."""

    function: str
    parameters: tuple[str, ...]
    op_args: tuple[str, ...] = ()
    op_kwargs: tuple[tuple[str, str], ...] = ()
    templates_dict: str | None = None
    params: str | None = None
    timeout: float | None = None
    call: str = "call_python"
    options: tuple[tuple[str, str], ...] = ()
    """What the step calls the function by, and further keyword arguments of that."""
    multiple_outputs: bool = False
    whole_args: str | None = None
    """What `op_args` is where the task is mapped over it as a whole."""
    whole_kwargs: str | None = None

    def text(self, name: str) -> str:
        """The definition, as a step of this name."""
        lines = [f"@{step_decorator(self.multiple_outputs)}"]
        if self.timeout is not None:
            lines.append(f"@timeout(seconds={seconds_text(self.timeout)})")
        lines.append(f"def {name}({', '.join(f'{p}: Any' for p in self.parameters)}) -> Any:")
        lines.append(f"    return {self.call}({', '.join(self._arguments())})")
        return "\n".join(lines)

    def _arguments(self) -> list[str]:
        if self.call == RUN_OPERATOR.name:
            return [self.function, *self._of_operator()]
        arguments = [self.function]
        if self.whole_args is not None:
            arguments.append(f"op_args={self.whole_args}")
        elif self.op_args:
            arguments.append(f"op_args=[{', '.join(self.op_args)}]")
        if self.whole_kwargs is not None and not self.op_kwargs:
            arguments.append(f"op_kwargs={self.whole_kwargs}")
        elif self.op_kwargs:
            pairs = [f"{key!r}: {value}" for key, value in self.op_kwargs]
            whole = [f"**{self.whole_kwargs}"] if self.whole_kwargs is not None else []
            arguments.append(f"op_kwargs={{{', '.join([*whole, *pairs])}}}")
        if self.templates_dict is not None:
            arguments.append(f"templates_dict={self.templates_dict}")
        if self.params is not None:
            arguments.append(f"params={self.params}")
        return [*arguments, *(f"{name}={value}" for name, value in self.options)]

    def _of_operator(self) -> list[str]:
        whole = [f"**{self.whole_kwargs}"] if self.whole_kwargs is not None else []
        return [*whole, *(f"{name}={value}" for name, value in self.op_kwargs)]


class _DropParameterAnnotations(cst.CSTTransformer):
    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False

    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:
        if original_node.name.value not in self.names:
            return updated_node
        return updated_node.with_changes(annotation=None)
