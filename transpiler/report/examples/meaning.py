"""Examples of codes 2xx."""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.report.examples.example import (
    BASH,
    EMPTY,
    PYTHON,
    CodeExample,
    bash_dag,
    dag_file,
)

_FINE = bash_dag()
_TWO = (
    'first = BashOperator(task_id="first", bash_command="true")\n'
    'last = BashOperator(task_id="last", bash_command="true"{})\n'
    "first >> last"
)
_MAPPED = 'BashOperator.partial(task_id="load").expand(bash_command=["load be", "load nl"])'
_NOTIFY = 'def notify(context):\n    print("failed", context["run_id"])'
_BRANCH = "from airflow.operators.python import BranchPythonOperator"
_CHOOSE = 'def choose():\n    return "first"'


def _static_and_auto(text: str) -> CodeExample:
    """What a pipeline that was asked to be static cannot do; it is right without that."""
    return CodeExample(text, text, mode="static", said="With `--mode static`; after it, without.")


EXAMPLES: Mapping[str, CodeExample] = {
    "D2Z201": _static_and_auto(
        dag_file(_TWO.format(', trigger_rule="all_done"'), imports=BASH),
    ),
    "D2Z202": _static_and_auto(dag_file(_MAPPED, imports=BASH)),
    "D2Z203": _static_and_auto(
        dag_file(
            'BranchPythonOperator(task_id="choose", python_callable=choose) >> '
            'EmptyOperator(task_id="first")',
            imports=f"{EMPTY}\n{_BRANCH}",
            top=_CHOOSE,
        ),
    ),
    "D2Z204": CodeExample(
        bash_dag("ignore_first_depends_on_past=False, depends_on_past=True"),
        bash_dag("depends_on_past=True"),
    ),
    "D2Z205": _static_and_auto(bash_dag(more="on_failure_callback=notify", top=_NOTIFY)),
    "D2Z206": CodeExample(
        bash_dag(
            schedule="schedule=WorkdayTimetable()",
            top="from acme_calendar import WorkdayTimetable",
        ),
        bash_dag(schedule='schedule="0 3 * * 1-5"'),
    ),
    "D2Z207": CodeExample(_FINE.replace("start_date=datetime(2024, 1, 1), ", ""), _FINE),
    "D2Z208": CodeExample(
        bash_dag(
            "retries=3, retry_policy=ONLY_NETWORK", top="from acme_retries import ONLY_NETWORK"
        ),
        bash_dag(
            "retries=3, retry_delay=timedelta(minutes=5)", top="from datetime import timedelta"
        ),
    ),
    "D2Z209": CodeExample(bash_dag("sla=SLA", top="from company.settings import SLA"), _FINE),
    "D2Z210": CodeExample(bash_dag('owner="data-science", queue="large"')),
    "D2Z211": CodeExample(bash_dag(schedule=""), _FINE),
    "D2Z212": CodeExample(bash_dag("max_active_tis_per_dag=1"), _FINE),
    "D2Z213": _static_and_auto(
        dag_file(
            'make = BashOperator(task_id="make", bash_command="make").as_setup()\n'
            'drop = BashOperator(task_id="drop", bash_command="drop").as_teardown(setups=make)\n'
            'make >> BashOperator(task_id="load", bash_command="load") >> drop',
            imports=BASH,
        ),
    ),
    "D2Z214": _static_and_auto(
        bash_dag(more="dagrun_timeout=timedelta(hours=3)", top="from datetime import timedelta")
    ),
    "D2Z215": CodeExample(
        bash_dag("email=TEAM", top="from acme_settings import TEAM"),
        bash_dag("email_on_failure=False"),
    ),
    "D2Z216": CodeExample(
        bash_dag(more="tags=TAGS", top="from acme_settings import TAGS"),
        bash_dag(more='tags=["daily"]'),
    ),
    "D2Z217": CodeExample(_FINE.replace("catchup=False", "catchup=True")),
    "D2Z220": _static_and_auto(dag_file(_MAPPED, imports=BASH)),
    "D2Z221": CodeExample(dag_file(_TWO.format(', trigger_rule="all_done"'), imports=BASH)),
    "D2Z230": CodeExample(
        dag_file(
            "@task_group\ndef shops(_shop):\n"
            '    BashOperator(task_id="load", bash_command="load")\n\n\n'
            'shops.expand(_shop=["be", "nl"])',
            imports=f"from airflow.decorators import task_group\n{BASH}",
        ),
        dag_file(_MAPPED, imports=BASH),
    ),
    "D2Z231": CodeExample(
        dag_file(
            'count = PythonOperator(task_id="count", python_callable=load)\n'
            'BashOperator(task_id="tell", bash_command="echo", env={"COUNT": count.output})',
            imports=f"{BASH}\n{PYTHON}",
            top="def load():\n    return 3",
        ),
        dag_file(
            'PythonOperator(task_id="count", python_callable=load) >> '
            'BashOperator(task_id="tell", bash_command="echo")',
            imports=f"{BASH}\n{PYTHON}",
            top="def load():\n    return 3",
        ),
        mode="static",
    ),
    "D2Z240": CodeExample(
        bash_dag(
            schedule="schedule=[Dataset(ORDERS)]",
            top="from airflow.datasets import Dataset\nfrom acme_assets import ORDERS",
        ),
        _FINE,
    ),
    "D2Z241": CodeExample(
        bash_dag("outlets=[ORDERS]", top="from acme_assets import ORDERS"), _FINE
    ),
}
