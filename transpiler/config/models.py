"""The models of migration.yaml."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from transpiler.config.references import parse

if TYPE_CHECKING:
    from transpiler.model.dag import AirflowRelease
    from transpiler.suppression.applying import Entry

_SECRETS = ("password", "token", "private_key_passphrase")
_ENVIRONMENT = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_DOTTED_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_AIRFLOW_VERSION = re.compile(r"[23](\.[0-9]{1,3}){0,2}")
WriteMode: TypeAlias = Literal["append", "merge", "overwrite", "overwrite_partition"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _check_port(value: Any) -> Any:
    if isinstance(value, int) or (isinstance(value, str) and _ENVIRONMENT.fullmatch(value)):
        return value
    raise ValueError("give a number, or a reference like ${SNOWFLAKE_PORT}")


class ConnectionMapping(_Section):
    """What an Airflow connection becomes in `configs/<dag>.yaml`.

    `type` is Airflow's connection type: it tells SQL operators which database they talk to. The
    other fields are written to the configuration as they stand; secrets only as `${NAME}`, a
    reference to the environment.
    """

    type: str = "snowflake"
    account: str | None = None
    user: str | None = None
    password: str | None = None
    token: str | None = None
    database: str | None = None
    schema_name: str | None = Field(default=None, alias="schema")
    warehouse: str | None = None
    role: str | None = None
    host: str | None = None
    port: Annotated[Any, BeforeValidator(_check_port)] = None
    protocol: str | None = None
    authenticator: str | None = None
    private_key_path: str | None = None
    private_key_passphrase: str | None = None
    extra: dict[str, JsonValue] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _keep_secrets_out(self) -> ConnectionMapping:
        for name in _SECRETS:
            value = getattr(self, name)
            if value is not None and not _ENVIRONMENT.fullmatch(value):
                raise ValueError(
                    f"{name} must refer to the environment, like ${{SNOWFLAKE_{name.upper()}}}"
                )
        return self

    def settings(self) -> dict[str, JsonValue]:
        """The fields that are set, under the names that the configuration has for them."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class Container(_Section):
    """The same image and command run on the configured platform.

    `command` is what runs in the image's place on the platform `local`; the container's arguments
    are added to it.
    """

    as_: Literal["container"] = Field(default="container", alias="as")
    command: list[str] | None = None


def _check_references(value: Any) -> Any:
    if isinstance(value, str):
        parse(value)
    return value


Text: TypeAlias = Annotated[str, BeforeValidator(_check_references)]
"""Text that may hold references to the container's command line and environment, and templates."""


def _check_scalar(value: Any) -> Any:
    if not isinstance(value, (bool, int, float, str)):
        raise ValueError("give text, a number, true or false")
    return _check_references(value)


Scalar: TypeAlias = Annotated[Any, BeforeValidator(_check_scalar)]
"""A text like `Text`, a number or a truth value."""


class BatchInference(_Section):
    """The container is replaced by steps: load features by SQL, load the model, predict, write.

    `features` is a query: an `.sql` file, relative to the folder of migration.yaml, or SQL text.
    Texts may refer to the container's command line and environment
    (`transpiler.config.references`).
    """

    as_: Literal["batch_inference"] = Field(alias="as")
    features: Annotated[str, Field(min_length=1)]
    parameters: dict[str, Scalar] = Field(default_factory=dict)
    connection: Text | None = None
    model: Text
    alias: Text | None = None
    version: Scalar | None = None
    output_table: Text
    mode: WriteMode = "append"
    keys: list[str] = Field(default_factory=list)
    partition: dict[str, Scalar] = Field(default_factory=dict)
    output_column: Text = "prediction"
    columns: dict[str, Scalar] = Field(default_factory=dict)
    batch_size: Annotated[int, Field(ge=1)] | None = None
    cap: float | None = None
    floor: float | None = None
    round_to: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _check_combinations(self) -> BatchInference:
        if self.alias is not None and self.version is not None:
            raise ValueError("give alias or version, not both")
        if self.mode == "merge" and not self.keys:
            raise ValueError("mode merge needs keys")
        if self.mode == "overwrite_partition" and not self.partition:
            raise ValueError("mode overwrite_partition needs partition")
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            raise ValueError("cap is below floor")
        return self


ContainerMode: TypeAlias = Annotated[Container | BatchInference, Field(discriminator="as_")]


def _spell_out(value: Any) -> Any:
    """`container` is short for `{as: container}`; the mode may be left out of a mapping."""
    if isinstance(value, str):
        return {"as": value}
    return {"as": "container", **value} if isinstance(value, dict) else value


def _check_hook(value: Any) -> Any:
    if isinstance(value, str) and not _DOTTED_NAME.fullmatch(value):
        raise ValueError("give the dotted name of a hook, keep or drop")
    return value


def _check_code(value: Any) -> Any:
    from transpiler.model.codes import CODES

    if value not in CODES:
        raise ValueError("there is no finding of this code; `dag2zen explain` lists them")
    return value


def check_airflow_version(value: Any) -> Any:
    """Refuse what is no version of Airflow 2 or 3. Raises ValueError."""
    if isinstance(value, float):
        raise ValueError(f'write the version in quotes, as "{value}": YAML reads 2.10 as 2.1')
    if not _AIRFLOW_VERSION.fullmatch(str(value)):
        raise ValueError('give a version of Airflow 2 or 3, such as "2.10" or "3"')
    return str(value)


ModeName: TypeAlias = Literal["static", "dynamic", "auto"]
IgnoreMode: TypeAlias = Literal["auto", "regexp", "glob", "include"]
"""How `.airflowignore` is read; `include` reads the files that it leaves out, too."""


class SuppressedFinding(_Section):
    """A code that is known and accepted, where the patterns fit; see `transpiler.suppression`."""

    code: Annotated[str, BeforeValidator(_check_code)]
    reason: str = Field(min_length=1)
    dag: str = "*"
    task: str = "*"
    path: str = "*"


class MigrationConfig(_Section):
    """The whole of migration.yaml; every key may be left out.

    `mode` is one for all DAGs, or one for each pattern of DAG ids; `auto` makes a pipeline dynamic
    where the DAG needs Airflow's scheduler.
    """

    output: Path | None = None
    connections: dict[str, ConnectionMapping] = Field(default_factory=dict)
    images: dict[str, Annotated[ContainerMode, BeforeValidator(_spell_out)]] = Field(
        default_factory=dict
    )
    callbacks: dict[str, Annotated[str, BeforeValidator(_check_hook)]] = Field(default_factory=dict)
    mode: ModeName | dict[str, ModeName] = "auto"
    rules: list[Path] = Field(default_factory=list)
    exclude: list[str] = Field(default_factory=list)
    airflowignore: IgnoreMode = "auto"
    airflow_version: Annotated[str, BeforeValidator(check_airflow_version)] | None = None
    suppress: list[SuppressedFinding] = Field(default_factory=list)

    _suppress_lines: list[int] = []
    _source: Path | None = None

    @property
    def source(self) -> Path | None:
        """The file that this was read from."""
        return self._source

    @property
    def folder(self) -> Path | None:
        """The folder that relative paths in the file start from."""
        return self._source.parent if self._source else None

    def rule_paths(self) -> list[Path]:
        """The rule files and folders, from the folder of migration.yaml."""
        return [(self.folder or Path()) / path for path in self.rules]

    def container_mode(self, image: str) -> Container | BatchInference:
        """What a container image becomes. Tag and digest do not count; the longest pattern that
        fits decides.
        """
        name = untagged(image)
        if name in self.images:
            return self.images[name]
        return _longest_match(self.images, name) or Container()

    def callback(self, qualified_name: str) -> str | None:
        """What migration.yaml says about a callback: a hook's name, `keep`, `drop` or None."""
        return self.callbacks.get(qualified_name) or _longest_match(self.callbacks, qualified_name)

    def mode_of(self, dag_id: str) -> ModeName:
        """The mode asked for; the longest pattern that fits the DAG's id decides."""
        if isinstance(self.mode, str):
            return self.mode
        mode: ModeName = self.mode.get(dag_id) or _longest_match(self.mode, dag_id) or "auto"
        return mode

    def airflow_release(self) -> AirflowRelease | None:
        """The Airflow that the DAG files are for, where `airflow_version` says so."""
        from transpiler.evaluate.release import NEWEST
        from transpiler.model.dag import AirflowRelease

        if self.airflow_version is None:
            return None
        major, _, rest = self.airflow_version.partition(".")
        minor = int(rest.partition(".")[0]) if rest else NEWEST[int(major)]
        return AirflowRelease(int(major), minor, "airflow_version of the migration's settings")

    def suppressions(self) -> list[Entry]:
        """The entries of `suppress`, each with its place."""
        from transpiler.model.span import Span
        from transpiler.suppression.applying import Entry

        name = self._source.name if self._source else "migration.yaml"
        lines = [*self._suppress_lines, *([1] * len(self.suppress))]
        return [
            Entry(item.code, item.reason, Span(name, line, 1), item.dag, item.task, item.path)
            for item, line in zip(self.suppress, lines, strict=False)
        ]

    def excludes(self, path: str) -> bool:
        """Whether a DAG file (relative to the project root, forward slashes) is left out."""
        return any(fnmatchcase(path, pattern) for pattern in self.exclude)


def untagged(image: str) -> str:
    """An image's name without tag and digest; a registry's port stays."""
    name = image.split("@", 1)[0]
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.split(':', 1)[0]}"


def _longest_match(table: dict[str, Any], name: str) -> Any:
    fitting = [pattern for pattern in table if fnmatchcase(name, pattern)]
    return table[max(fitting, key=len)] if fitting else None
