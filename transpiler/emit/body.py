"""Statements of the pipeline function as source lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transpiler.emit.expressions import checked, id_list, identifier, in_parentheses, keywords
from transpiler.emit.names import RUN_PARAMETER, Names
from transpiler.emit.text import comment_lines
from transpiler.model.pipeline import (
    Assignment,
    Comment,
    ForLoop,
    GroupBlock,
    PipelineModel,
    Statement,
    StepCall,
)

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
    if isinstance(statement, GroupBlock):
        return f"{_group(statement, names)}\n{body_text(statement.body, names, depth + 1)}"
    return ""


def pipeline_body(model: PipelineModel, names: Names) -> str:
    """The body of the pipeline function; that of a dynamic pipeline stands in `with DagRun(run) as dag:`."""
    if names.dag is None:
        return body_text(model.body, names)
    arguments = ", ".join([RUN_PARAMETER, *keywords(model.dag_run)])
    head = f"with {names.own['DagRun']}({arguments}) as {names.dag}:"
    return f"{_INDENT}{head}\n{body_text(model.body, names, depth=2)}"


def _call(call: StepCall, names: Names) -> str:
    options = f".with_options({', '.join(keywords(call.options))})" if call.options else ""
    step = f"{names.steps[call.function]}{options}"
    arguments = [*(checked(arg) for arg in call.args), *keywords(call.kwargs)]
    arguments.append(f"id={checked(call.step_id)}")
    if call.after:
        arguments.append(f"after={id_list(call.after)}")
    assign = f"{identifier(call.assign, 'variable')} = " if call.assign else ""
    if names.dag is None:
        text = f"{assign}{step}({', '.join(arguments)})"
    else:
        arguments = [step, *arguments, *keywords(call.scheduling)]
        text = f"{assign}{names.dag}.{call.kind}({', '.join(arguments)})"
    trailing = " ".join(comment_lines(call.trailing_comment)) if call.trailing_comment else ""
    return f"{text}  {trailing}" if trailing else text


def _group(block: GroupBlock, names: Names) -> str:
    arguments = [checked(block.group_id), *keywords(block.kwargs), *keywords(block.scheduling)]
    target = f" as {identifier(block.target, 'variable')}" if block.target else ""
    return f"with {names.dag}.mapped_group({', '.join(arguments)}){target}:"
