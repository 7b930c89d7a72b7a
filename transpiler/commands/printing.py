"""The document on stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transpiler.report.models import MigrationDocument


def print_document(document: MigrationDocument, format_: str, *, verbose: bool = False) -> None:
    """Print the document as `text`, `json`, `sarif` or `github`."""
    if format_ == "text":
        from transpiler.report.text import print_report

        print_report(document, sys.stdout, verbose=verbose)
        return
    if format_ == "json":
        from transpiler.report.document import document_json as render
    elif format_ == "github":
        from transpiler.report.github import github_annotations as render
    else:
        from transpiler.report.sarif import sarif_json as render
    sys.stdout.write(render(document))
