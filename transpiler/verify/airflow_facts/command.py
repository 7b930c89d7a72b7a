"""The command line of the program."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tempfile
import warnings
from functools import partial
from pathlib import Path
from typing import Any

from transpiler.verify.airflow_facts import loading, processes
from transpiler.verify.airflow_facts.missing import Missing

# What is left after Airflow's own limit for an import, which cannot interrupt a long computation.
GRACE_SECONDS = 5


def main() -> int:
    """Print the facts of the files named on the command line."""
    options = _options()
    # Airflow and DAG files print: what they say belongs on stderr, the JSON alone on stdout.
    stdout = os.dup(1)
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="airflow-facts-") as home:
        loading.isolate(home, options.timeout)
        try:
            version = importlib.import_module("airflow").__version__
        except ImportError as error:
            print(f"{sys.executable} cannot import Airflow: {error}", file=sys.stderr)
            return 2
        loading.make_tables()
        loading.warm_up(options.files)
        files = _describe_all(options)
    document = {"airflow": version, "python": sys.version.split()[0], "files": files}
    with os.fdopen(stdout, "w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=2)
        stream.write("\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What Airflow builds from DAG files, as JSON.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--project-root", type=Path, help="highest folder to import from")
    parser.add_argument("--timeout", type=float, default=30, help="seconds for one file")
    parser.add_argument(
        "--stand-ins", action="store_true", help="let something stand in for what a file misses"
    )
    parser.add_argument("--jobs", type=int, default=1, help="files to load at a time")
    parser.add_argument("--progress", action="store_true", help="say on stderr how far it is")
    return parser.parse_args()


def _describe_all(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The entries of `files`, in the order of the command line."""
    entries: dict[int, dict[str, Any]] = {}
    missing = Missing()
    inquiries = (_describe(path, options, missing) for path in options.files)
    limit = options.timeout + GRACE_SECONDS
    for number, facts in processes.run(inquiries, limit, options.jobs):
        entries[number] = facts
        if options.progress:
            print(
                f"airflow-facts: {len(entries)}/{len(options.files)}", file=sys.stderr, flush=True
            )
    return [entries[number] for number in range(len(options.files))]


def _describe(path: Path, options: argparse.Namespace, missing: Missing) -> processes.Inquiry:
    roots = loading.import_roots(path, options.project_root)
    if options.stand_ins:
        return (yield from missing.inquiry(path, roots))
    facts = yield partial(loading.load, path.absolute(), roots)
    return {"path": str(path), **facts, "stand_ins": []}
