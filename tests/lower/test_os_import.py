"""`import os` for secrets that are looked up stands where an import sorter would put it."""

from __future__ import annotations

import pytest

from transpiler.lower.python_redaction import redact_python
from transpiler.lower.secret_literal import SecretLiteral
from transpiler.model.span import Span

SECRET = SecretLiteral("hunter2hunter2", "KEY", Span("dags/a.py", 1, 1))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "from __future__ import annotations\n\nimport sys\n",
            "import annotations\n\nimport os\nimport sys\n",
        ),
        ("import json\nimport sys\n", "import json\nimport os\nimport sys\n"),
        ("from zenml import step\n", "import os\nfrom zenml import step\n"),
        ("X = 1\n", "import os\nX = 1\n"),
    ],
)
def test_import_os(head: str, expected: str) -> None:
    assert expected in redact_python(f'{head}KEY = "{SECRET.value}"\n', [SECRET])
