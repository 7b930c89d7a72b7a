"""Examples of codes 1xx."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from transpiler.report.examples.example import BASH, CodeExample, bash_dag, dag_file

_FINE = bash_dag()
_BROKEN_RULE = '''\
from rules import Example, rule

DAG = """from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("d", schedule=None):
    BashOperator(task_id="a", bash_command="true")
"""


@rule(
    "airflow.operators.bash.BashOperator",
    docs="https://example.org",
    examples=[Example(before=DAG, after='run_bash("true", id="a")')],
)
def bash(task, to):
    """Fail."""
    raise ZeroDivisionError
'''


def _utf16(folder: Path) -> None:
    (folder / "dags" / "nightly.py").write_bytes(_FINE.encode("utf-16"))


def _link_to_outside(folder: Path) -> None:
    outside = folder.parent / f"{folder.name}-outside.py"
    outside.write_text(_FINE)
    (folder / "dags" / "nightly.py").unlink()
    (folder / "dags" / "nightly.py").symlink_to(outside)


def _archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / "dags" / "packaged.zip", "w") as archive:
        archive.writestr("weekly.py", _FINE.replace("nightly", "weekly"))


def _long(folder: Path) -> None:
    (folder / "dags" / "nightly.py").write_text(_FINE + "# padding\n" * 500_000)


EXAMPLES: Mapping[str, CodeExample] = {
    "D2Z101": CodeExample(_FINE.replace("as dag:", "as dag"), _FINE),
    "D2Z102": CodeExample(f'print "loading"\n{_FINE}', f'print("loading")\n{_FINE}'),
    "D2Z103": CodeExample("", _FINE),
    "D2Z104": CodeExample(_FINE, _FINE, arrange=_utf16, said="The file is saved as UTF-16."),
    "D2Z105": CodeExample(
        _FINE,
        _FINE,
        arrange=_link_to_outside,
        said="The file is a link to a file outside of the project.",
    ),
    "D2Z106": CodeExample(
        f"{_FINE}\n\ndel dag\n".replace("with DAG", "dag = DAG").replace(
            " as dag:\n    BashOperator(", "\n\nBashOperator(dag=dag, "
        ),
        _FINE,
    ),
    "D2Z107": CodeExample(
        _FINE, _FINE, arrange=_long, said="The file has 5 MB, most of it comments."
    ),
    "D2Z108": CodeExample(
        dag_file(
            "for number in range(10**9):\n"
            '    BashOperator(task_id=f"load_{number}", bash_command="true")',
            imports=BASH,
        ),
        dag_file(
            "for number in range(10):\n"
            '    BashOperator(task_id=f"load_{number}", bash_command="true")',
            imports=BASH,
        ),
    ),
    "D2Z109": CodeExample(bash_dag(top='SHOPS = ["be", "nl"]\nFIRST = SHOPS[2]'), _FINE),
    "D2Z110": CodeExample(
        dag_file(
            'for shop in Variable.get("shops", deserialize_json=True):\n'
            '    BashOperator(task_id=f"load_{shop}", bash_command="true")',
            imports=f"from airflow.models import Variable\n{BASH}",
        ),
        dag_file(
            'for shop in ("be", "nl"):\n'
            '    BashOperator(task_id=f"load_{shop}", bash_command="true")',
            imports=BASH,
        ),
    ),
    "D2Z111": CodeExample(
        bash_dag("**DEFAULTS", top="from .settings import DEFAULTS"),
        bash_dag("**DEFAULTS", top='DEFAULTS = {"retries": 2}'),
    ),
    "D2Z112": CodeExample(
        _FINE,
        _FINE.replace('"nightly"', '"nightly_loads"'),
        files={"dags/other.py": _FINE},
        paths=("dags",),
        said="Another file has a DAG of the same id.",
    ),
    "D2Z113": CodeExample(
        dag_file(
            'BashOperator(task_id="load", bash_command="load be")\n'
            'BashOperator(task_id="load", bash_command="load nl")',
            imports=BASH,
        ),
        dag_file(
            'BashOperator(task_id="load_be", bash_command="load be")\n'
            'BashOperator(task_id="load_nl", bash_command="load nl")',
            imports=BASH,
        ),
    ),
    "D2Z114": CodeExample(
        dag_file(
            'first = BashOperator(task_id="first", bash_command="true")\n'
            'second = BashOperator(task_id="second", bash_command="true")\n'
            "first >> second >> first",
            imports=BASH,
        ),
        dag_file(
            'first = BashOperator(task_id="first", bash_command="true")\n'
            'second = BashOperator(task_id="second", bash_command="true")\n'
            "first >> second",
            imports=BASH,
        ),
    ),
    "D2Z115": CodeExample(_FINE.replace('"nightly"', '"nightly load"'), _FINE),
    "D2Z116": CodeExample(
        dag_file(
            'SubDagOperator(task_id="load", subdag=load_shops("nightly.load"))',
            imports="from airflow.operators.subdag import SubDagOperator\n\nfrom acme_dags import load_shops",
        ),
        _FINE,
    ),
    "D2Z117": CodeExample(dag_file("pass"), _FINE),
    "D2Z118": CodeExample(
        'SHOPS = ["be", "nl"]\n', _FINE, paths=("dags",), said="The folder holds no other file."
    ),
    "D2Z119": CodeExample(
        _FINE, _FINE, rules=_BROKEN_RULE, said="A rule of the team's own fails on the operator."
    ),
    "D2Z120": CodeExample(
        _FINE, _FINE, paths=("dags/weekly.py",), said="`dags/weekly.py` is read."
    ),
    "D2Z121": CodeExample(
        bash_dag(
            "retries=RETRIES",
            top="try:\n    from acme_settings import RETRIES\nexcept ImportError:\n    RETRIES = 3",
        ),
    ),
    "D2Z122": CodeExample(
        _FINE.replace(", catchup=False", ""),
        _FINE.replace(", catchup=False", ""),
        config="{}",
        said='After it, `airflow_version: "2.10"` is in migration.yaml.',
    ),
    "D2Z123": CodeExample(
        _FINE,
        files={"dags/.airflowignore": "archive/\n", "dags/archive/weekly.py": _FINE},
        paths=("dags",),
        said="`dags/.airflowignore` has the line `archive/`, and the folder is there.",
    ),
    "D2Z124": CodeExample(
        _FINE,
        _FINE,
        files={
            "dags/.airflowignore": "archive/(?!keep)\n",
            "dags/archive/weekly.py": _FINE.replace("nightly", "weekly"),
        },
        paths=("dags",),
        said="`dags/.airflowignore` has the line `archive/(?!keep)`, which Airflow 2 passes over.",
    ),
    "D2Z125": CodeExample(
        _FINE,
        _FINE,
        arrange=_archive,
        paths=("dags",),
        said="`dags/packaged.zip` holds `weekly.py`.",
    ),
    "D2Z130": CodeExample(f'{_FINE}\nif __name__ == "__main__":\n    dag.test()\n'),
    "D2Z131": CodeExample(bash_dag(top="import json")),
    "D2Z132": CodeExample(
        bash_dag(top='import os\n\nos.environ["REGION"] = "eu"'),
        bash_dag('env={"REGION": "eu"}, append_env=True'),
    ),
    "D2Z134": CodeExample(
        bash_dag(top="# dag2zen: ignore-file[D2Z212] the warehouse queues by itself"), _FINE
    ),
    "D2Z135": CodeExample(
        bash_dag('pool="warehouse",').replace(
            '"warehouse",)', '"warehouse",  # dag2zen: ignore[D2Z212]\n    )'
        ),
        bash_dag('pool="warehouse",').replace(
            '"warehouse",)', '"warehouse",  # dag2zen: ignore[D2Z212] it queues by itself\n    )'
        ),
    ),
    "D2Z133": CodeExample(bash_dag(top='import logging\n\nlogging.info("the DAG is read")')),
}
