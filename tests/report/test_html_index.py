"""The index over several DAGs, the waves, and the files that the pages are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.documents import HOSTILE, hostile
from tests.report.html_reports import HEAD, Page, document_of, fixture_results, read, rendered
from transpiler.report.models import DagEntry, Source, TaskEntry
from transpiler.report.page.index_page import index_page
from transpiler.report.page.pages import pages
from transpiler.report.page.waves import needs_of, waves_of
from transpiler.report.page.write import write_pages
from transpiler.workspace.errors import WorkspaceError


def dag(
    dag_id: str,
    waits_for: tuple[str, ...] = (),
    triggers: tuple[str, ...] = (),
    updates: tuple[str, ...] = (),
    starts_by: tuple[str, ...] = (),
) -> DagEntry:
    """A DAG of one task."""
    task = TaskEntry(
        task_id="t",
        operator="o",
        step="s",
        steps=["t"],
        upstream=[],
        trigger_rule="all_success",
        retries=0,
        retry_delay_seconds=0,
        execution_timeout_seconds=None,
        mapped=False,
        group=None,
        disposition="mapped",
        source=Source(line=1, column=1),
        waits_for=list(waits_for),
        triggers=list(triggers),
        updates=list(updates),
    )
    return DagEntry(
        dag_id=dag_id,
        pipeline=f"pipelines/{dag_id}.py",
        mode="static",
        mode_reason="",
        schedule=None,
        start_date=None,
        catchup=False,
        tags=[],
        params={},
        tasks=[task],
        findings=[],
        source=Source(line=1, column=1),
        starts_by=list(starts_by),
    )


def test_a_dag_comes_after_those_whose_assets_start_it() -> None:
    orders = dag("orders", updates=("s3://orders",))
    customers = dag("customers", updates=("s3://customers", "s3://orders"))
    marts = dag("marts", starts_by=("s3://orders", "s3://customers", "s3://of_nobody"))
    assert waves(marts, orders, customers) == [
        {"customers": "needs no other DAG", "orders": "needs no other DAG"},
        {"marts": "after customers, orders"},
    ]
    found = {need.other: (need.kind, need.by) for need in needs_of([marts, orders, customers])}
    assert found == {
        "orders": ("starts by assets of", ("s3://orders",)),
        "customers": ("starts by assets of", ("s3://orders", "s3://customers")),
    }


def waves(*dags: DagEntry) -> list[dict[str, str]]:
    """The reasons by DAG, wave by wave."""
    found = waves_of((one.dag_id for one in dags), needs_of(dags))
    assert [wave.number for wave in found] == list(range(1, len(found) + 1))
    return [dict(wave.reasons) for wave in found]


def test_a_dag_comes_after_what_it_needs() -> None:
    assert waves(dag("c", ("b",)), dag("b", ("a",), ("x",)), dag("a"), dag("d", (), ("a",))) == [
        {"a": "needs no other DAG"},
        {
            "b": "after a; x not among the files read",
            "d": "after a",
        },
        {"c": "after b"},
    ]


def test_a_circle_is_one_wave_at_its_turn() -> None:
    assert waves(
        dag("a", ("b",)), dag("b", (), ("a",)), dag("c", ("a",)), dag("self", ("self",))
    ) == [
        {"self": "needs no other DAG"},
        {
            "a": "in a circle with b: migrate them together",
            "b": "in a circle with a: migrate them together",
        },
        {"c": "after a"},
    ]


def test_many_needs_are_named_shortly() -> None:
    many = [dag(f"d{n}") for n in range(6)]
    _, last = waves(*many, dag("z", tuple(one.dag_id for one in many)))
    assert last == {"z": "after d0, d1, d2, d3 and 2 more"}


@pytest.fixture(scope="module")
def tree() -> dict[str, str]:
    """The pages of three of the repository's DAG files."""
    return rendered(fixture_results())


def test_the_index_links_every_page(tree: dict[str, str]) -> None:
    page = Page(tree["migration.html"])
    links = {str(a["href"]) for a in page.all("a") if not str(a["href"]).startswith("#")}
    assert links == set(tree) - {"migration.html"}
    text = " ".join(page.text.split())
    for part in (
        "Migration of 3 DAGs",
        "All DAGs convert, with settings to make",
        "3 of 3",
        "Wave 1",
        "after tran-ds-ltv-acquisition-be-inference",
        "feature_engineering_daily not among the files read",
        "2 dependencies",
    ):
        assert part in text
    labels = [str(a["aria-label"]) for a in page.of_class("node")]
    assert "feature_engineering_daily, not read, not needed" in labels
    assert len(page.of_class("changed")) == 1
    for address, other in tree.items():
        if address != "migration.html":
            assert Page(other).all("a", href="../migration.html")


def test_one_dag_is_the_page_itself() -> None:
    (result,) = [r for r in fixture_results() if r.path.endswith("order_intake_branching.py")]
    made = rendered([result], index="index.html")
    assert list(made) == ["index.html"]
    assert "order_intake" in Page(made["index.html"]).text


def test_what_was_not_read_is_listed_together(tmp_path: Path) -> None:
    files = {f"broken_{n}.py": "from airflow import DAG\ndef f(:\n" for n in range(3)}
    files["other.py"] = "from airflow import DAG\n"
    made = rendered(read(tmp_path, files))
    assert list(made) == ["migration.html"]
    text = " ".join(Page(made["migration.html"]).text.split())
    assert "No DAGs found" in text
    assert "Not read 4" in text
    assert "broken_2.py" in text
    assert "made no DAG" in text


def test_a_dag_beside_files_that_were_not_read(tmp_path: Path) -> None:
    ok = f'{HEAD}\nwith DAG("ok", start_date=datetime(2024, 1, 1), schedule=None):\n    pass\n'
    made = rendered(read(tmp_path, {"ok.py": ok, "broken.py": "from airflow import DAG\ndef f(:"}))
    text = " ".join(Page(made["migration.html"]).text.split())
    assert list(made) == ["migration.html"]
    assert "Some files were not read" in text
    assert "no tasks" in text


def test_nothing_at_all_is_a_page_too() -> None:
    text = Page(rendered([])["migration.html"]).text
    assert "No DAGs found" in text


def test_hostile_text_on_the_index() -> None:
    text = index_page(hostile(), {})
    page = Page(text)
    assert len(page.all("script")) == 2
    assert not page.all("img")
    assert not {"\x1b", "\u202e"} & set(text)
    assert HOSTILE.split("\n")[0] in page.text


def test_pages_of_earlier_runs_are_linked_where_they_are() -> None:
    document = document_of(fixture_results())
    now, *_ = fixture_results()
    made = {p.path: p for p in pages(document, [now], known=lambda path: "ltv" in path)}
    assert [sorted(page.sources) for page in made.values()] == [[now.path], []]
    page = Page(made["migration.html"].text)
    links = {str(a["href"]) for a in page.all("a") if not str(a["href"]).startswith("#")}
    assert links == {
        *(path for path in made if path != "migration.html"),
        "migration/tran_ds_ltv_acquisition_be_inference.html",
    }


def test_pages_are_written_whole(tmp_path: Path, tree: dict[str, str]) -> None:
    results = fixture_results()
    number = write_pages(tmp_path / "new", pages(document_of(results), results))
    assert number == len(tree)
    assert (tmp_path / "new" / "migration.html").read_text() == tree["migration.html"]
    assert not list((tmp_path / "new").rglob(".page-*"))


def test_a_file_in_the_way_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError, match="--html"):
        write_pages(tmp_path / "file", pages(document_of(fixture_results()), fixture_results()))


def test_several_processes_make_the_same_pages(tree: dict[str, str]) -> None:
    results = fixture_results()
    made = {page.path: page.text for page in pages(document_of(results), results, jobs=2)}
    assert made == tree
