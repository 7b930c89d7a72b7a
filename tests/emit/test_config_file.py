"""Configuration as YAML with comments."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from transpiler.emit.config_file import config_yaml

text = st.text(
    st.one_of(
        st.sampled_from(list("\"'\\\n\r:#-{}[]&*!|>%@`,? ") + ["\u202e", "\x85", "\u2028", "\0"]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(text, values, max_size=4), st.dictionaries(text, text, max_size=4))
def test_the_yaml_holds_the_configuration(config: dict[str, Any], comments: dict[str, str]) -> None:
    comments = {**comments, **dict.fromkeys(config, "above\nkey: injected")}
    assert yaml.safe_load(config_yaml(config, comments)) == config


def test_comments_stand_above_their_keys() -> None:
    config = {
        "pipeline": "orders",
        "connections": {"snowflake.default": {"type": "snowflake", "user": "${SNOWFLAKE_USER}"}},
        "variables": {"shops": ["be", "nl"], "none": {}},
    }
    comments = {
        "connections": "Fill these in.",
        "connections.snowflake.default": "The warehouse,\nread only.",
        "variables.shops": "# kept as it was",
    }
    assert config_yaml(config, comments) == (
        "pipeline: orders\n"
        "# Fill these in.\n"
        "connections:\n"
        "  # The warehouse,\n"
        "  # read only.\n"
        "  snowflake.default:\n"
        "    type: snowflake\n"
        "    user: ${SNOWFLAKE_USER}\n"
        "variables:\n"
        "  # kept as it was\n"
        "  shops:\n"
        "  - be\n"
        "  - nl\n"
        "  none: {}\n"
    )


def test_empty_configuration() -> None:
    assert config_yaml({}, {}) == "{}\n"


def test_keys_that_yaml_cannot_write_on_one_line() -> None:
    config = {"k" * 300: {"a": 1}, "two\nlines": {"b": {"c": 2}}, "é": {"\u202e": "\u202e"}}
    written = config_yaml(config, {})
    assert yaml.safe_load(written) == config
    assert "\u202e" not in written
    assert "é" in written
