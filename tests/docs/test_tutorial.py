"""What the tutorial shows is what the commands print and write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from transpiler.cli import app

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "tutorial.md"
FIXTURE = REPOSITORY / "fixtures_dags" / "tran-ds-ltv-acquisition-be-inference.py"
IDENTIFIER = "tran_ds_ltv_acquisition_be_inference"
CUT = "..."


@dataclass(frozen=True)
class Transpiled:
    """The report that was printed, and the folder that was written."""

    report: str
    folder: Path

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def transpiled(tmp_path_factory: pytest.TempPathFactory) -> Transpiled:
    folder = tmp_path_factory.mktemp("tutorial") / "ltv"
    result = CliRunner().invoke(app, ["transpile", str(FIXTURE), "--out", str(folder)])
    assert result.exit_code == 0, result.output
    return Transpiled(result.stdout, folder)


def block(section: str, language: str, start: str = "") -> str:
    """The first block of a language in a section that begins with `start`."""
    page = PAGE.read_text(encoding="utf-8")
    text = page.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    found = re.findall(rf"^```{language}\n({re.escape(start)}.*?)^```$", text, re.M | re.S)
    return str(found[0])


def pieces(shown: str) -> Iterator[str]:
    """The parts of a block between the places where something was cut out."""
    piece: list[str] = []
    for line in [*shown.splitlines(), CUT]:
        if line.strip() != CUT:
            piece.append(line)
        elif piece:
            yield "\n".join(piece)
            piece = []


def test_the_report(transpiled: Transpiled) -> None:
    shown = list(pieces(block("2. Assess", "text")))

    assert shown[-1].splitlines()[-1] == transpiled.report.splitlines()[-1]
    for piece in shown:
        assert piece in transpiled.report


def test_the_pipeline(transpiled: Transpiled) -> None:
    module = transpiled.text(f"pipelines/{IDENTIFIER}.py")

    for piece in pieces(block("3. Transpile", "python")):
        assert piece in module


def test_the_files(transpiled: Transpiled) -> None:
    files = [path for path in transpiled.folder.rglob("*") if path.is_file()]
    written = [path for path in files if ".dag2zen" not in path.parts]

    assert f"{len(written)} files written" in block("3. Transpile", "console")
    assert len(list(transpiled.folder.glob(f"sql/{IDENTIFIER}/*.sql"))) == 9


def test_the_configuration(transpiled: Transpiled) -> None:
    shown = block("4. Fill in the settings", "yaml")

    assert shown == transpiled.text(f"configs/{IDENTIFIER}.yaml")


def test_the_environment_sets_every_reference(transpiled: Transpiled) -> None:
    exports = block("6. Run", "bash")
    names = set(re.findall(r"\$\{(\w+)\}", transpiled.text(f"configs/{IDENTIFIER}.yaml")))

    assert names
    assert names <= set(re.findall(r"(\w+)=", exports))
