"""The configurations that the page about platforms shows make platforms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from runtime.config import ConnectionConfig, RuntimeConfig
from runtime.platforms import create_platform
from runtime.platforms.factory import BUILT_IN

PAGE = (Path(__file__).parents[2] / "docs" / "platforms.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_configurations(example: str) -> None:
    config = RuntimeConfig.model_validate(
        {"connections": {"snowflake_default": ConnectionConfig()}, **yaml.safe_load(example)}
    )
    assert create_platform(config).name == config.platform.type


def test_every_platform_is_in_the_table() -> None:
    header = next(line for line in PAGE.splitlines() if line.startswith("| | `"))
    assert set(re.findall(r"`(\w+)`", header)) == set(BUILT_IN)
