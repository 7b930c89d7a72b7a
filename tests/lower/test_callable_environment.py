"""What callables use of Airflow, environments of their own, and what templates get of a DAG."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lower.emitted_callables import HEAD, Emitted

USES = {
    "hooks": (
        "from airflow.providers.postgres.hooks.postgres import PostgresHook",
        "hook = PostgresHook(postgres_conn_id='crm')\n    return hook.get_records('SELECT 1')",
        "from runtime.hooks import PostgresHook",
    ),
    "a hook of 1.10": (
        "from airflow.hooks.mysql_hook import MySqlHook",
        "return MySqlHook('crm').get_first('SELECT 1')",
        "from runtime.hooks import MySqlHook",
    ),
    "time zones": (
        "from airflow.utils import timezone",
        "return timezone.utcnow()",
        "from runtime import airflow_times as timezone",
    ),
    "one function of them": (
        "from airflow.utils.timezone import make_aware as aware",
        "return aware(START)",
        "from runtime.airflow_times import make_aware as aware",
    ),
    "days_ago": (
        "from airflow.utils.dates import days_ago",
        "return days_ago(1)",
        "from runtime.airflow_times import days_ago",
    ),
    "states": (
        "from airflow.utils.state import State, TaskInstanceState",
        "return [State.FAILED, TaskInstanceState.SUCCESS]",
        "from runtime.airflow_states import State, TaskInstanceState",
    ),
    "helpers": (
        "from airflow.utils.helpers import chunks",
        "return list(chunks([1, 2, 3], 2))",
        "from runtime.airflow_helpers import chunks",
    ),
    "macros": (
        "from airflow import macros",
        "return macros.ds_add('2024-01-01', 1)",
        "from runtime.templates.macros import MACROS as macros",
    ),
    "commands": (
        "from airflow.hooks.subprocess import SubprocessHook",
        "return SubprocessHook().run_command(['true']).output",
        "from runtime.hooks import SubprocessHook",
    ),
    "key of the result": (
        "from airflow.utils.xcom import XCOM_RETURN_KEY",
        "return XCOM_RETURN_KEY",
        "from runtime.xcom import RETURN_VALUE as XCOM_RETURN_KEY",
    ),
    "exceptions": (
        "from airflow.exceptions import AirflowNotFoundException",
        "raise AirflowNotFoundException('x')",
        "from runtime.exceptions import ConfigError as AirflowNotFoundException",
    ),
    "logging": (
        "from airflow.utils.log.logging_mixin import LoggingMixin",
        "LoggingMixin().log.info('x')",
        "from runtime.airflow_names import LoggingMixin",
    ),
}


@pytest.mark.parametrize(("import_", "body", "emitted"), USES.values(), ids=USES)
def test_airflow_in_a_callable(tmp_path: Path, import_: str, body: str, emitted: str) -> None:
    before = f"{import_}\n\ndef work():\n    {body}\n\n"
    result = Emitted(tmp_path, before, "PythonOperator(task_id='w', python_callable=work)")
    assert emitted in result.steps
    assert set(result.codes) <= {"D2Z308"}


def test_hooks_of_services(tmp_path: Path) -> None:
    before = """
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook
    from airflow.providers.http.hooks.http import HttpHook
    from airflow.providers.slack.hooks.slack import SlackHook
    from airflow.contrib.operators.slack_webhook_operator import SlackWebhookOperator

    def work(context):
        HttpHook("GET", "api").run("x")
        HttpHook("PUT", http_conn_id="put").run("x")
        S3Hook(aws_conn_id="lake").read_key("a", "b")
        SlackHook(slack_conn_id="bot").call("chat.postMessage", json={})
        SlackWebhookOperator(task_id="t", http_conn_id="alerts", message="x").execute(context)
    """
    result = Emitted(tmp_path, before, "PythonOperator(task_id='w', python_callable=work)")
    kinds = {"api": "http", "put": "http", "lake": "aws", "bot": "slack", "alerts": "slack"}
    for conn_id, kind in kinds.items():
        assert f"{conn_id}:\n    type: {kind}" in result.config
    assert "GET" not in result.config
    assert "from runtime.hooks import" in result.steps
    assert set(result.codes) == {"D2Z308"}


def test_connections_of_callbacks_are_asked_for(tmp_path: Path) -> None:
    before = """
    from airflow.hooks.base import BaseHook
    from airflow.models import Variable

    def alert(context):
        print(BaseHook.get_connection("pager").password, Variable.get("channel"))
    """
    call = "BashOperator(task_id='w', bash_command='true', on_failure_callback=alert)"
    result = Emitted(tmp_path, before, call)
    assert "pager:\n    type: generic" in result.config
    assert "channel:" in result.config


def test_a_callback_that_asks_a_hook_for_too_much(tmp_path: Path) -> None:
    before = """
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    def alert(context):
        S3Hook("lake").select_key("a")
    """
    call = "BashOperator(task_id='w', bash_command='true', on_failure_callback=alert)"
    result = Emitted(tmp_path, before, call)
    (found,) = (one for one in result.findings if one.code == "D2Z310")
    assert "S3Hook.select_key" in found.message


def test_connections_of_hooks_are_asked_for(tmp_path: Path) -> None:
    before = """
    from airflow.providers.postgres.hooks.postgres import PostgresHook
    from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook

    def work():
        SnowflakeHook(snowflake_conn_id="dwh").run("SELECT 1")
        PostgresHook("crm").get_records("SELECT 1")
        return PostgresHook.get_connection("other")
    """
    result = Emitted(tmp_path, before, "PythonOperator(task_id='w', python_callable=work)")
    config = result.config
    assert "dwh:\n    type: snowflake" in config
    assert "crm:\n    type: postgres" in config
    assert "other:\n    type: generic" in config


def test_hooks_without_a_connection_id_have_their_default(tmp_path: Path) -> None:
    before = """
    from airflow.hooks.base import BaseHook
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook
    from airflow.providers.http.hooks.http import HttpHook
    from airflow.providers.mysql.hooks.mysql import MySqlHook
    from airflow.providers.postgres.hooks import postgres
    from airflow.providers.slack.hooks.slack import SlackHook
    from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook
    from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook

    def work(chosen=None):
        HttpHook("GET").run("x")
        postgres.PostgresHook(schema="crm").run("SELECT 1")
        SnowflakeHook(snowflake_conn_id=None).run("SELECT 1")
        MySqlHook(chosen).run("SELECT 1")
        S3Hook().read_key("a", "b")
        SlackHook().call("chat.postMessage", json={})
        SlackWebhookHook(webhook_token="x").send(text="x")
    """
    result = Emitted(tmp_path, before, "PythonOperator(task_id='w', python_callable=work)")
    kinds = {
        "http_default": "http",
        "postgres_default": "postgres",
        "snowflake_default": "snowflake",
        "slack_api_default": "slack",
    }
    for conn_id, kind in kinds.items():
        assert f"{conn_id}:\n    type: {kind}" in result.config
    for without in ("mysql_default", "aws_default", "slack_default", "crm:"):
        assert without not in result.config


MISSING = {
    "Variable.set('a', 1)": "Variable.set",
    "BaseHook.get_hook('a')": "BaseHook.get_hook",
    "PostgresHook('a').copy_expert('x', 'y')": "PostgresHook.copy_expert",
    "hook = PostgresHook('a')\n    hook.bulk_load('t', 'f')": "PostgresHook.bulk_load",
}


@pytest.mark.parametrize(("use", "name"), MISSING.items())
def test_members_that_the_runtime_has_not(tmp_path: Path, use: str, name: str) -> None:
    imports = (
        "from airflow.hooks.base import BaseHook\nfrom airflow.models import Variable\n"
        "from airflow.providers.postgres.hooks.postgres import PostgresHook\n"
    )
    before = f"{imports}\ndef work():\n    {use}\n"
    result = Emitted(tmp_path, before, "PythonOperator(task_id='w', python_callable=work)")
    (found,) = (one for one in result.findings if one.code == "D2Z304")
    assert name in found.message
    assert found.span.line == before.count("\n", 0, before.index(use)) + HEAD.count("\n") + (
        1 + use.count("\n")
    )
    assert "not_translated" in result.body


def test_environments(tmp_path: Path) -> None:
    (tmp_path / "needs.txt").write_text("pandas==2.2.3\n\nnumpy\n", encoding="utf-8")
    before = """
    def work(x, ds=None):
        import pandas
        return x

    @task.virtualenv(requirements="a==1\\nb", python_version="3.11", serializer="dill",
                     index_urls=["https://one.example", "https://two.example"])
    def flow(x: int):
        return x

    @task.external_python(python="/opt/python", skip_on_exit_code=[3], env_vars={"A": 1},
                          inherit_env=False, string_args=["s"])
    def outside():
        return 1
    """
    tasks = """
    PythonVirtualenvOperator(task_id="w", python_callable=work, requirements="needs.txt",
                             op_args=["{{ ds }}"], system_site_packages=False)
    flow(outside())
    """
    result = Emitted(tmp_path, before, tasks)
    text = "".join(result.steps.split()).replace(",)", ")").replace(",]", "]")
    assert (
        'call_in_environment(work,op_kwargs={"x":x},requirements=["pandas==2.2.3","numpy"],'
        "system_site_packages=False)"
    ) in text
    assert (
        'call_in_environment(flow,op_kwargs={"x":verbatim(x)},requirements=["a==1","b"],'
        'python_version="3.11",install_options=["--default-index","https://one.example",'
        '"--index","https://two.example"],serializer="dill")'
    ) in text
    assert (
        'call_in_environment(outside,python="/opt/python",string_args=["s"],skip_on_exit_code=[3],'
        'env={"A":"1"},inherit_env=False)'
    ) in text
    assert result.codes == ["D2Z308"]


REFUSED = {
    "a module of the project": ("import own_module", "requirements=['a']", "D2Z305"),
    "Airflow inside": ("from airflow.models import DagRun", "requirements=['a']", "D2Z304"),
    "requirements that are not known": ("pass", "requirements=unknown()", "D2Z303"),
    "a template": ("pass", "requirements=['{{ var.value.x }}']", "D2Z303"),
    "a serializer": ("pass", "serializer='xml'", "D2Z303"),
}


@pytest.mark.parametrize(("body", "argument", "code"), REFUSED.values(), ids=REFUSED)
def test_environments_that_are_refused(tmp_path: Path, body: str, argument: str, code: str) -> None:
    (tmp_path / "own_module.py").write_text("X = 1\n", encoding="utf-8")
    before = f"import own_module\nfrom elsewhere import unknown\n\ndef work():\n    {body}\n"
    call = f"PythonVirtualenvOperator(task_id='w', python_callable=work, {argument})"
    result = Emitted(tmp_path, before, call)
    assert code in result.codes
    assert "not_translated" in result.body


def test_macros_filters_and_native_objects(tmp_path: Path) -> None:
    before = """
    from functools import partial

    def days_before(ds, days):
        return ds

    def shout(text):
        return text.upper()
    """
    arguments = (
        ", user_defined_macros={'before': days_before, 'team': 'sales', 'limits': [1, 2],"
        " 'lost': partial(days_before, days=1)}, user_defined_filters={'shout': shout,"
        " 'size': len}, render_template_as_native_obj=True"
    )
    task = "BashOperator(task_id='b', bash_command='echo {{ before(ds, 1) | shout }}')"
    result = Emitted(tmp_path, before, task, arguments)
    macros = '{"before": days_before, "team": "sales", "limits": [1, 2]}'
    assert f"TEMPLATE_MACROS = {macros}" in result.steps
    assert 'TEMPLATE_FILTERS = {"shout": shout, "size": len}' in result.steps
    assert "templates:\n  macros: steps.probe.TEMPLATE_MACROS" in result.config
    assert "  filters: steps.probe.TEMPLATE_FILTERS\n  native: true" in result.config
    assert [(f.code, "'lost'" in f.message) for f in result.findings] == [("D2Z302", True)]


def test_params_of_a_task_and_a_result_that_is_not_kept(tmp_path: Path) -> None:
    tasks = """
    quiet = BashOperator(task_id="quiet", bash_command="echo {{ params.a }}", params={"a": 1},
                         do_xcom_push=False)
    BashOperator(task_id="next", bash_command="x", cwd=quiet.output)
    """
    result = Emitted(tmp_path, "", tasks)
    assert 'run_bash.with_options(extra={"params": {"a": 1}, "do_xcom_push": False})' in (
        result.body.replace("\n", "").replace("    ", "")
    )
    assert 'run_bash("x", cwd=None, id="next", after=["quiet"])' in result.body
    assert result.codes == []


def test_files_that_callables_are_given(tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("SELECT '{{ ds }}'", encoding="utf-8")
    before = "def work(templates_dict=None, **context):\n    return templates_dict\n"
    call = (
        "PythonOperator(task_id='w', python_callable=work, templates_exts=['.sql'],"
        " templates_dict={'query': 'q.sql', 'texts': ['q.sql', 'plain']})"
    )
    result = Emitted(tmp_path, before, call)
    assert result.body.count("SELECT '{{ ds }}'") == 2
    assert result.codes == []
    missing = Emitted(tmp_path, before, call.replace("'q.sql', 'plain'", "'no.sql'"))
    assert missing.codes == ["D2Z401"]


def test_macros_that_are_not_known(tmp_path: Path) -> None:
    before = "from elsewhere import macros, native\n"
    arguments = ", user_defined_macros=macros(), render_template_as_native_obj=native()"
    result = Emitted(tmp_path, before, "BashOperator(task_id='b', bash_command='x')", arguments)
    assert result.codes == ["D2Z302", "D2Z302"]
    assert "templates:" not in result.config


def test_results_inside_arguments_of_static_pipelines(tmp_path: Path) -> None:
    before = """
    @task
    def text():
        return "a"

    @task
    def number():
        return 1

    @task
    def several() -> dict:
        return {"k": 1}
    """
    tasks = """
    t, n, s = text(), number(), several()
    BashOperator(task_id="b", bash_command=t, env={"T": t, "L": [n, s["k"]]}, cwd=s["k"])
    """
    result = Emitted(tmp_path, before, tasks)
    body = "".join(result.body.split())
    assert '"T":"{{ti.xcom_pull(task_ids=\'text\')}}"' in body.replace("'T'", '"T"')
    assert "{{ti.xcom_pull(task_ids='several',key='k')}}" in body
    assert "several_output_k=select_output(several_output,key=" in body
    assert result.codes == ["D2Z231", "D2Z231"]


def test_options_of_jinja_become_settings(tmp_path: Path) -> None:
    arguments = (
        ", template_undefined=jinja2.Undefined, jinja_environment_kwargs={'trim_blocks': True, "
        "'extensions': ['jinja2.ext.loopcontrols']}"
    )
    found = Emitted(
        tmp_path, "import jinja2\n", "BashOperator(task_id='b', bash_command='')", arguments
    )
    assert found.codes == []
    assert "undefined: Undefined\n" in found.config
    assert "trim_blocks: true\n" in found.config
    assert "- jinja2.ext.loopcontrols" in found.config


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ("template_undefined=jinja2.StrictUndefined, jinja_environment_kwargs={}", []),
        ("template_undefined=jinja2.make_logging_undefined()", ["D2Z302"]),
        ("jinja_environment_kwargs={'variable_start_string': '<<'}", ["D2Z302"]),
        ("jinja_environment_kwargs={'extensions': ['own.Extension']}", ["D2Z302"]),
        ("jinja_environment_kwargs={'trim_blocks': 'yes'}", ["D2Z302"]),
    ],
)
def test_other_options_of_jinja(arguments: str, codes: list[str], tmp_path: Path) -> None:
    found = Emitted(
        tmp_path, "import jinja2\n", "BashOperator(task_id='b', bash_command='')", f", {arguments}"
    )
    assert found.codes == codes
    assert "templates" not in found.config


def test_files_that_arguments_of_a_decorated_function_name(tmp_path: Path) -> None:
    (tmp_path / "count.sql").write_text("SELECT '{{ ds }}'\n", encoding="utf-8")
    before = """
    @task(templates_exts=[".sql"])
    def show(sql, names):
        print(sql, names)
    """
    found = Emitted(tmp_path, before, "show('count.sql', names=['count.sql', 'count.txt'])")
    text = "\"SELECT '{{ ds }}'\\n\""
    assert f'show_step(sql={text}, names=[{text}, "count.txt"], id="show")' in found.body


@pytest.mark.parametrize(
    ("given", "is_told"), [("True", True), ("False", False)], ids=["several", "one"]
)
def test_several_outputs_of_a_step_of_the_library(
    given: str, is_told: bool, tmp_path: Path
) -> None:
    task = f"BashOperator(task_id='b', bash_command='', multiple_outputs={given})"
    found = Emitted(tmp_path, "", task)
    assert ('extra={"multiple_outputs": True}' in found.body) is is_told
