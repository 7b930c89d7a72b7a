"""The configurations that the page about platforms shows make platforms."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from runtime.config import ConnectionConfig, RuntimeConfig
from runtime.platforms import create_platform
from runtime.platforms.factory import BUILT_IN
from tests.conftest import EmittedProject

PAGE = (Path(__file__).parents[2] / "docs" / "platforms.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml[^\n]*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PROGRAMS = re.findall(r"^```python[^\n]*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_configurations(example: str) -> None:
    config = RuntimeConfig.model_validate(
        {"connections": {"snowflake_default": ConnectionConfig()}, **yaml.safe_load(example)}
    )
    assert create_platform(config).name == config.platform.type


def test_every_platform_is_in_the_table() -> None:
    header = next(line for line in PAGE.splitlines() if line.startswith("| | `"))
    assert set(re.findall(r"`(\w+)`", header)) == set(BUILT_IN)


def test_a_job(emitted_project: EmittedProject) -> None:
    images = {"registry.example.com/etl/loader": ["echo", "loaded"]}
    emitted_project.configure("base", {"platform": {"images": images}})
    names: dict[str, Any] = {}
    exec(PROGRAMS[0], names)
    assert (names["result"].exit_code, names["result"].last_line) == (0, "loaded")
