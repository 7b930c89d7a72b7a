"""Every fenced sample of the documentation, and the test that runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Sample:
    """One block: `info` is what stands behind the fence."""

    page: str
    info: str
    text: str

    @property
    def language(self) -> str:
        return self.info.partition(" ")[0]


def pages() -> list[Path]:
    """The README and every page, from the repository's root."""
    return [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]


def samples() -> Iterator[Sample]:
    """The blocks of every page, in order."""
    for path in pages():
        page = path.relative_to(REPOSITORY).as_posix()
        for block in _FENCE.finditer(path.read_text(encoding="utf-8")):
            yield Sample(page, block["info"].strip(), block["text"])


_CALLS = "tests/docs/test_shown.py::test_calls_of_the_runtime"
RUN_BY: dict[tuple[str, str], str] = {
    ("README.md", "python"): "tests/docs/test_readme.py",
    ("README.md", "console"): "tests/docs/test_shown.py::test_the_commands_of_the_readme",
    ("docs/account.md", "text"): "tests/docs/test_shown.py::test_the_account",
    ("docs/configuration.md", "console"): "tests/docs/test_shown.py::test_layers",
    ("docs/configuration.md", "yaml"): "tests/docs/test_examples.py::test_configuration",
    ("docs/decisions/0009-retries-on-steps.md", "python"): _CALLS,
    ("docs/decisions/0010-dynamic-pipelines.md", "python"): _CALLS,
    ("docs/findings.md", "python"): "tests/docs/test_shown.py::test_suppressions",
    ("docs/findings.md", "yaml"): "tests/docs/test_shown.py::test_suppressions",
    ("docs/inference.md", "python"): "tests/runtime/test_inference_pipeline.py",
    ("docs/inference.md", "sql"): "tests/runtime/test_inference_pipeline.py",
    ("docs/inference.md", "yaml"): "tests/runtime/test_inference_pipeline.py",
    ("docs/migration-config.md", "yaml"): "tests/docs/test_examples.py::test_migration_yaml",
    ("docs/migration-guide.md", "python"): "tests/docs/test_patterns.py",
    ("docs/platforms.md", "python"): "tests/runtime/platforms/test_mapped_prediction.py",
    ("docs/platforms.md", "sql"): "tests/runtime/platforms/test_mapped_prediction.py",
    ("docs/platforms.md", "yaml"): "tests/docs/test_platforms_page.py::test_configurations",
    ("docs/pull-request.md", "console"): "tests/docs/test_transcripts.py::test_pull_request",
    ("docs/quickstart.md", "python"): "tests/docs/test_transcripts.py::test_quickstart",
    ("docs/quickstart.md", "console"): "tests/docs/test_transcripts.py::test_quickstart",
    ("docs/quickstart.md", "bash"): "tests/docs/test_shown.py::test_the_quickstart_runs",
    ("docs/re-runs.md", "python"): "tests/docs/test_transcripts.py::test_re_runs",
    ("docs/re-runs.md", "console"): "tests/docs/test_transcripts.py::test_re_runs",
    ("docs/re-runs.md", "yaml"): "tests/docs/test_shown.py::test_hooks_and_action",
    ("docs/runtime.md", "python"): _CALLS,
    ("docs/runtime.md", "console"): "tests/runtime/test_warehouse.py",
    ("docs/security.md", "text"): "tests/docs/test_shown.py::test_secrets",
    ("docs/security.md", "python"): "tests/docs/test_shown.py::test_secrets",
    ("docs/snapshots.md", "python"): "tests/docs/test_shown.py::test_snapshots",
    ("docs/snapshots.md", "text"): "tests/docs/test_shown.py::test_snapshots",
    ("docs/stacks.md", "yaml"): "tests/runtime/test_stacks.py",
    ("docs/triggering.md", "python"): _CALLS,
    ("docs/triggering.md", "yaml"): "tests/docs/test_shown.py::test_upstreams",
    ("docs/tutorial.md", "text"): "tests/docs/test_tutorial.py::test_the_report",
    ("docs/tutorial.md", "console"): "tests/docs/test_tutorial.py::test_the_files",
    ("docs/tutorial.md", "python"): "tests/docs/test_tutorial.py::test_the_pipeline",
    ("docs/tutorial.md", "yaml"): "tests/docs/test_tutorial.py::test_the_configuration",
    ("docs/tutorial.md", "bash"): "tests/docs/test_tutorial.py::test_the_environment_sets",
    ("docs/walkthrough.md", "console"): "tests/walkthrough/test_walkthrough.py::test_the_page",
    ("docs/writing-rules.md", "python"): "tests/docs/test_writing_rules.py::test_the_rule",
}
"""By page and language, the test that runs the samples or holds them against what is printed."""

_GRAPH = "drawn by the site; the strict build takes it"
_MAKE = "make's own targets, which the tests are run by; that they exist is tested"
NOT_RUN: dict[tuple[str, str], str] = {
    ("README.md", "mermaid"): _GRAPH,
    ("docs/architecture.md", "mermaid"): _GRAPH,
    ("docs/inference.md", "mermaid"): _GRAPH,
    ("docs/contributing.md", "console"): _MAKE,
    ("docs/index.md", "console"): _MAKE,
    ("docs/platforms.md", "console"): "needs the binaries of a Kubernetes API server",
    ("docs/snapshots.md", "console"): "installs from an index; the extra is tested to exist",
    ("docs/stacks.md", "console"): "needs a Kubernetes cluster and an S3 bucket",
    ("docs/triggering.md", "console"): "a service without end; test_listen_serve.py starts both",
    ("docs/walkthrough.md", "bash"): "copies and commits; test_walkthrough.py does the same",
    ("docs/writing-rules.md", "bash"): "test_writing_rules.py runs it with paths of its own",
}
"""What no test runs, and why; the checks of all samples hold for these too."""
