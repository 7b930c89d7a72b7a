"""The documentation as a site: it builds without a warning, and its pages lead somewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.slow
def test_it_builds_strictly(tmp_path: Path) -> None:
    """Strict: links, anchors, pages outside the navigation and names of the API are errors."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=REPOSITORY,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for page, text in {
        "migration-guide": ">ZenML<",
        "api": "rules.registry.rule",
        "findings/D2Z301": "D2Z301",
        "changelog": "Unreleased",
    }.items():
        assert text in (tmp_path / "site" / page / "index.html").read_text(encoding="utf-8")
    shown = [path.read_text("utf-8") for path in (tmp_path / "site").rglob("index.html")]
    assert not any("{repository}" in text for text in shown)
