"""A shell whose folder was deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler.cli import main


def test_the_current_folder_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "the current folder is gone" in capsys.readouterr().err
