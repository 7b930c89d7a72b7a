"""A ZenML orchestrator that can be given schedules, and keeps them instead of running anything."""

from __future__ import annotations

from typing import Any

from zenml.orchestrators import BaseOrchestrator, BaseOrchestratorConfig, BaseOrchestratorFlavor

submitted: list[Any] = []


class RecordingConfig(BaseOrchestratorConfig):
    """Says that it can schedule."""

    @property
    def is_schedulable(self) -> bool:
        """Always."""
        return True


class RecordingOrchestrator(BaseOrchestrator):
    """Keeps the snapshots that it is handed."""

    def submit_pipeline(self, snapshot: Any, *args: Any, **kwargs: Any) -> None:
        """Keep the snapshot."""
        submitted.append(snapshot)

    def get_orchestrator_run_id(self) -> str:
        """Give any id."""
        return "recorded"


class RecordingFlavor(BaseOrchestratorFlavor):
    """The flavor `recording`."""

    @property
    def name(self) -> str:
        """The flavor's name."""
        return "recording"

    @property
    def config_class(self) -> type[RecordingConfig]:
        """Its configuration."""
        return RecordingConfig

    @property
    def implementation_class(self) -> type[RecordingOrchestrator]:
        """Its implementation."""
        return RecordingOrchestrator
