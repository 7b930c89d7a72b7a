"""From PipelineModel to the files of the emitted project."""
