"""`python -m tests.equivalence [NAME…] [--write]`: all DAGs, or those named, on both sides."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.equivalence.cases import Case, groups
from tests.equivalence.random_dags import random_cases
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
        help=f"write {PAGE.relative_to(REPOSITORY)}; of a part, the other rows stay",
    )
    parser.add_argument("--judge", type=int, help="only DAGs that this version of Airflow judges")
    parser.add_argument("--random", type=int, metavar="N", help="only N DAGs made by chance")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first of them")
    arguments = parser.parse_args()
    if arguments.random:
        return _by_chance(arguments.random, arguments.seed)
    beginnings = tuple(arguments.names) or ("",)

    def wanted(case: Case) -> bool:
        return case.name.startswith(beginnings) and arguments.judge in (None, case.major)

    done: dict[str, list[Comparison]] = {}
    with tempfile.TemporaryDirectory(prefix="equivalence-") as folder:
        _use_store(Path(folder) / "zenml")
        for number, group in enumerate(groups()):
            chosen = [case for case in group.cases.values() if wanted(case)]
            own = Path(folder) / str(number)
            own.mkdir()
            done[group.name] = compare_all(chosen, own, group.root, _tell) if chosen else []
    wrong = [one for group in done.values() for one in group if not one.as_expected]
    total = sum(map(len, done.values()))
    print(f"DAGs: {total}, not as expected: {len(wrong)}", file=sys.stderr)
    if arguments.write:
        partly = arguments.names or arguments.judge
        earlier = rows_of(PAGE.read_text("utf-8")) if partly else {}
        all_cases = {group.name: group.cases for group in groups()}
        PAGE.write_text(page(done, all_cases, earlier), encoding="utf-8")
    return 1 if wrong else 0


def _by_chance(count: int, seed: int) -> int:
    """Compare DAGs made by chance; their numbers are their seeds, so that one can be run again."""
    with tempfile.TemporaryDirectory(prefix="equivalence-") as folder:
        _use_store(Path(folder) / "zenml")
        dags = Path(folder) / "dags"
        dags.mkdir()
        done = compare_all(random_cases(dags, count, seed), Path(folder), dags, _tell)
    wrong = [one for one in done if not one.as_expected]
    print(f"DAGs: {count}, not as expected: {len(wrong)}", file=sys.stderr)
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
