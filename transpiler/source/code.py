"""The source text of LibCST nodes, cheaper than LibCST's `code_for_node`."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

_NOTHING: AbstractContextManager[None] = nullcontext()


class QuietState(CodegenState):
    """Code generation without the places that LibCST's own metadata asks for."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(
            default_indent=module.default_indent, default_newline=module.default_newline
        )
        vars(self)["add_token"] = self.tokens.append  # all that LibCST's method does

    def record_syntactic_position(  # type: ignore[override]  # used in `with` alone
        self, node: cst.CSTNode, **_: Any
    ) -> AbstractContextManager[None]:
        """Nothing; LibCST makes a generator of it for every node."""
        return _NOTHING


def code_of(module: cst.Module, node: cst.CSTNode) -> str:
    """What `module.code_for_node(node)` gives."""
    state = QuietState(module)
    node._codegen(state)
    return "".join(state.tokens)
