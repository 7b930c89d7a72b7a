"""SQL arguments: what they mean, which files they become, whether they are valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.lowered import HEAD, Lowered, lower
from transpiler.lower.sql_check import CheckedSql, check_sql
from transpiler.lower.sql_files import tidy
from transpiler.lower.sql_names import SqlNames, safe_name
from transpiler.lower.template_check import KnownNames, TemplatePlace
from transpiler.model.span import Span

IMPORT = "from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator\n"


def run(folder: Path, body: str, dag: str = "", before: str = "", **files: str) -> Lowered:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    text = (
        f"{HEAD}{IMPORT}{before}"
        f'with DAG("d-1", start_date=datetime(2024, 1, 1), schedule=None{dag}):\n{lines}\n'
    )
    return lower(folder, text, **files)


def task(sql: str, task_id: str = "'t'") -> str:
    return f"SnowflakeOperator(task_id={task_id}, sql={sql})"


def names(lowered: Lowered) -> list[str]:
    return [call.args[0].code for call in lowered.calls]


def test_text_becomes_a_file(tmp_path: Path) -> None:
    lowered = run(tmp_path, task("'SELECT {{ ds }}'"))

    assert names(lowered) == ["'d_1/t.sql'"]
    assert lowered.sql == {"d_1/t.sql": "SELECT {{ ds }}\n"}


def test_a_file_beside_the_dag_file(tmp_path: Path) -> None:
    lowered = run(tmp_path, task("'q/x.sql'"), q__x_dot_sql="SELECT '{{ ds }}' -- a\r\nFROM t\r\n")

    assert names(lowered) == ["'d_1/t.sql'"]
    assert lowered.sql == {"d_1/t.sql": "SELECT '{{ ds }}' -- a\nFROM t\n"}


@pytest.mark.parametrize(
    "searchpath",
    ["'{root}/q'", "['{root}/nowhere', '{root}/q']", "[__import__('x').y, '{root}/q']", "'q'"],
)
def test_the_search_path_comes_second(searchpath: str, tmp_path: Path) -> None:
    dag = f", template_searchpath={searchpath.format(root=tmp_path)}"
    body = f"{task(repr('x.sql'))}\n{task(repr('y.sql'), repr('u'))}"
    files = {"q__x_dot_sql": "SELECT 1", "q__y_dot_sql": "SELECT 2", "y_dot_sql": "SELECT 3"}

    lowered = run(tmp_path, body, dag, **files)

    assert lowered.sql == {"d_1/t.sql": "SELECT 1", "d_1/u.sql": "SELECT 3"}


def test_a_list_mixes_texts_and_files(tmp_path: Path) -> None:
    lowered = run(tmp_path, task("['SELECT 1', 'x.sql']"), x_dot_sql="SELECT 2")

    assert names(lowered) == ["['d_1/t_1.sql', 'd_1/t_2.sql']"]
    assert lowered.sql == {"d_1/t_1.sql": "SELECT 1\n", "d_1/t_2.sql": "SELECT 2"}


def test_a_file_of_several_tasks_keeps_its_name(tmp_path: Path) -> None:
    body = f"{task(repr('q/Load All.sql'), repr('a'))}\n{task(repr('q/Load All.sql'), repr('b'))}"
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "Load All.sql").write_text("SELECT 1", encoding="utf-8")

    lowered = run(tmp_path, body)

    assert names(lowered) == ["'d_1/Load_All.sql'"] * 2
    assert lowered.sql == {"d_1/Load_All.sql": "SELECT 1"}


def test_names_differ_in_more_than_case(tmp_path: Path) -> None:
    body = "\n".join(task("'SELECT 1'", repr(name)) for name in ("a.b", "a_b", "A-B"))

    assert names(run(tmp_path, body)) == ["'d_1/a_b.sql'", "'d_1/a_b_2.sql'", "'d_1/A_B_3.sql'"]


LOOP = "for n in [6, 12]:\n    " + task("{sql}", "{task_id}")


@pytest.mark.parametrize(
    ("sql", "task_id", "expected", "files"),
    [
        ("f'SELECT {n}'", "f'build_{n}'", "f'd_1/build_{n}.sql'", ["build_6", "build_12"]),
        ("f'SELECT {n}'", 'f"build_{n}"', 'f"d_1/build_{n}.sql"', ["build_6", "build_12"]),
        ("'SELECT 1'", "f'build_{n}_m'", "'d_1/build_m.sql'", ["build_m"]),
        ("'SELECT 1'", "f'{n}'", "'d_1/6.sql'", ["6"]),
        ("'SELECT 1'", "'b' + str(n)", "'d_1/b6.sql'", ["b6"]),
        (
            "[f'SELECT {n}', 'SELECT 2']",
            "f'b_{n}'",
            "[f'd_1/b_{n}_1.sql', f'd_1/b_{n}_2.sql']",
            ["b_6_1", "b_6_2", "b_12_1", "b_12_2"],
        ),
    ],
)
def test_a_loop_stays_one_call(
    sql: str, task_id: str, expected: str, files: list[str], tmp_path: Path
) -> None:
    lowered = run(tmp_path, LOOP.format(sql=sql, task_id=task_id))

    assert list(dict.fromkeys(names(lowered))) == [expected]
    assert sorted(lowered.sql) == sorted(f"d_1/{name}.sql" for name in files)


def test_a_loop_over_names(tmp_path: Path) -> None:
    body = "for name in ['a', 'b']:\n    " + task("f'SELECT {name!r}'", "name")

    assert set(names(run(tmp_path, body))) == {'f"d_1/{name}.sql"'}


@pytest.mark.parametrize(
    "task_id", ["'b' + str(n)", "f'b-{n}'", 'f"""b_{n}"""', "f'b_{n}'.upper()"]
)
def test_other_ids_give_plain_names(task_id: str, tmp_path: Path) -> None:
    lowered = run(tmp_path, LOOP.format(sql="f'SELECT {n}'", task_id=task_id))

    assert len(set(names(lowered))) == 2
    assert {name[1:-1] for name in names(lowered)} == set(lowered.sql)


def test_a_loop_in_a_group(tmp_path: Path) -> None:
    before = "from airflow.utils.task_group import TaskGroup\n"
    body = "with TaskGroup('g'):\n    for n in [6, 12]:\n        " + task(
        "f'SELECT {n}'", "f'b_{n}'"
    )

    lowered = run(tmp_path, body, before=before)

    assert set(names(lowered)) == {"f'd_1/g_b_{n}.sql'"}
    assert sorted(lowered.sql) == ["d_1/g_b_12.sql", "d_1/g_b_6.sql"]


def test_includes_follow(tmp_path: Path) -> None:
    files = {
        "x_dot_sql": "{% include 'parts/a.sql' %} WHERE {%- include \"b.sql\" %}",
        "parts__a_dot_sql": "{% from 'm.sql' import f %}SELECT {{ f() }} FROM t",
        "m_dot_sql": "{% macro f() %}1{% endmacro %}",
        "b_dot_sql": " d = '{{ ds }}'",
    }

    lowered = run(tmp_path, task("'x.sql'"), **files)

    assert lowered.sql == {
        "d_1/t.sql": "{% include 'd_1/parts/a.sql' %} WHERE {%- include \"d_1/b.sql\" %}",
        "d_1/parts/a.sql": "{% from 'd_1/m.sql' import f %}SELECT {{ f() }} FROM t",
        "d_1/m.sql": "{% macro f() %}1{% endmacro %}",
        "d_1/b.sql": " d = '{{ ds }}'",
    }
    assert [code for code, severity in lowered.codes if severity == "manual"] == []


def test_an_include_of_itself_ends(tmp_path: Path) -> None:
    lowered = run(tmp_path, task("'x.sql'"), x_dot_sql="SELECT 1 {% include 'x.sql' %}")

    assert ("D2Z403", "warning") in lowered.codes


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("'nowhere.sql'", "D2Z401"),
        ("'a\\\\b.sql'", "D2Z402"),
        ("'../x.sql'", "D2Z402"),
        ("'/etc/../x.sql'", "D2Z402"),
        ("'/etc/x.sql'", "D2Z402"),
        ("'linked.sql'", "D2Z402"),
        ("'latin.sql'", "D2Z104"),
        ("'large.sql'", "D2Z107"),
        ("'include.sql'", "D2Z401"),
        ("'dynamic.sql'", "D2Z401"),
    ],
)
def test_files_that_cannot_be_used(sql: str, code: str, tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "x.sql").write_text("SELECT 1", encoding="utf-8")
    (root / "linked.sql").symlink_to(tmp_path / "x.sql")
    (root / "latin.sql").write_bytes(b"SELECT '\xe9'")
    (root / "large.sql").write_bytes(b" " * (4 * 1024 * 1024 + 1))
    (root / "include.sql").write_text("{% include 'nowhere.sql' %}", encoding="utf-8")
    (root / "dynamic.sql").write_text("{% include ds %}", encoding="utf-8")

    lowered = run(root, task(sql))

    assert lowered.calls == []
    assert [found.code for found in lowered.refused] == [code]
    assert str(tmp_path) not in lowered.refused[0].message


def test_a_folder_outside_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    dag = f", template_searchpath='{tmp_path}'"

    lowered = run(tmp_path / "project", task("'x.sql'"), dag)

    assert lowered.refused[0].code == "D2Z402"
    assert lowered.refused[0].message.endswith("the folder ., a folder outside the project root")


def test_sql_that_is_not_known_stays_an_expression(tmp_path: Path) -> None:
    lowered = run(tmp_path, task("__import__('x').y"))

    assert [found.code for found in lowered.refused] == ["D2Z216"]


PLACE = TemplatePlace(Span("a.sql", 1, 1), "t", True)
KNOWN = KnownNames(params={"market": "BE", "own": 1})


def check(sql: str, **more: bool) -> CheckedSql:
    return check_sql(sql, PLACE, KNOWN, dag_id="d", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        ("SELECT '{{ params.market }}', {{ params.own }}", ("Select",)),
        ("DELETE FROM a; INSERT INTO a SELECT 1;", ("Delete", "Insert")),
        ("MERGE INTO a USING b ON a.x = b.x WHEN MATCHED THEN DELETE", ("Merge",)),
        ("SELECT a:b.c::string FROM t QUALIFY ROW_NUMBER() OVER (ORDER BY b) = 1", ("Select",)),
        ("COPY INTO t FROM @s/{{ ds }}/ FILE_FORMAT = (TYPE = PARQUET)", ("Copy",)),
        ("{# only a comment #}-- x\nSELECT 1", ("Select",)),
        ("SELECT * FROM {{ var.value.schema }}.t", ("Select",)),
        ("ALTER TASK x RESUME", None),
    ],
)
def test_valid_sql(sql: str, kinds: tuple[str, ...] | None) -> None:
    checked = check(sql)

    assert checked.findings == []
    assert kinds is None or checked.kinds == kinds


@pytest.mark.parametrize(
    ("sql", "severity", "message"),
    [
        (
            "SELEC 1",
            "manual",
            "Invalid expression / Unexpected token near '1', in line 1 of the SQL",
        ),
        ("SELECT 1\nFROM (", "manual", "in line 2 of the SQL rendered with sample values"),
        ("{{ '' }} ", "manual", "the SQL is empty"),
        ("BEGIN\n LET x := 1;\n RETURN x;\nEND;", "warning", "it is Snowflake Scripting"),
        ("SELECT 1 {{ var.value.rest }} x y z", "warning", "known at run time only"),
        ("SELECT {{ 1 / 0 }}", "warning", "ZeroDivisionError"),
        ("SELECT " + "(" * 60 + "1" + ")" * 60, "warning", "nested too deeply"),
        ("SELECT " + "NOT " * 3000 + "TRUE", "warning", "nested too deeply"),
        ("SELECT 1 {% include 'x.sql' %}", "warning", "it includes 'x.sql', which is not found"),
        ("SELECT 1" + " " * 199_900 + "{{ ds * 30 }}", "warning", "too large"),
        ("{% for i in range(99999) %}{{ i }}{% endfor %}", "warning", "loop turns and calls"),
    ],
)
def test_invalid_sql(sql: str, severity: str, message: str) -> None:
    (found,) = check(sql).findings

    assert (found.code, found.severity) == ("D2Z403", severity)
    assert message in found.message
    assert not check(sql).is_one_change


def test_a_param_without_default_is_a_sample() -> None:
    checked = check("SELECT {{ params.other }}")

    assert checked.kinds == ("Select",)
    assert [(found.code, found.severity) for found in checked.findings] == [("D2Z404", "warning")]


def test_a_template_that_does_not_parse_is_told(tmp_path: Path) -> None:
    lowered = run(tmp_path, task("'SELECT {{'"))

    assert ("D2Z405", "manual") in lowered.codes
    assert lowered.sql == {"d_1/t.sql": "SELECT {{\n"}


def test_a_wrong_template_is_not_rendered() -> None:
    assert [found.code for found in check("{{ foo }} SELEC").findings] == ["D2Z404"]


@pytest.mark.parametrize("sql", ["SELECT %(a)s, '10%%'", "SELECT %s WHERE x LIKE 'a%%'"])
def test_bound_values(sql: str) -> None:
    assert check(sql, bound=True).findings == []


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("INSERT INTO a SELECT 1", True),
        ("CREATE TABLE a (x INT); INSERT INTO a SELECT 1", True),
        ("DELETE FROM a; INSERT INTO a SELECT 1", False),
        ("BEGIN; DELETE FROM a; INSERT INTO a SELECT 1; COMMIT", True),
    ],
)
def test_one_change(sql: str, expected: bool) -> None:
    assert check(sql).is_one_change is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n        SELECT 1\n          FROM t\n    ", "SELECT 1\n  FROM t\n"),
        ("SELECT 1", "SELECT 1\n"),
        ("\n    SELECT '\n    x'", "\n    SELECT '\n    x'"),
    ],
)
def test_the_indentation_of_the_code_goes(text: str, expected: str) -> None:
    assert tidy(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a-b.c", "a_b_c"), ("../../x", "x"), ("é", "query"), ("", "query"), ("a" * 200, "a" * 100)],
)
def test_safe_names(text: str, expected: str) -> None:
    assert safe_name(text) == expected


def test_a_key_keeps_its_name() -> None:
    files = SqlNames("d")

    assert [files.name("a", 1), files.name("A", 2), files.name("b", 1)] == [
        "d/a.sql",
        "d/A_2.sql",
        "d/a.sql",
    ]
