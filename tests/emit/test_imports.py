"""The import block."""

from __future__ import annotations

from transpiler.emit.imports import import_block, used_imports
from transpiler.model.pipeline import Import


def test_sections_and_order() -> None:
    imports = [
        Import("runtime.steps", "run_bash"),
        Import("zenml", "pipeline"),
        Import("json"),
        Import("datetime", "timedelta"),
        Import("datetime", "datetime"),
        Import("numpy", None, "np"),
        Import("__future__", "annotations"),
        Import("acme.tables", "TABLES"),
        Import("acme.tables", "lookup"),
        Import("acme.tables", "Table"),
        Import("acme.tables", "orders", "acme_orders"),
        Import("runtime.steps", "run_bash"),
    ]
    assert import_block(imports) == (
        "from __future__ import annotations\n"
        "\n"
        "import json\n"
        "from datetime import datetime, timedelta\n"
        "\n"
        "import numpy as np\n"
        "from acme.tables import TABLES, Table, lookup\n"
        "from acme.tables import orders as acme_orders\n"
        "from zenml import pipeline\n"
        "\n"
        "from runtime.steps import run_bash"
    )


def test_only_what_is_used() -> None:
    imports = [
        Import("__future__", "annotations"),
        Import("os.path"),
        Import("json"),
        Import("acme", "a", "b"),
        Import("acme", "b", "c"),
    ]
    assert used_imports(imports, {"os", "b"}) == [imports[0], imports[1], imports[3]]
