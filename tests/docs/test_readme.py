"""The fragments that the README shows are those of the fixture and of what is made of it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

from transpiler.cli import app

REPOSITORY = Path(__file__).parents[2]
FIXTURE = REPOSITORY / "fixtures_dags" / "tran-ds-ltv-acquisition-be-inference.py"
MODULE = Path("pipelines/tran_ds_ltv_acquisition_be_inference.py")


@pytest.fixture(scope="module")
def fragments() -> tuple[str, str]:
    """The code before and after."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    before, after = re.findall(r"^```python\n(.*?)^```$", readme, re.M | re.S)
    return str(before), str(after)


def without_comments(text: str) -> str:
    lines = (re.sub(r"\s+#.*", "", line) for line in text.splitlines())
    return "\n".join(line for line in lines if line.strip() and not line.startswith("#"))


def within(module: str) -> str:
    """The body of a `with` block or a function, as the README shows it."""
    return without_comments(textwrap.dedent(re.sub(r"^(?! {4}).*\n", "", module, flags=re.M)))


def test_the_code_before(fragments: tuple[str, str]) -> None:
    body = within(FIXTURE.read_text(encoding="utf-8"))

    for part in fragments[0].split("...\n"):
        assert without_comments(part) in body


def test_the_code_after(fragments: tuple[str, str], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["transpile", str(FIXTURE), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output

    body = within((tmp_path / "out" / MODULE).read_text(encoding="utf-8"))

    assert without_comments(fragments[1]) in body
