"""Pydantic models that configure DAGs: conversion, validators, aliases, what they are made from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from tests.evaluate.reading import read, value_of
from transpiler.model.values import Symbolic

HEAD = """
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, ClassVar, Dict, List, Optional
from pydantic import BaseModel, Field, field_validator, model_validator, root_validator, validator
class Kind(str, Enum):
    A = "a"
class Step(BaseModel):
    LIMIT: ClassVar[int] = 3
    name: str
    kind: Kind = Kind.A
    n: Optional[int] = None
    @validator("name", pre=True)
    def low(cls, v, values):
        return v.lower()
class Pipe(BaseModel):
    id: Annotated[str, "the id"] = Field(alias="pipe_id")
    start: "datetime | None" = None
    every: timedelta = timedelta(days=1)
    steps: list[Step] = Field(default_factory=list)
    by_name: Dict[str, Step] = {}
    on: bool = True
    where: Path = Path("/a")
    day: Optional[date] = None
    share: float = 0.5
    @field_validator("id", mode="after")
    @classmethod
    def strip(cls, v, info):
        return v.strip() + info.field_name
    @model_validator(mode="before")
    @classmethod
    def known(cls, data):
        return {"day": "2024-02-03", **data}
    @model_validator(mode="after")
    def check(self):
        if len(self.steps) > 2:
            raise ValueError("too many")
        return self
class Old(BaseModel):
    a: int = 1
    @root_validator
    def double(cls, values):
        return {**values, "a": values["a"] * 2}
    def model_post_init(self, context):
        self.b = self.a + 1
PIPE = {"pipe_id": " x ", "start": "2024-01-01T00:00:00Z", "every": "1 02:30", "on": "no",
        "steps": [{"name": "E", "n": "3"}], "by_name": {"t": {"name": "T"}}, "where": "/b",
        "share": "1"}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Pipe(**PIPE).id", "xid"),
        ("Pipe(**PIPE).start.isoformat()", "2024-01-01T00:00:00+00:00"),
        ("Pipe(pipe_id='', start=date(2024, 1, 2)).start", datetime(2024, 1, 2)),
        ("Pipe(**PIPE).every", timedelta(days=1, hours=2, minutes=30)),
        ("Pipe(pipe_id='', every=90).every", timedelta(seconds=90)),
        ("Pipe(**PIPE).steps[0].n", 3),
        ("Pipe(**PIPE).by_name['t'].name", "t"),
        ("Pipe(**PIPE).steps[0].kind.value", "a"),
        ("Step(name='B', kind='a').kind.name", "A"),
        ("Pipe(**PIPE).on", False),
        ("Pipe(**PIPE).where", PurePosixPath("/b")),
        ("Pipe(**PIPE).share", 1.0),
        ("Pipe(**PIPE).day", date(2024, 2, 3)),
        ("Pipe.model_validate(PIPE).model_dump(include={'on', 'day'})", {"on": False, "day": date(2024, 2, 3)}),
        ("Step.parse_obj({'name': 'Z'}).dict(exclude_none=True, exclude={'kind'})", {"name": "z"}),
        ("Step.model_validate_json('{\"name\": \"Q\"}').name", "q"),
        ("Step(name='B').model_copy(update={'name': 'c'}).name", "c"),
        ("Step.model_validate(Step(name='B')).name", "b"),
        ("Old().b", 3),
    ],
)  # fmt: skip
def test_fields_hold_what_pydantic_makes_of_them(
    tmp_path: Path, expression: str, expected: Any
) -> None:
    assert value_of(tmp_path, f"{HEAD}\nx = {expression}\n") == expected


def test_defaults_are_not_shared(tmp_path: Path) -> None:
    code = f"{HEAD}\np = Pipe(pipe_id='1')\np.steps.append(1)\np.by_name['k'] = 1\n"
    assert value_of(
        tmp_path, f"{code}x = [Pipe(pipe_id='2').steps, Pipe(pipe_id='2').by_name]\n"
    ) == [
        [],
        {},
    ]


@pytest.mark.parametrize(
    "call",
    ["Step()", "Pipe(pipe_id='', steps=[{}, {}])", "Pipe(pipe_id='', steps=[{'name': 'a'}] * 3)"],
)
def test_what_pydantic_refuses_is_an_error(tmp_path: Path, call: str) -> None:
    found = read(tmp_path, f"{HEAD}\n{call}\n")
    assert [one.code for one in found.findings] == ["D2Z109"]


@pytest.mark.parametrize(
    "expression",
    ["Pipe(pipe_id='', every='P1D').every", "Step.model_validate(open)", "Step.parse_raw(open)"],
)
def test_what_is_not_worked_out_is_not_known(tmp_path: Path, expression: str) -> None:
    assert isinstance(value_of(tmp_path, f"{HEAD}\nx = {expression}\n"), Symbolic)
