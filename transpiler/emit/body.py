"""Statements of the pipeline function as source lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transpiler.emit.expressions import checked, id_list, identifier, in_parentheses, keywords
from transpiler.emit.names import Names
from transpiler.emit.text import comment_lines
from transpiler.model.pipeline import Assignment, Comment, ForLoop, Statement, StepCall

_INDENT = "    "


def body_text(body: Iterable[Statement], names: Names, depth: int = 1) -> str:
    """The statements as an indented block; `pass` where nothing would run.

    Only the first line of a statement is indented: a further line may lie inside a string.
    """
    blocks = list(_blocks(list(body), names, depth))
    if all(line.lstrip().startswith("#") for block in blocks for line in block.split("\n")):
        blocks.append(_INDENT * depth + "pass")
    return "\n".join(blocks)


def _blocks(body: list[Statement], names: Names, depth: int) -> Iterator[str]:
    indent = _INDENT * depth
    for position, statement in enumerate(body):
        lines = _comments(statement)
        code = _code(statement, names, depth)
        if lines and position and not isinstance(body[position - 1], Comment):
            yield ""
        yield "\n".join([*(indent + line for line in lines), *([indent + code] if code else [])])


def _comments(statement: Statement) -> list[str]:
    texts = (statement.text,) if isinstance(statement, Comment) else statement.comments
    return [line for text in texts for line in comment_lines(text)]


def _code(statement: Statement, names: Names, depth: int) -> str:
    if isinstance(statement, StepCall):
        return _call(statement, names)
    if isinstance(statement, Assignment):
        return f"{identifier(statement.name, 'variable')} = {in_parentheses(statement.value)}"
    if isinstance(statement, ForLoop):
        head = f"for {statement.target} in {in_parentheses(statement.iterable)}:"
        return f"{head}\n{body_text(statement.body, names, depth + 1)}"
    return ""


def _call(call: StepCall, names: Names) -> str:
    arguments = [*(checked(arg) for arg in call.args), *keywords(call.kwargs)]
    arguments.append(f"id={checked(call.step_id)}")
    if call.after:
        arguments.append(f"after={id_list(call.after)}")
    options = f".with_options({', '.join(keywords(call.options))})" if call.options else ""
    assign = f"{identifier(call.assign, 'variable')} = " if call.assign else ""
    trailing = " ".join(comment_lines(call.trailing_comment)) if call.trailing_comment else ""
    text = f"{assign}{names.steps[call.function]}{options}({', '.join(arguments)})"
    return f"{text}  {trailing}" if trailing else text
