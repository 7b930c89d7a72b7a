"""`python -m tests.equivalence [NAME…] [--write]`: all DAGs, or those named, on both sides."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.equivalence.cases import cases, example_cases
from tests.equivalence.table import Comparison, compare_all, page, rows_of

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "equivalence.md"


def main() -> int:
    """Compare, say what differs, and on request write docs/equivalence.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.equivalence", description=__doc__)
    parser.add_argument("names", nargs="*", help="DAG ids, or how they begin; default: all")
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"write {PAGE.relative_to(REPOSITORY)}; with names, the other rows stay",
    )
    arguments = parser.parse_args()
    groups = {"Our DAGs": cases(), "Airflow's example DAGs": example_cases()}
    beginnings = tuple(arguments.names) or ("",)
    done: dict[str, list[Comparison]] = {}
    with tempfile.TemporaryDirectory(prefix="equivalence-") as folder:
        _use_store(Path(folder) / "zenml")
        for name, group in groups.items():
            chosen = [case for case in group.values() if case.name.startswith(beginnings)]
            own = Path(folder) / name.split()[0]
            own.mkdir()
            root = REPOSITORY if name == "Our DAGs" else chosen[0].file.parent if chosen else own
            done[name] = compare_all(chosen, own, root, _tell) if chosen else []
    wrong = [one for group in done.values() for one in group if not one.as_expected]
    total = sum(map(len, done.values()))
    print(f"DAGs: {total}, not as expected: {len(wrong)}", file=sys.stderr)
    if arguments.write:
        earlier = rows_of(PAGE.read_text("utf-8")) if arguments.names else {}
        PAGE.write_text(page(done, groups, earlier), encoding="utf-8")
    return 1 if wrong else 0


def _tell(comparison: Comparison) -> None:
    state = "as expected" if comparison.as_expected else "NOT AS EXPECTED"
    print(f"{comparison.case.name}: {state}", file=sys.stderr)
    if not comparison.as_expected:
        print(comparison.shown(), file=sys.stderr)


def _use_store(folder: Path) -> None:
    """Point ZenML at a store of its own, before it is imported."""
    folder.mkdir()
    os.environ.update(
        ZENML_CONFIG_PATH=str(folder),
        ZENML_ANALYTICS_OPT_IN="false",
        ZENML_LOGGING_VERBOSITY="CRITICAL",
        ZENML_ENABLE_REPO_INIT_WARNINGS="false",
    )


if __name__ == "__main__":
    sys.exit(main())
