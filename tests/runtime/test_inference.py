"""Rules, features and the parts of inference pipelines."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from runtime.config import (
    ColumnRule,
    DataConfig,
    DataRules,
    InferenceConfig,
    ModelConfig,
    OutputConfig,
)
from runtime.exceptions import ConfigError
from runtime.inference import (
    MlflowPredictor,
    SnowflakeDataLoader,
    SnowflakeFeatureStore,
    SnowflakeOutputWriter,
    add_date_parts,
    add_tenure,
    check_rules,
    convert_currency,
)
from runtime.inference.features import FeatureError
from runtime.tables import table_from

FRAME = pd.DataFrame(
    {
        "ID": [1, 2, 2],
        "AMOUNT": [1.0, None, 9.0],
        "CODE": ["A1", "B2", "?"],
        "DAY": [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None],
        "FLAG": [True, False, True],
    }
)


@pytest.mark.parametrize("in_files", [False, True])
@pytest.mark.parametrize(
    ("column", "rule", "broken"),
    [
        ("ID", {"type": "integer", "minimum": 1, "maximum": 2}, []),
        ("ID", {"unique": True}, ["unique"]),
        ("ID", {"minimum": 2}, ["minimum"]),
        ("ID", {"type": "text"}, ["type"]),
        ("AMOUNT", {"type": "number", "max_null_share": 0.4}, []),
        ("AMOUNT", {"max_null_share": 0.3, "maximum": 8}, ["max_null_share", "maximum"]),
        ("AMOUNT", {"type": "integer"}, ["type"]),
        ("CODE", {"type": "text", "pattern": "[A-Z][0-9]"}, ["pattern"]),
        ("CODE", {"allowed": ["A1", "B2", "?"]}, []),
        ("CODE", {"allowed": ["A1", "B2"]}, ["allowed"]),
        ("DAY", {"type": "date"}, []),
        ("DAY", {"type": "timestamp"}, ["type"]),
        ("FLAG", {"type": "boolean"}, []),
        ("FLAG", {"type": "number"}, ["type"]),
        ("NONE", {}, ["required"]),
        ("NONE", {"required": False, "minimum": 1}, []),
    ],
)
def test_column_rules(column: str, rule: dict[str, Any], broken: list[str], in_files: bool) -> None:
    rules = DataRules(columns={column: ColumnRule.model_validate(rule)})
    rows = table_from([FRAME[:1], FRAME[1:]]) if in_files else FRAME
    found = check_rules(rows, rules)
    assert [violation.rule for violation in found] == broken
    assert all(violation.column == column for violation in found)


def test_table_rules() -> None:
    (few,) = check_rules(FRAME, DataRules(min_rows=4))
    assert (few.column, few.message) == (None, "3 rows, at least 4 expected")
    (many,) = check_rules(FRAME, DataRules(max_rows=2))
    assert many.message == "3 rows, at most 2 expected"
    empty = table_from([FRAME[:0]])
    assert check_rules(empty, DataRules(columns={"ID": ColumnRule()})) == []


def test_currency() -> None:
    frame = pd.DataFrame({"AMOUNT": [1, 2, None], "CURRENCY": ["EUR", "USD", "USD"]})
    converted = convert_currency(frame, ["AMOUNT"], {"USD": 0.5})
    assert converted["AMOUNT"].tolist()[:2] == [1.0, 1.0] and pd.isna(converted["AMOUNT"][2])
    assert set(converted["CURRENCY"]) == {"EUR"}
    with pytest.raises(FeatureError, match="no rate to EUR for the currency USD"):
        convert_currency(frame, ["AMOUNT"], {})
    with pytest.raises(FeatureError, match=r"\(none given\)"):
        convert_currency(frame.assign(CURRENCY=[None, "EUR", "EUR"]), ["AMOUNT"], {})
    with pytest.raises(FeatureError, match="lack the column PRICE"):
        convert_currency(frame, ["PRICE"], {})


def test_tenure_and_date_parts() -> None:
    frame = pd.DataFrame({"SINCE": ["2024-01-01", None, "2025-01-01"]})
    tenure = add_tenure(frame, "SINCE", dt.date(2024, 2, 1))["TENURE_DAYS"]
    assert tenure.tolist() == [31, pd.NA, 0]
    parts = add_date_parts(frame, "SINCE")
    first = parts.iloc[0]
    assert [first[f"SINCE_{part}"] for part in ("YEAR", "MONTH", "DAY", "WEEKDAY", "QUARTER")] == [
        2024,
        1,
        1,
        0,
        1,
    ]
    assert pd.isna(parts["SINCE_YEAR"][1])


def test_what_is_not_configured_is_named() -> None:
    with pytest.raises(ConfigError, match="data.query"):
        SnowflakeDataLoader(DataConfig())
    with pytest.raises(ConfigError, match="output.table"):
        SnowflakeOutputWriter(OutputConfig())
    with pytest.raises(ConfigError, match="model.name"):
        MlflowPredictor(ModelConfig(), InferenceConfig(), OutputConfig())
    with pytest.raises(ValueError, match="keys"):
        SnowflakeFeatureStore().read("V", keys=[], as_of=dt.datetime(2024, 1, 1))
