"""What goes into `configs/<dag>.yaml`: the things that Airflow kept in its database.

The shape is that of `runtime.config`. Every host, account, user and password is a reference to an
environment variable, named after the connection; no value of the DAG file that could be a secret
comes here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span

INCIDENT_IO_URL = "https://api.incident.io"
_SNOWFLAKE_FIELDS = ("account", "user", "password")
GENERIC = "generic"
"""Type of a connection of which nothing but the id is known."""
_GENERIC_FIELDS = ("host", "user", "password")
_DATABASE_FIELDS = ("host", "user", "password", "schema")
_FIELDS = {
    "snowflake": _SNOWFLAKE_FIELDS,
    "http": ("host",),
    "slack": ("password",),
    "aws": ("user", "password"),
    "fs": (),
    "postgres": _DATABASE_FIELDS,
    "mysql": _DATABASE_FIELDS,
    "mssql": _DATABASE_FIELDS,
    "sqlite": ("host",),
    "sql": ("type", *_DATABASE_FIELDS),
}
"""What a connection of a type cannot do without; others may have any of the generic fields."""
_REFERENCE = re.compile(r"\$(?=\{)")


@dataclass(frozen=True, slots=True)
class SettingsContent:
    """The configuration as plain data, and comments by dotted path of the key they stand above."""

    config: Mapping[str, Any]
    comments: Mapping[str, str]


class Settings:
    """Collects what the tasks of one DAG need from outside, each thing once."""

    def __init__(self, dag_id: str) -> None:
        self.dag_id = dag_id
        self.findings: list[Finding] = []
        self._connections: dict[str, dict[str, Any]] = {}
        self._params: dict[str, Any] = {}
        self._schemas: dict[str, Any] = {}
        self._variables: dict[str, Any] = {}
        self._images: dict[str, list[str] | None] = {}
        self._incident_io: dict[str, Any] = {}
        self._email: dict[str, Any] = {}
        self._email_alerts = False
        self._pools: dict[str, int] = {}
        self._templates: dict[str, Any] = {}
        self._comments: dict[str, str] = {}
        self._connection_findings: dict[str, Finding] = {}

    def connection(
        self, conn_id: str, span: Span, *, kind: str = "snowflake", **values: Any
    ) -> None:
        """Note that a task uses an Airflow connection.

        `kind` is Airflow's connection type. `values` are fields that the DAG file or migration.yaml
        give and that are no secret; host, account, user and password become environment references.
        """
        known = self._connections.get(conn_id)
        if known is not None and GENERIC not in (known["type"], kind):
            known.update(values)
            return
        if known is not None and kind == GENERIC:
            return
        fields = _FIELDS.get(kind, _GENERIC_FIELDS)
        names = {name: environment_name(conn_id, name) for name in fields if name not in values}
        references = {name: f"${{{variable}}}" for name, variable in names.items()}
        self._connections[conn_id] = {"type": kind, **references, **values}
        comment = f"Airflow connection {_one_line(conn_id)}"
        if not names:
            self._comments[f"connections.{conn_id}"] = comment
            return
        self._comments[f"connections.{conn_id}"] = (
            f"{comment}: set the environment variables, or write here what is no secret."
        )
        if known is not None:
            self.findings.remove(self._connection_findings[conn_id])
        self._connection_findings[conn_id] = self._find(
            span,
            f"the connection {conn_id!r} was in Airflow's database",
            f"Set {', '.join(names.values())} in the environment, or fill in "
            f"connections.{conn_id} in the emitted configuration.",
        )

    def variable(
        self, key: str, span: Span, default: Any = None, *, required: bool | None = None
    ) -> None:
        """Note that a task reads an Airflow Variable.

        `default` is the value that the code falls back on; `required` says that it has none, which
        is taken for granted where `default` is None. A default is written where all places agree on
        it: the configuration wins over what each of them says.
        """
        required = default is None if required is None else required
        name = environment_name("variable", key)
        if key in self._variables and not required:
            if self._variables[key] not in (f"${{{name}}}", _yaml_value(default)):
                self._variables[key] = None
            return
        if self._variables.get(key) == f"${{{name}}}":
            return
        self._comments[f"variables.{key}"] = f"Airflow Variable {_one_line(key)}"
        if required:
            self._variables[key] = f"${{{name}}}"
            remedy = f"Set {name} in the environment, or fill in variables.{key}"
        else:
            self._variables[key] = _yaml_value(default)
            remedy = f"Fill in variables.{key} if Airflow has a value; else the default stays"
        self._find(
            span,
            f"the Variable {key!r} was in Airflow's database",
            f"{remedy} in the emitted configuration.",
        )

    def params(self, values: Mapping[str, Any], schemas: Mapping[str, Any] | None = None) -> None:
        """Defaults of the DAG's params, and their JSON schemas."""
        self._params.update({name: _yaml_value(value) for name, value in values.items()})
        self._schemas.update({name: _yaml_value(value) for name, value in (schemas or {}).items()})
        if self._schemas:
            self._comments["param_schemas"] = (
                "JSON schemas that a run's params must meet; one without a value above must be given."
            )

    def templates(self, **values: Any) -> None:
        """What the DAG adds to templates: the section `templates`."""
        self._templates.update(values)

    def incident_io(self, span: Span, reason: str) -> None:
        """The alert hook `runtime.alerts.incident_io` is used; `reason` says why."""
        if self._incident_io:
            return
        self._incident_io = {
            "source_config_id": "${INCIDENT_IO_SOURCE_CONFIG_ID}",
            "token": "${INCIDENT_IO_TOKEN}",
            "url": INCIDENT_IO_URL,
        }
        self._comments["alerts.incident_io"] = "HTTP alert source of incident.io"
        self._find(
            span,
            f"{reason}: failures go to incident.io by runtime.alerts.incident_io",
            "Set INCIDENT_IO_SOURCE_CONFIG_ID and INCIDENT_IO_TOKEN in the environment.",
        )

    def email(self, span: Span, *, alerts_only: bool = False) -> None:
        """A task sends e-mail; Airflow had the mail server in its own configuration.

        Where only alerts are sent, which never stop a run, the server is Airflow's own default
        until the configuration names another.
        """
        if self._email or (alerts_only and self._email_alerts):
            return
        if alerts_only:
            self._email_alerts = True
            self._find(
                span,
                "the mail server was in Airflow's configuration; alerts go to localhost",
                "Name the server under email: in the emitted configuration (host, port, sender), "
                "or set RUNTIME__EMAIL__HOST in the environment.",
            )
            return
        self._email = {"host": "${SMTP_HOST}", "port": 25, "sender": "${SMTP_SENDER}"}
        self._comments["email"] = "Mail server, in Airflow the section [smtp]"
        self._find(
            span,
            "the mail server was in Airflow's configuration",
            "Set SMTP_HOST and SMTP_SENDER in the environment, or fill in email: in the "
            "emitted configuration.",
        )

    def pool(self, name: str, span: Span) -> None:
        """A task is in a pool, whose size Airflow had in its database; one slot until it is told."""
        if name in self._pools:
            return
        self._pools[name] = 1
        self._comments["pools"] = "Slots of pools: how many tasks of a run may run at one time"
        self._find(
            span,
            f"the size of the pool {name!r} was in Airflow's database",
            f"Fill in pools.{name} in the emitted configuration; it has one slot until then.",
        )

    def image(self, image: str, span: Span, command: Sequence[str] | None = None) -> None:
        """A container image that runs on the configured platform.

        `command` runs in its place on the platform `local`; without one the step fails there, with
        a message that names the image.
        """
        if image in self._images:
            return
        self._images[image] = None if command is None else list(command)
        if command is None:
            self._find(
                span,
                f"no local command stands in for the image {image!r}",
                "Write the command under platform.images in the emitted configuration, or choose "
                "another platform.",
            )

    def content(self) -> SettingsContent:
        """The configuration; sections that nothing needs are left out."""
        config: dict[str, Any] = {"pipeline": self.dag_id}
        sections = {
            "connections": self._connections,
            "params": self._params,
            "param_schemas": self._schemas,
            "variables": {k: v for k, v in self._variables.items() if v is not None},
            "platform": self._platform(),
            "alerts": {"incident_io": self._incident_io} if self._incident_io else {},
            "email": self._email,
            "pools": self._pools,
            "templates": self._templates,
        }
        config.update({name: section for name, section in sections.items() if section})
        return SettingsContent(config, dict(self._comments))

    def _platform(self) -> dict[str, Any]:
        if not self._images:
            return {}
        commands = {image: command for image, command in self._images.items() if command}
        without = [image for image, command in self._images.items() if not command]
        comment = (
            "Where containers run. On `local` a command of this machine stands in for an image."
        )
        if without:
            images = ", ".join(_one_line(image) for image in without)
            comment += f" Without a command yet: {images}"
        self._comments["platform"] = comment
        return {"type": "local", **({"images": commands} if commands else {})}

    def _find(self, span: Span, detail: str, remedy: str) -> Finding:
        found = finding("D2Z308", span, detail, remedy=remedy)
        self.findings.append(found)
        return found


def environment_name(*parts: str) -> str:
    """An environment variable's name: `("snowflake_default", "user")` gives
    `SNOWFLAKE_DEFAULT_USER`.
    """
    name = re.sub(r"[^A-Z0-9]+", "_", "_".join(parts).upper()).strip("_") or "VALUE"
    return f"_{name}" if name[0].isdigit() else name


def _one_line(text: str) -> str:
    """Text that is safe in a comment."""
    return " ".join(text.split())


def _yaml_value(value: Any) -> Any:
    """Plain data as the runtime's configuration has it: JSON types, `${` taken literally."""
    if isinstance(value, str):
        return _REFERENCE.sub("$$", value)
    if isinstance(value, dict):
        return {str(key): _yaml_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_yaml_value(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_yaml_value(item) for item in value), key=str)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
