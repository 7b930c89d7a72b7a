"""A project whose pipelines update assets and listen for them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import EmittedProject

_PIPELINE = """
from zenml import pipeline, step
from runtime import launch
from runtime.context import RunContext, current_run
from runtime.callables import airflow_context
from runtime.schedule import DagSchedule
{definitions}
SCHEDULE = DagSchedule({schedule})

@step(enable_cache=False)
def work() -> str:
    {body}

@pipeline(name="{name}", enable_cache=False{of_pipeline})
def the_pipeline(run: RunContext) -> None:
    work{options}(id="work")
"""


@dataclass
class Pipelines:
    """Writes pipelines of one step; names and assets are of this test alone."""

    project: EmittedProject
    suffix: str

    def name(self, short: str) -> str:
        """The pipeline's name."""
        return f"{short}-{self.suffix}"

    def uri(self, short: str) -> str:
        """An asset's URI."""
        return f"s3://{self.suffix}/{short}"

    def write(
        self, short: str, schedule: str = "", body: str = "return 'done'", options: str = "",
        definitions: str = "", of_pipeline: str = "",
    ) -> str:  # fmt: skip
        """Write a pipeline, and give its name."""
        text = _PIPELINE.format(
            name=self.name(short),
            schedule=schedule,
            body=body,
            options=options,
            definitions=definitions,
            of_pipeline=of_pipeline,
        )
        self.project.write(f"pipelines/{short}.py", text)
        return self.name(short)

    def updating(self, short: str, *assets: object, body: str = "return 'done'") -> str:
        """Write a pipeline whose step updates assets."""
        options = (
            f'.with_options(extra={{"outlets": {list(assets)!r}}}, '
            'on_success="runtime.assets.update_assets")'
        )
        return self.write(short, body=body, options=options)


@pytest.fixture
def pipelines(runnable_project: EmittedProject) -> Callable[[], Pipelines] | Pipelines:
    """The pipelines of a test."""
    return Pipelines(runnable_project, uuid.uuid4().hex[:8])
