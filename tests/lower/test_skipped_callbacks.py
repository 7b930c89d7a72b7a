"""`on_skipped_callback`: on steps of the steps module, and of the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lower.emitted_body import HEAD, WITH, model_of
from transpiler.emit.project import emit_pipeline

MORE = """\
from functools import partial


def tell(context, word="skipped"):
    print(word, context["ti"].task_id)


def ask(context):
    print(context["ti"].unixname)


"""


def emitted(folder: Path, arguments: str) -> tuple[str, str, list[str]]:
    """The pipeline, the steps module, and the codes of findings about the callback."""
    tasks = f'    BashOperator(task_id="a", bash_command="exit 99", {arguments})\n'
    model = model_of(folder, HEAD + MORE + WITH + tasks)
    files = emit_pipeline(model)
    name = model.identifier
    codes = [one.code for one in model.findings if "callback" in one.message]
    return files[f"pipelines/{name}.py"], files.get(f"steps/{name}.py", ""), codes


def test_one_function_is_called_itself(tmp_path: Path) -> None:
    pipeline, steps, codes = emitted(tmp_path, "on_skipped_callback=tell")
    assert 'dag.task(run_bash, "exit 99", id="a", on_skipped=tell)' in pipeline
    assert "def tell(context, word=" in steps
    assert codes == ["D2Z309"]


def test_several_are_called_by_a_function(tmp_path: Path) -> None:
    given = "on_skipped_callback=[tell, partial(tell, word='again')]"
    pipeline, steps, codes = emitted(tmp_path, given)
    assert "on_skipped=on_skipped)" in pipeline
    assert "def on_skipped(context: AirflowContext) -> None:" in steps
    assert "    tell(context)\n    tell(context, word='again')" in steps.replace('"', "'")
    assert codes == ["D2Z309"]


@pytest.mark.parametrize("given", ["ask", "[ask]", "5"])
def test_what_cannot_be_called_is_reported(given: str, tmp_path: Path) -> None:
    pipeline, _, codes = emitted(tmp_path, f"on_skipped_callback={given}")
    assert "on_skipped" not in pipeline
    assert codes == ["D2Z310"]


def test_a_success_callback_is_not_that_of_a_skip(tmp_path: Path) -> None:
    _, _, codes = emitted(tmp_path, "on_success_callback=tell")
    assert sorted(codes) == ["D2Z309", "D2Z311"]
