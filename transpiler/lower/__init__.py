"""From DagModel to PipelineModel."""
