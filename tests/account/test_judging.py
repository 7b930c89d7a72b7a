"""What the account says of each kind of construct."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.account.accounts import account_of_text
from transpiler.report.result import FileResult

TEXT = '''"""The nightly load.

More about it.
"""
from __future__ import annotations

import os, logging
import warnings
import requests
from datetime import timedelta as td

from airflow import DAG
from airflow.decorators import task
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.providers.acme.operators.acme import AcmeOperator
from airflow.utils.task_group import TaskGroup

os.environ["REGION"] = "eu"
os.environ.setdefault("STAGE", "prod")
logging.basicConfig(level="INFO")
print("loading")
log = logging.getLogger(__name__)
log.info("reading")
requests.post("https://example.org/seen")
UNUSED: int = 3
LIMIT = 4
DEFAULTS = {"owner": "airflow", "retries": 2, "on_failure_callback": None}


def unused():
    return 1


def report(limit=LIMIT):
    return os.environ["REGION"], limit


def needed_by_acme():
    return 2


def hidden():
    unseen = DAG("hidden", schedule=None)
    BashOperator(task_id="never", bash_command="true", dag=unseen)


class Unused:
    pass


hidden()
if False:
    BashOperator(task_id="dead", bash_command="echo {{ ds }}")

with DAG("nightly", schedule=None, default_args=DEFAULTS, orientation="LR", fileloc=1) as dag:
    first = BashOperator(task_id="first", bash_command="date {{ ds }}", pool="default_pool", colour="red")
    with TaskGroup("group") as group:
        second = PythonOperator(task_id="second", python_callable=report, execution_timeout=td(1))
    third = AcmeOperator(task_id="third", call=needed_by_acme, retries=1, level=2)
    first >> second >> third
    dag.doc_md = __doc__

if __name__ == "__main__":
    dag.test()
'''


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> FileResult:
    return account_of_text(TEXT, tmp_path_factory.mktemp("dags"))


@pytest.mark.parametrize(
    ("text", "kind", "disposition", "codes"),
    [
        ('"""The nightly load.', "docstring", "mapped", ()),
        ("annotations", "import", "mapped", ()),
        ("os", "import", "mapped", ()),
        ("warnings", "import", "not_needed", ("D2Z131",)),
        ("timedelta as td", "import", "mapped", ()),
        ("task", "import", "not_needed", ("D2Z131",)),
        ('os.environ["REGION"] =', "statement", "approximated", ("D2Z132",)),
        ("os.environ.setdefault", "statement", "approximated", ("D2Z132",)),
        ("logging.basicConfig", "statement", "not_needed", ("D2Z133",)),
        ("log.info(", "statement", "not_needed", ("D2Z133",)),
        ("print(", "statement", "not_needed", ("D2Z133",)),
        ("requests.post", "statement", "approximated", ("D2Z132",)),
        ("UNUSED", "constant", "not_needed", ("D2Z131",)),
        ("LIMIT = 4", "constant", "mapped", ()),
        ("def unused", "function", "not_needed", ("D2Z131",)),
        ("def report", "function", "mapped", ()),
        ("def needed_by_acme", "function", "manual", ("D2Z301",)),
        ("def hidden", "function", "not_needed", ("D2Z130",)),
        ('unseen = DAG("hidden"', "dag", "not_needed", ("D2Z130",)),
        ('BashOperator(task_id="never"', "task", "not_needed", ("D2Z130",)),
        ("class Unused", "class", "not_needed", ("D2Z131",)),
        ("hidden()", "statement", "mapped", ()),
        ('BashOperator(task_id="dead"', "task", "not_needed", ("D2Z130",)),
        ('task_id="dead"', "argument", "not_needed", ("D2Z130",)),
        ('"owner": "airflow"', "default_argument", "not_needed", ("D2Z210",)),
        ('"retries": 2', "default_argument", "mapped", ()),
        ('"on_failure_callback": None', "callback", "mapped", ()),
        ('with DAG("nightly"', "dag", "mapped", ()),
        ('"nightly"', "dag_argument", "mapped", ()),
        ('orientation="LR"', "dag_argument", "not_needed", ("D2Z210",)),
        ("fileloc=1", "dag_argument", "manual", ("D2Z302",)),
        ("first = BashOperator", "task", "manual", ("D2Z302",)),
        ('task_id="first"', "argument", "mapped", ()),
        ('bash_command="date {{ ds }}"', "template", "mapped", ()),
        ('pool="default_pool"', "argument", "not_needed", ("D2Z210",)),
        ('colour="red"', "argument", "manual", ("D2Z302",)),
        ('with TaskGroup("group")', "group", "mapped", ()),
        ('"group"', "group_argument", "mapped", ()),
        ("python_callable=report", "argument", "mapped", ()),
        ("third = AcmeOperator", "task", "manual", ("D2Z301",)),
        ('task_id="third"', "argument", "mapped", ()),
        ("retries=1", "argument", "mapped", ()),
        ("level=2", "argument", "manual", ("D2Z301",)),
        ("first >> second", "edge", "mapped", ()),
        ("dag.doc_md = __doc__", "statement", "mapped", ()),
        ("dag.test()", "statement", "not_needed", ("D2Z130",)),
    ],
)
def test_construct(
    result: FileResult, text: str, kind: str, disposition: str, codes: tuple[str, ...]
) -> None:
    found = [item for item in result.account if item.text.startswith(text) and item.kind == kind]
    assert len(found) == 1, [(item.kind, item.text) for item in result.account]
    assert (found[0].disposition, found[0].codes) == (disposition, codes)


def test_effects_are_findings_of_the_file(result: FileResult) -> None:
    lines = [item.span.line for item in result.findings if item.code == "D2Z132"]
    assert [TEXT.splitlines()[line - 1][:12] for line in lines] == [
        'os.environ["',
        "os.environ.s",
        "requests.pos",
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('"""The nightly load.', ['pipelines/nightly.py: """The nightly load.']),
        ("os", ["steps/nightly.py: import os"]),
        ("def report", ["steps/nightly.py: @step"]),
        ("LIMIT = 4", ["steps/nightly.py: LIMIT = 4"]),
        ('with DAG("nightly"', ["pipelines/nightly.py: @pipeline("]),
        ("first = BashOperator", ['pipelines/nightly.py: run_bash("date {{ ds }}", id="first")']),
        (
            "python_callable=report",
            ['pipelines/nightly.py: report(id="group.second", after=["first"])'],
        ),
        ("first >> second", ['pipelines/nightly.py: run_bash("date {{ ds }}", id="first")']),
    ],
)
def test_place_in_the_output(result: FileResult, text: str, places: list[str]) -> None:
    item = next(one for one in result.account if one.text.startswith(text))
    told = [
        f"{place.file}: {result.files[place.file].splitlines()[place.line - 1].strip()}"
        for place in item.output
        if place.line is not None
    ]
    assert told[: len(places)] == places


def test_a_file_that_became_nothing_needs_a_person_everywhere(tmp_path: Path) -> None:
    made = account_of_text(
        "from airflow import DAG\nwith DAG('d', schedule=None):\n    1 / 0\n", tmp_path
    )
    assert made.error is not None
    assert {(item.disposition, item.codes) for item in made.account} == {("manual", ("D2Z109",))}
    assert len(made.account) == 5


def test_what_a_helper_module_holds_is_in_the_accounts_of_others(tmp_path: Path) -> None:
    made = account_of_text("from airflow import DAG\n\nARGS = {'retries': 2}\n", tmp_path)
    assert made.error is not None and made.error.startswith("D2Z106")
    assert {(item.disposition, item.codes) for item in made.account} == {
        ("not_needed", ("D2Z106",))
    }


def test_a_file_that_does_not_parse_has_no_constructs(tmp_path: Path) -> None:
    assert account_of_text("with DAG(:\n", tmp_path).account == ()
