"""Files that cannot be named in a report."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from transpiler.batch.inputs import gather
from transpiler.config import MigrationConfig


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_file_whose_name_is_no_text_is_told_and_left_out(tmp_path: Path) -> None:
    text = b"from airflow import DAG\nDAG('a')\n"
    Path(os.fsdecode(os.fsencode(tmp_path / "n") + b"\xe9.py")).write_bytes(text)
    (tmp_path / "grün.py").write_bytes(text)
    inputs = gather([tmp_path], tmp_path, MigrationConfig())
    assert [file.name for file in inputs.files] == ["grün.py"]
    (failed,) = inputs.failed
    assert failed.path == "n\\xe9.py"
    (told,) = failed.findings
    assert (told.code, told.message) == ("D2Z104", "the name of the file is no UTF-8")
    assert told.remedy == "Rename the file."
