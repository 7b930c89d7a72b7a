"""Examples of codes 6xx."""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.report.examples.example import CodeExample, bash_dag

EXAMPLES: Mapping[str, CodeExample] = {
    "D2Z601": CodeExample(
        bash_dag('env={"DB_PASSWORD": PASSWORD}', top='PASSWORD = "hunter2-correct-horse"'),
        bash_dag('env={"DB_PASSWORD": "{{ conn.warehouse.password }}"}'),
    ),
}
