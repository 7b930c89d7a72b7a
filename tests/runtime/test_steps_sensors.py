"""The steps that wait for moments, files and commands, in real ZenML steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from runtime.exceptions import ContextError, FailTask, SkipTask, WaitTimeoutError
from runtime.functions import call_with_context, load_function
from runtime.polling import Polling
from runtime.steps import (
    wait_after_interval,
    wait_for_command,
    wait_for_file,
    wait_for_weekday,
    wait_until,
    wait_until_time,
)
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]

InStep = Callable[[Callable[[], Any]], Any]
AT_ONCE: dict[str, Any] = {"poke_interval_seconds": 0.05, "timeout_seconds": 0}
DAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def over(in_step: InStep, *waits: tuple[Any, ...]) -> list[bool]:
    """Whether one look of each wait is enough: steps with their argument and options."""

    def look(step: Any, argument: Any, options: dict[str, Any]) -> bool:
        try:
            step(argument, **AT_ONCE, **options)
        except WaitTimeoutError:
            return False
        return True

    # One run of ZenML for all: a step that is called in a step is only its function.
    found = in_step(lambda: [look(one[0], one[1], dict(*one[2:])) for one in waits])
    return list(found)


def test_moments(in_step: InStep) -> None:
    tomorrow = datetime.now(timezone.utc) + timedelta(days=1)

    assert over(
        in_step,
        (wait_until, "{{ data_interval_end }}"),
        (wait_until, "2024-01-01"),
        (wait_until, "January 1 2024, 10 am"),
        (wait_until, tomorrow.isoformat()),
        (wait_until, "{{ macros.datetime.max.isoformat() }}"),
    ) == [True, True, True, False, False]


def test_times_of_day(in_step: InStep) -> None:
    early, late, *noons = over(
        in_step,
        (wait_until_time, "00:00:00"),
        (wait_until_time, "23:59:59.999999"),
        (wait_until_time, "12:00:00", {"timezone_name": "Etc/GMT+12"}),
        (wait_until_time, "12:00:00", {"timezone_name": "Etc/GMT"}),
    )

    assert (early, late) == (True, False)
    # One of the two zones is past noon while the other is not.
    assert sorted(noons) == [False, True]


def test_time_since_the_data_interval(in_step: InStep) -> None:
    # The run is one of 2024, whose interval ended on 3 January.
    age = datetime.now(timezone.utc) - datetime(2024, 1, 3, 2, tzinfo=timezone.utc)

    assert over(
        in_step,
        (wait_after_interval, 0),
        (wait_after_interval, age.total_seconds() - 3600),
        (wait_after_interval, age.total_seconds() + 3600),
    ) == [True, True, False]


def test_days_of_the_week(in_step: InStep) -> None:
    assert over(
        in_step,
        (wait_for_weekday, "TUESDAY", {"use_logical_date": True}),
        (wait_for_weekday, ["monday", "sunday"], {"use_logical_date": True}),
        (wait_for_weekday, DAY_NAMES),
        (wait_for_weekday, []),
    ) == [True, False, True, False]
    with pytest.raises(ValueError, match="'Tue' is not a day of the week"):
        in_step(lambda: wait_for_weekday("Tue"))


def test_files(in_step: InStep, tmp_path: Path) -> None:
    (tmp_path / "2024-01-02" / "a").mkdir(parents=True)
    template = f"{tmp_path}/{{{{ ds }}}}"
    empty = (wait_for_file, template), (wait_for_file, f"{tmp_path}/absent")

    assert over(in_step, *empty) == [False, False]
    (tmp_path / "2024-01-02" / "a" / "b.csv").touch()
    assert over(
        in_step,
        (wait_for_file, template),
        (wait_for_file, f"{template}/*/*.csv"),
        (wait_for_file, f"{template}/**/*.csv.gz", {"recursive": True}),
        (wait_for_file, f"{tmp_path}/**/b.csv", {"recursive": True}),
        (wait_for_file, f"{tmp_path}/**/b.csv"),
    ) == [True, True, False, True, False]


def test_files_below_the_folder_of_a_connection(
    in_step: InStep, emitted_project: EmittedProject, tmp_path: Path
) -> None:
    connection = {"type": "fs", "extra": {"path": str(tmp_path)}}
    settings = {"pipeline": "probe-dag", "connections": {"fs_exports": connection}}
    emitted_project.configure("probe_dag", settings)
    (tmp_path / "orders.csv").touch()

    assert over(
        in_step,
        (wait_for_file, "orders.csv", {"connection": "fs_exports"}),
        (wait_for_file, str(tmp_path / "orders.csv"), {"connection": "fs_exports"}),
        (wait_for_file, "orders.csv"),
    ) == [True, True, False]


def test_commands(in_step: InStep) -> None:
    assert over(
        in_step,
        (wait_for_command, "test {{ ds }} = 2024-01-02"),
        (wait_for_command, "exit 7"),
        (wait_for_command, "exit 7", {"retry_exit_code": 7}),
        (wait_for_command, 'test "$DAY" = "x$HOME"', {"env": {"DAY": "x"}}),
    ) == [True, False, False, True]
    with pytest.raises(FailTask, match="exit code 8"):
        in_step(lambda: wait_for_command("exit 8", retry_exit_code=7))
    with pytest.raises(SkipTask):
        in_step(lambda: wait_for_command("exit 8", retry_exit_code=7, soft_fail=True))


def test_a_command_is_run_again(in_step: InStep, tmp_path: Path) -> None:
    command = f"echo x >> {tmp_path}/looks; test $(wc -l < {tmp_path}/looks) = 3"
    growing = Polling(exponential_backoff=True, max_wait_seconds=0.05)

    in_step(lambda: wait_for_command(command, polling=growing))

    assert (tmp_path / "looks").read_text() == "x\nx\nx\n"


def test_functions_by_their_path() -> None:
    assert load_function("builtins.bool") is bool
    assert load_function("tests.runtime.test_steps_sensors.over") is over
    assert load_function("pathlib.Path.cwd")() == Path.cwd()
    # A step is the function that it was made of.
    assert load_function("runtime.steps.wait_until") is wait_until.entrypoint
    for path in ("nowhere.f", "builtins.nothing", "sys.path"):
        with pytest.raises(ContextError, match=f"no function '{path}'"):
            load_function(path)
    with pytest.raises(ContextError):
        load_function("bool")


def test_functions_get_the_context_that_they_ask_for(in_step: InStep) -> None:
    def named(value: int, ds: str, unknown: int = 7) -> tuple[Any, ...]:
        return value, ds, unknown

    def anything(value: int, **context: Any) -> tuple[Any, ...]:
        return value, context["ds"], "logical_date" in context

    def own_name(logical_date: int, **context: Any) -> int:
        return logical_date

    call = call_with_context
    assert in_step(
        lambda: [
            call(named, 1),
            call(anything, 1),
            call(anything, 1, without=["logical_date"]),
            call(own_name, 1),
            call(lambda value: value, 1),
        ]
    ) == [(1, "2024-01-02", 7), (1, "2024-01-02", True), (1, "2024-01-02", False), 1, 1]
