"""The page says of each DAG whether it is equal, differs or is reported."""

from __future__ import annotations

from pathlib import Path

from tests.equivalence.cases import SUITE, Case, cases, groups
from tests.equivalence.compare import Difference
from tests.equivalence.examples3 import NAMED3, VOLATILE3
from tests.equivalence.table import Comparison, page, rows_of

CASE = Case("branches", Path("branches.py"), "A branch | a join.")
REPORTED = Case("macros", Path("macros.py"), "Macros.", reported="Nobody knows them.")
STATE = Difference("state", "join", "skipped", "success")


def row(comparison: Comparison) -> str:
    return page({"Ours": [comparison]}).splitlines()[-1]


def test_equal() -> None:
    comparison = Comparison(CASE, "dynamic", (), (), 0.25, 1.5)
    assert comparison.as_expected
    assert row(comparison) == (
        "| `branches` | A branch \\| a join. | dynamic | equal | equal | equal | equal | equal "
        "| 0.25 s | 1.50 s |"
    )


def test_different() -> None:
    comparison = Comparison(CASE, "dynamic", (STATE,), ())
    assert not comparison.as_expected
    assert comparison.shown() == "branches: join: state: Airflow 'skipped', ZenML 'success'"
    assert "| differ | equal | equal | equal | equal |" in row(comparison)


def test_a_difference_that_a_finding_names() -> None:
    case = Case("waits", Path("waits.py"), "A sensor.", named=("tries", "D2Z208"))
    tries = Difference("tries", "wait", 1, 3)
    named = Comparison(case, "static", (tries,), (), is_named=True)
    assert named.as_expected
    assert "| equal | equal | named: D2Z208 | equal | equal |" in row(named)
    assert not Comparison(case, "static", (tries,), ()).as_expected
    assert not Comparison(case, "static", (tries, STATE), (), is_named=True).as_expected


def test_reported() -> None:
    comparison = Comparison(REPORTED, "static", (), ("D2Z404 no such name",), 0.1)
    assert comparison.as_expected
    assert row(comparison) == (
        "| `macros` | Macros. Nobody knows them. | static | reported: D2Z404 |  |  |  |  "
        "| 0.10 s |  |"
    )
    assert "1 DAGs: 0 equal, 1 reported." in page({"Ours": [comparison]})


def test_a_list_that_is_out_of_date_is_not_as_expected() -> None:
    assert not Comparison(CASE, "static", (), ("D2Z404 no such name",)).as_expected
    outdated = Comparison(REPORTED, "static", (), ())
    assert not outdated.as_expected
    assert "listed as reported" in outdated.shown()


def test_cases_are_many_and_each_says_what_it_is_about() -> None:
    assert len(cases()) >= 60
    assert all(case.semantic for case in cases().values())
    assert len(SUITE) == len(set(SUITE))


def test_rows_of_an_earlier_page_stay_in_their_table() -> None:
    equal = Comparison(CASE, "dynamic", (), (), 0.25, 1.5)
    earlier = rows_of(page({"Ours": [equal], "Theirs": [equal]}))
    assert {name: [*rows] for name, rows in earlier.items()} == {
        "Ours": ["branches"],
        "Theirs": ["branches"],
    }
    shown = page(
        {"Ours": [], "Theirs": [equal]}, {"Ours": ["branches"], "Theirs": ["branches"]}, earlier
    )
    again = rows_of(shown)
    assert again["Ours"]["branches"].startswith("| `branches` † |")
    assert again["Theirs"]["branches"] == earlier["Theirs"]["branches"]


def test_examples_of_both_airflows() -> None:
    names = [group.name for group in groups()]
    assert names == ["Our DAGs", "Airflow 2.10's example DAGs", "Airflow 3.3's example DAGs"]
    assert {case.major for case in groups()[2].cases.values()} == {3}
    files = [case.file for group in groups() for case in group.cases.values()]
    assert [file for file in files if not file.is_file()] == []
    unknown = {*NAMED3, *VOLATILE3} - groups()[2].cases.keys()
    assert unknown == set()
