"""Starting the program by the path of its folder: the modules import each other by full names."""

from __future__ import annotations

import sys
from pathlib import Path


def start() -> int:
    """Run the program, and leave nothing of dag2zen on the import path of the DAG files."""
    folder = Path(__file__).resolve().parent
    # This folder is no import root: its modules would shadow a DAG's.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != folder]
    sys.path.append(str(folder.parents[2]))
    from transpiler.verify.airflow_facts.command import main

    sys.path.pop()
    for name in [name for name in sys.modules if name.split(".")[0] == "transpiler"]:
        del sys.modules[name]
    return main()


if __name__ == "__main__":
    sys.exit(start())
