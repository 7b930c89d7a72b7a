"""Schedules, dates and the other arguments of a DAG."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta

from tests.lower.factory import PlainLowering, argument, dag, dag_file, module, span
from transpiler.lower.assets import shown
from transpiler.lower.common_dag import DagOptions, lower_dag_arguments
from transpiler.lower.dag_argument_table import CARRIED, ROWS
from transpiler.lower.dates import ScheduleDates, lower_dates
from transpiler.lower.schedule import PRESETS, Schedule, lower_schedule
from transpiler.model.codes import CODES
from transpiler.model.dag import AirflowRelease, SourceModule
from transpiler.model.pipeline import ScheduleModel
from transpiler.model.values import Call, Ref, Symbolic

BRUSSELS = ZoneInfo("Europe/Brussels")
START = datetime(2024, 1, 1, tzinfo=timezone.utc)
AIRFLOW_3 = module("from airflow.sdk import DAG\n")
AIRFLOW_2 = module("from airflow import DAG\n")


def call(name: str, /, *args: Any, **kwargs: Any) -> Call:
    return Call(name, args, kwargs, f"{name.rpartition('.')[2]}(…)", span())


def schedule(value: Any, airflow_major: int = 2) -> Schedule:
    return lower_schedule(
        argument("schedule", value),
        ScheduleDates(),
        catchup=False,
        airflow_major=airflow_major,
        span=span(),
    )


CRON = "airflow.timetables.interval.CronDataIntervalTimetable"
DELTA = "airflow.timetables.interval.DeltaDataIntervalTimetable"
TRIGGER = "airflow.timetables.trigger"
EVENTS = "airflow.timetables.events.EventsTimetable"


@pytest.mark.parametrize(
    ("value", "model", "text"),
    [
        pytest.param(None, ScheduleModel(), None, id="by hand"),
        pytest.param("0 2 * * *", ScheduleModel(cron="0 2 * * *"), "0 2 * * *", id="cron"),
        pytest.param(
            "0 2 * * 1#1", ScheduleModel(cron="0 2 * * 1#1"), "0 2 * * 1#1", id="first Monday"
        ),
        pytest.param(
            "0 2 * * * 30", ScheduleModel(cron="0 2 * * * 30"), "0 2 * * * 30", id="six fields"
        ),
        pytest.param("@once", ScheduleModel(once=True), "@once", id="once"),
        pytest.param(
            timedelta(hours=6), ScheduleModel(every_seconds=21600.0), "21600", id="interval"
        ),
        pytest.param(
            timedelta(seconds=0.5), ScheduleModel(every_seconds=0.5), "0.5", id="fraction"
        ),
        pytest.param(
            relativedelta(days=1, hours=2),
            ScheduleModel(every_seconds=93600.0),
            "93600",
            id="relativedelta",
        ),
        pytest.param(
            call(CRON, "0 2 * * *", timezone="Europe/Brussels"),
            ScheduleModel(cron="0 2 * * *", timezone="Europe/Brussels"),
            "0 2 * * *",
            id="cron timetable",
        ),
        pytest.param(
            call(CRON, "0 2 * * *", BRUSSELS),
            ScheduleModel(cron="0 2 * * *", timezone="Europe/Brussels"),
            "0 2 * * *",
            id="zone as an object",
        ),
        pytest.param(
            call(DELTA, timedelta(days=1)),
            ScheduleModel(every_seconds=86400.0),
            "86400",
            id="delta timetable",
        ),
        pytest.param(
            call("airflow.timetables.simple.NullTimetable"),
            ScheduleModel(),
            None,
            id="null timetable",
        ),
        pytest.param(
            call("airflow.timetables.simple.OnceTimetable"),
            ScheduleModel(once=True),
            "@once",
            id="once timetable",
        ),
        pytest.param(
            call(f"{TRIGGER}.CronTriggerTimetable", "0 2 * * *", timezone="UTC"),
            ScheduleModel(cron="0 2 * * *", trigger=True),
            "0 2 * * *",
            id="cron trigger",
        ),
        pytest.param(
            call(
                f"{TRIGGER}.CronTriggerTimetable",
                cron="0 2 * * *",
                timezone=BRUSSELS,
                interval=relativedelta(hours=6),
            ),
            ScheduleModel(
                cron="0 2 * * *", trigger=True, interval_seconds=21600, timezone="Europe/Brussels"
            ),
            "0 2 * * *",
            id="cron trigger with an interval",
        ),
        pytest.param(
            call(
                f"{TRIGGER}.DeltaTriggerTimetable", timedelta(hours=6), interval=timedelta(0, 0.5)
            ),
            ScheduleModel(every_seconds=21600, trigger=True, interval_seconds=0.5),
            "21600",
            id="delta trigger",
        ),
        pytest.param(
            call(
                f"{TRIGGER}.MultipleCronTriggerTimetable",
                "0 2 * * *",
                "0 4 * * 1",
                timezone="UTC",
                interval=timedelta(hours=1),
            ),
            ScheduleModel(cron=("0 2 * * *", "0 4 * * 1"), trigger=True, interval_seconds=3600),
            "0 2 * * *, 0 4 * * 1",
            id="several crons",
        ),
        pytest.param(
            call(f"{TRIGGER}.MultipleCronTriggerTimetable", "0 2 * * *", timezone="UTC"),
            ScheduleModel(cron="0 2 * * *", trigger=True),
            "0 2 * * *",
            id="only one of several crons",
        ),
        pytest.param(
            call(EVENTS, event_dates=[datetime(2024, 2, 1), START], restrict_to_events=True),
            ScheduleModel(
                events=("2024-01-01T00:00:00+00:00", "2024-02-01T00:00:00+00:00"),
                restrict_to_events=True,
            ),
            "2 events",
            id="listed dates",
        ),
        *[
            pytest.param(preset, ScheduleModel(cron=cron), preset, id=preset)
            for preset, cron in PRESETS.items()
        ],
    ],
)
def test_schedules_without_loss(value: Any, model: ScheduleModel, text: str | None) -> None:
    assert schedule(value) == Schedule(model, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("@sometimes", "@sometimes", id="no such preset"),
        pytest.param("every day", "every day", id="not cron"),
        pytest.param("61 * * * *", "61 * * * *", id="no such minute"),
        pytest.param(timedelta(0), "0", id="no interval"),
        pytest.param(timedelta(days=-1), "-86400", id="backwards"),
        pytest.param(
            relativedelta(days=1, weekday=0), "relativedelta(days=+1, weekday=MO)", id="a weekday"
        ),
        pytest.param(relativedelta(months=-1), "relativedelta(months=-1)", id="months backwards"),
        pytest.param(Symbolic("CRON", "unknown"), "CRON", id="not known"),
        pytest.param(Ref("company.SCHEDULE"), "company.SCHEDULE", id="from outside"),
        pytest.param(call("company.AfterWorkday"), "AfterWorkday(…)", id="own timetable"),
        pytest.param(call(EVENTS, ["2024-01-01"]), "EventsTimetable(…)", id="dates that are texts"),
        pytest.param(
            call(f"{TRIGGER}.CronTriggerTimetable", "0 2 * * *", interval=relativedelta(months=1)),
            "CronTriggerTimetable(…)",
            id="intervals that differ",
        ),
        pytest.param(
            call(f"{TRIGGER}.MultipleCronTriggerTimetable", timezone="UTC"),
            "MultipleCronTriggerTimetable(…)",
            id="no cron",
        ),
        pytest.param(
            call(CRON, Symbolic("X", "unknown")), "CronDataIntervalTimetable(…)", id="cron unknown"
        ),
        pytest.param(
            call("airflow.timetables.datasets.DatasetOrTimeSchedule", datasets=[]),
            "DatasetOrTimeSchedule(…)",
            id="no timetable in it",
        ),
        pytest.param(5, "5", id="not a schedule"),
    ],
)
def test_schedules_without_equivalent_are_started_by_hand(value: Any, text: str) -> None:
    lowered = schedule(value)
    assert lowered.model == ScheduleModel()
    assert lowered.text == text
    assert [(f.code, f.severity) for f in lowered.findings] == [("D2Z206", "manual")]


DATASET = call("airflow.datasets.Dataset", "s3://x")


ASSET = call("airflow.sdk.Asset", "orders", "s3://y")
ALIAS = call("airflow.datasets.DatasetAlias", "lake")


@pytest.mark.parametrize(
    ("value", "condition"),
    [
        pytest.param(DATASET, "s3://x", id="one"),
        pytest.param([DATASET], "s3://x", id="one in a list"),
        pytest.param([DATASET, ASSET], {"all": ["s3://x", "s3://y"]}, id="all"),
        pytest.param(
            call("airflow.sdk.AssetAny", call("airflow.sdk.AssetAny", DATASET, ASSET),
                 call("airflow.sdk.AssetAll", DATASET, ALIAS)),
            {"any": ["s3://x", "s3://y", {"all": ["s3://x", {"alias": "lake"}]}]}, id="nested"),
        pytest.param(call("airflow.datasets.DatasetAny", DATASET, ALIAS),
                     {"any": ["s3://x", {"alias": "lake"}]}, id="any"),
        pytest.param(call("airflow.sdk.Asset.ref", name="orders"), {"name": "orders"}, id="name"),
        pytest.param(call("airflow.sdk.Asset.ref", uri="s3://z"), "s3://z", id="reference by URI"),
        pytest.param(call("airflow.sdk.Asset", name="orders"), "orders", id="only a name"),
    ],
)  # fmt: skip
def test_a_dag_that_assets_start(value: Any, condition: Any) -> None:
    lowered = schedule(value)
    assert (lowered.model, lowered.findings) == (ScheduleModel(datasets=condition), ())
    assert lowered.text == shown(condition)
    assert schedule(value, 3).model == ScheduleModel(assets=condition)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        pytest.param(Symbolic("Dataset(X) & Dataset(Y)", "unknown"), "only when the file runs",
                     id="joined"),
        pytest.param(call("airflow.datasets.Dataset", Symbolic("X", "unknown")),
                     "its name is known only when", id="name"),
        pytest.param(call("airflow.sdk.Asset", "x", watchers=[1]), "its watchers", id="watched"),
    ],
)  # fmt: skip
def test_assets_that_the_file_does_not_tell(value: Any, why: str) -> None:
    lowered = schedule(value)
    assert lowered.model == ScheduleModel()
    assert [(f.code, f.severity) for f in lowered.findings] == [("D2Z240", "manual")]
    assert why in lowered.findings[0].message
    both = "airflow.timetables.datasets.DatasetOrTimeSchedule"
    by_time = schedule(call(both, timetable=call(CRON, "0 2 * * *"), datasets=[value]))
    assert by_time.model == ScheduleModel(cron="0 2 * * *")
    assert "by the clock only" in by_time.findings[0].message


def test_a_dag_that_assets_and_the_clock_start() -> None:
    timetable = call(CRON, "0 2 * * *", timezone="UTC")
    both = "airflow.timetables.datasets.DatasetOrTimeSchedule"
    lowered = schedule(call(both, timetable=timetable, datasets=[DATASET]))
    assert lowered.model == ScheduleModel(cron="0 2 * * *", datasets="s3://x")
    assert lowered.text == "0 2 * * * or s3://x"
    assert lowered.findings == ()


@pytest.mark.parametrize(
    ("value", "model"),
    [
        ("@continuous", ScheduleModel(continuous=True)),
        (call("airflow.timetables.simple.ContinuousTimetable"), ScheduleModel(continuous=True)),
        (relativedelta(months=1), ScheduleModel(every={"months": 1})),
        (relativedelta(years=1, day=31), ScheduleModel(every={"years": 1, "day": 31})),
    ],
)
def test_schedules_that_only_the_listener_knows(value: Any, model: ScheduleModel) -> None:
    assert schedule(value).model == model
    assert schedule(value).findings == ()


@pytest.mark.parametrize(
    ("value", "model"),
    [
        ("0 2 * * *", ScheduleModel(cron="0 2 * * *", trigger=True)),
        (timedelta(days=1), ScheduleModel(every_seconds=86400, trigger=True)),
        (call(CRON, "0 2 * * *"), ScheduleModel(cron="0 2 * * *")),
        ("@once", ScheduleModel(once=True)),
        (None, ScheduleModel()),
    ],
)
def test_airflow_3_triggers_by_plain_schedules(value: Any, model: ScheduleModel) -> None:
    lowered = schedule(value, 3)

    assert lowered.model == model
    assert lowered.findings == ()


def test_several_crons_must_all_be_valid() -> None:
    several = call(f"{TRIGGER}.MultipleCronTriggerTimetable", "0 2 * * *", "soon", timezone="UTC")

    lowered = schedule(several)

    assert lowered.model == ScheduleModel()
    assert [found.code for found in lowered.findings] == ["D2Z206"]


@pytest.mark.parametrize(
    ("start", "text", "zone", "codes"),
    [
        pytest.param(datetime(2023, 1, 1), "2023-01-01T00:00:00+00:00", "UTC", [], id="naive"),
        pytest.param(START, "2024-01-01T00:00:00+00:00", "UTC", [], id="utc"),
        pytest.param(
            datetime(2023, 1, 1, tzinfo=BRUSSELS),
            "2023-01-01T00:00:00+01:00",
            "Europe/Brussels",
            [],
            id="named zone",
        ),
        pytest.param(
            datetime(2023, 1, 1, tzinfo=timezone(timedelta(hours=2))),
            "2023-01-01T00:00:00+02:00",
            "Etc/GMT-2",
            [],
            id="whole hours have a name, with the sign reversed",
        ),
        pytest.param(
            datetime(2023, 1, 1, tzinfo=timezone(timedelta(minutes=330))),
            "2023-01-01T00:00:00+05:30",
            "UTC",
            ["D2Z206"],
            id="half hours have none",
        ),
        pytest.param(date(2023, 1, 1), "2023-01-01T00:00:00+00:00", "UTC", [], id="date"),
        pytest.param("2023-01-01", "2023-01-01T00:00:00+00:00", "UTC", [], id="text"),
        pytest.param("last week", None, "UTC", ["D2Z303"], id="no date"),
        pytest.param(
            call("airflow.utils.dates.days_ago", 1), None, "UTC", ["D2Z207"], id="moves every day"
        ),
        pytest.param(3, None, "UTC", ["D2Z207"], id="not a date"),
        pytest.param(None, None, "UTC", [], id="none"),
    ],
)
def test_start_dates(start: Any, text: str | None, zone: str, codes: list[str]) -> None:
    dates = lower_dates(argument("start_date", start), None)
    assert (dates.start, dates.timezone) == (text, zone)
    assert [f.code for f in dates.findings] == codes


def test_an_end_date_that_is_not_known() -> None:
    dates = lower_dates(None, argument("end_date", Symbolic("END", "unknown")))
    assert [f.code for f in dates.findings] == ["D2Z216"]


def options(
    source: SourceModule = AIRFLOW_2,
    default_args: Any = None,
    says: str | None = "the Dockerfile",
    **arguments: Any,
) -> tuple[DagOptions, PlainLowering]:
    major = 3 if source is AIRFLOW_3 else 2
    file = replace(dag_file(source), airflow=AirflowRelease(major, 3, says))
    to = PlainLowering(dag(default_args=default_args, **arguments), file)
    return lower_dag_arguments(to), to  # type: ignore[arg-type]


def test_a_whole_dag() -> None:
    found, to = options(
        schedule_interval="0 2 * * *",
        start_date=datetime(2023, 1, 1, tzinfo=BRUSSELS),
        catchup=False,
        tags=["ltv", "be"],
        description="Lifetime value.",
        doc_md="# Belgium",
        params={"market": "BE", "limit": call("airflow.models.param.Param", 5)},
    )
    assert found.schedule == ScheduleModel(
        cron="0 2 * * *",
        start_date="2023-01-01T00:00:00+01:00",
        timezone="Europe/Brussels",
    )
    assert (found.schedule_text, found.start_date) == ("0 2 * * *", "2023-01-01T00:00:00+01:00")
    assert (found.catchup, found.tags, found.dag_id) == (False, ("ltv", "be"), "nightly")
    assert found.doc == "Lifetime value.\n\n# Belgium"
    assert found.params == {"market": "BE", "limit": 5}
    assert to.settings.content().config["params"] == {"market": "BE", "limit": 5}
    assert to.findings == []


@pytest.mark.parametrize(
    ("source", "seconds", "catchup"),
    [(AIRFLOW_2, 86400.0, True), (AIRFLOW_3, None, False)],
    ids=["2", "3"],
)
def test_defaults_of_the_airflow_version(
    source: SourceModule, seconds: float | None, catchup: bool
) -> None:
    found, to = options(source, start_date=START)
    assert found.schedule.every_seconds == seconds
    assert found.catchup is catchup
    assert to.codes() == ["D2Z211", *(["D2Z217"] if catchup else [])]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"schedule": "@daily"}, ["warning"]),
        ({"schedule": "@daily", "catchup": None}, ["warning"]),
        ({"schedule": "@daily", "catchup": True}, ["info"]),
        ({"schedule": None}, []),
        ({"schedule": "@daily", "says": "migration.yaml"}, []),
    ],
)
def test_what_hangs_on_an_airflow_that_nothing_names(
    arguments: dict[str, Any], found: list[str]
) -> None:
    options_, _ = options(**{"says": None, "start_date": START, **arguments})
    severities = [item.severity for item in options_.findings if item.code == "D2Z122"]
    assert severities == found


def test_dates_and_params_of_default_args_are_the_dags() -> None:
    found, to = options(
        default_args={"start_date": START, "end_date": START, "params": {"a": 1, "b": 1}},
        schedule="@daily",
        catchup=False,
        params={"b": 2},
    )
    assert found.schedule.start_date == found.schedule.end_date == "2024-01-01T00:00:00+00:00"
    assert found.params == {"a": 1, "b": 1}, "Airflow lets those of default_args win"
    assert to.codes() == ["D2Z217"]


def test_a_schedule_without_start_date() -> None:
    assert options(schedule="@daily", catchup=False)[1].codes() == ["D2Z207"]
    assert options(schedule=None)[1].codes() == []
    moving = call("airflow.utils.dates.days_ago", 1)
    assert options(schedule="@daily", catchup=False, start_date=moving)[1].codes() == ["D2Z207"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_reports_and_is_silent_at_the_default(row: Any) -> None:
    assert row.code in CODES
    assert row.name not in CARRIED
    for silent in row.silent:
        assert options(schedule=None, **{row.name: silent})[1].codes() == []
    assert options(schedule=None, **{row.name: "something else"})[1].codes() == [row.code]


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        pytest.param({"colour": "red"}, ["D2Z302"], id="no such argument"),
        pytest.param({"tags": Symbolic("TAGS", "unknown")}, ["D2Z216"], id="tags"),
        pytest.param({"params": Symbolic("PARAMS", "unknown")}, ["D2Z216"], id="params"),
        pytest.param({"params": {"a": Symbolic("A", "unknown")}}, ["D2Z216"], id="one param"),
        pytest.param({"doc_md": Symbolic("DOC", "unknown")}, ["D2Z216"], id="documentation"),
        pytest.param({"catchup": Symbolic("CATCHUP", "unknown")}, ["D2Z216"], id="catchup"),
        pytest.param({"on_failure_callback": Ref("x.tell")}, ["D2Z205"], id="callback of the run"),
        pytest.param(
            {"params": {"a": call("airflow.sdk.Param", type="string")}},
            ["D2Z308"],
            id="no default",
        ),
    ],
)
def test_arguments_that_need_a_word(arguments: dict[str, Any], codes: list[str]) -> None:
    assert options(schedule=None, **arguments)[1].codes() == codes


def test_catchup_that_is_not_a_bool() -> None:
    assert options(schedule=None, catchup=0)[0].catchup is False
    assert options(schedule=None, catchup=None)[0].catchup is True


def test_the_docstring_stands_in_for_documentation() -> None:
    to = PlainLowering(dag(schedule=None))
    assert lower_dag_arguments(to).doc is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cron",
    [
        "0 0 31 2 *",
        "0 0 30 2 *",
        "0 0 31 4,6 *",
        "0 0 1 1 * 0 1999",
        "0 0 * * * 0 2030",
        "R R * * *",
    ]
    + ["@every 5m", "@reboot", "0 0 * * L", "0 24 * * *", "H 0 * * *", "0 0 * *", ""],
)
def test_an_expression_that_the_scheduler_cannot_keep_is_reported(cron: str) -> None:
    lowered = schedule(cron)
    assert [found.code for found in lowered.findings] == ["D2Z206"]
    assert lowered.model == ScheduleModel()


@pytest.mark.parametrize(
    "cron", ["0 0 29 2 *", "0 0 L * *", "0 0 15W * *", "0 0 * * MON#1", "0 0 ? * *", "0 0 1 MAR *"]
)
def test_rare_forms_that_airflow_knows_are_kept(cron: str) -> None:
    lowered = schedule(cron)
    assert (lowered.model.cron, lowered.findings) == (cron, ())


def test_presets_may_be_written_in_capitals() -> None:
    assert schedule("@Daily").model.cron == "0 0 * * *"
    assert [found.code for found in schedule("@Quarterly").findings] == ["D2Z206"]


@pytest.mark.parametrize(
    ("head", "given", "cron"),
    [
        (AIRFLOW_2, {"schedule": "@daily", "schedule_interval": None}, None),
        (AIRFLOW_2, {"schedule": None, "schedule_interval": "@daily"}, "0 0 * * *"),
        (AIRFLOW_2, {"timetable": None, "schedule": "@daily"}, "0 0 * * *"),
        (AIRFLOW_3, {"schedule": "@daily", "schedule_interval": None}, "0 0 * * *"),
    ],
)
def test_one_of_three_names_wins(
    head: SourceModule, given: dict[str, Any], cron: str | None
) -> None:
    found, _ = options(head, **given)
    assert found.schedule.cron == cron
