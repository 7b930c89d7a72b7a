"""Texts that helpers build of known and unknown parts, as the emitted module computes them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.lower.emitted_body import HEAD, WITH, body_of, module_of

TOP = """\
import os
import pathlib
from airflow.models import Variable
STAGE = os.environ["STAGE"]
BUCKET = Variable.get("bucket")
ROOT = pathlib.Path(os.getenv("ROOT", "/srv"))
"""
HELPER = """\
def command(name, home=None, target="prod"):
    home = home or os.environ.get("HOME_DIR", "/o")
    where = os.path.join(home, "x")
    return {text}
"""
TASK = 'BashOperator(task_id="t", bash_command=command("a"))'
TEXTS = {
    "a call": 'f"run {name} --dir {os.path.join(STAGE, name)}"',
    "a name of the function": 'f"run {name} in {where} at {STAGE}"',
    "adjacent texts": 'f"run {name} " "--at " f"{STAGE}"',
    "text of text": "f\"echo {f'{name}-{STAGE}'} {target!r:>9}\"",
    "quotes and braces": "f'say \"{name}\" {{x}} {STAGE} \\\\ \\'q\\'\\t.'",
    "lines": "f'''cd {STAGE}\necho \"{name}\"\necho {{{{ ds }}}}\\\\n'''",
    "lines with a quote at the end": "f'''cd {STAGE}\necho \"{name}\"'''",
    "lines with three quotes": "f'''cd {STAGE}\necho \\\"\\\"\\\"'''",
    "a raw text": "fr'a\\d {STAGE} {name}'",
    "a path": 'f"ls {ROOT / name}"',
}


def computed(module: str) -> Any:
    """What the emitted module gives to its one step."""
    tree = ast.parse(module)
    names: dict[str, Any] = {}
    for node in tree.body:
        constant = isinstance(node, ast.Assign) and "SCHEDULE" not in ast.unparse(node.targets[0])
        if constant or isinstance(node, ast.Import):
            exec(compile(ast.Module([node], []), "emitted", "exec"), names)
    (call,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "run_bash"
    ]
    return eval(compile(ast.Expression(call.args[0]), "emitted", "eval"), names)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_emitted_text_is_that_of_the_file(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAGE", "live")
    monkeypatch.setenv("HOME_DIR", "/elsewhere")
    before = TOP + HELPER.format(text=text)
    emitted = module_of(tmp_path, f"{HEAD}{before}{WITH}    {TASK}\n")
    assert "not_translated" not in emitted
    own: dict[str, Any] = {}
    plain = before.replace("from airflow.models import Variable\n", "").replace(
        'Variable.get("bucket")', "None"
    )
    exec(plain, own)
    assert computed(emitted) == own["command"]("a")


def test_a_value_of_a_loop_that_has_gone_on(tmp_path: Path) -> None:
    helper = """\
def many(names):
    return [
        BashOperator(task_id=name, bash_command=f"load {name} {STAGE}") for name in names
    ]
"""
    body = body_of(tmp_path, 'many(["a", "b"])', TOP + helper)
    assert 'f"load a {STAGE}"' in body and 'f"load b {STAGE}"' in body


def test_variables_are_templates_that_the_step_renders(tmp_path: Path) -> None:
    helper = HELPER.format(text='f"ls s3://{BUCKET}/{STAGE}/{name}"')
    body = body_of(tmp_path, TASK, TOP + helper)
    assert body == 'run_bash(f"ls s3://{{{{ var.value.bucket }}}}/{STAGE}/a", id="t")'


def test_texts_inside_of_containers(tmp_path: Path) -> None:
    helper = HELPER.format(text='{"NAME": name, "DIR": f"{STAGE}/{name}", "N": [1, (where,)]}')
    task = 'BashOperator(task_id="t", bash_command="x", env=command("a"))'
    body = body_of(tmp_path, task, TOP + helper)
    assert '"NAME": "a"' in body and '"DIR": f"{STAGE}/a"' in body
    assert 'os.path.join(os.environ.get("HOME_DIR", "/o"), "x")' in body


REFUSED = {
    "a function of the project": ("def f(x):\n    return x\n", 'f"a {f(STAGE).real} {STAGE}"'),
    "a format": ("", 'f"a {STAGE:>9} {name}"'),
    "a function of another package": ("import team\n", 'f"a {team.stage(name)}"'),
    "a name that was bound twice": ("", 'f"a {home + name}"'),
}


@pytest.mark.parametrize(("before", "text"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_code_of_its_own(tmp_path: Path, before: str, text: str) -> None:
    body = body_of(tmp_path, TASK, TOP + before + HELPER.format(text=text))
    assert "not_translated" in body and "D2Z216" in body
