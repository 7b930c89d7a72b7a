"""`steps/<identifier>.py`: the callables of the DAG as ZenML steps, and what they need."""

from __future__ import annotations

from transpiler.emit.expressions import parsed
from transpiler.emit.imports import import_block, used_imports
from transpiler.emit.scan import loaded_names
from transpiler.emit.style import fill, formatted
from transpiler.emit.text import docstring, visible
from transpiler.model.pipeline import PipelineModel, StepsModule

_BLOCKS = ("def ", "async def ", "class ", "@")


def steps_module(model: PipelineModel, steps: StepsModule) -> str:
    """The module's text. Raises EmitError where a definition is not Python."""
    definitions = "\n\n\n".join(
        text.replace("\r\n", "\n").strip("\n") for text in steps.definitions
    )
    used = loaded_names(parsed(definitions, "the steps module"))
    return formatted(
        fill(
            "steps.py.j2",
            source_path=visible(model.source_path),
            docstring=docstring(f"Steps of {model.dag_id}."),
            imports=import_block(used_imports(steps.imports, used)),
            # Two blank lines, as Black wants them: what it changes, it goes over twice.
            definitions=f"\n{definitions}" if definitions.startswith(_BLOCKS) else definitions,
        )
    )
