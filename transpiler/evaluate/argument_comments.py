"""Comments between the arguments of a call."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst


def argument_comments(call: cst.CSTNode) -> tuple[str, ...]:
    """Comments beside and above the arguments, in order; those inside an argument's value belong to it."""
    if not isinstance(call, cst.Call):
        return ()
    spaces = [call.whitespace_before_args]
    for arg in call.args:
        if isinstance(arg.comma, cst.Comma):
            spaces += [arg.comma.whitespace_before, arg.comma.whitespace_after]
        spaces.append(arg.whitespace_after_arg)
    return tuple(comment for space in spaces for comment in _comments(space))


def _comments(space: cst.BaseParenthesizableWhitespace) -> Iterator[str]:
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return
    lines: list[cst.TrailingWhitespace | cst.EmptyLine] = [space.first_line, *space.empty_lines]
    for line in lines:
        if line.comment is not None:
            yield line.comment.value
