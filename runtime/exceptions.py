"""Typed errors of the runtime library: each says what failed, why, and what to do about it."""

from __future__ import annotations


class PipelineRuntimeError(Exception):
    """Root of every error that the runtime library raises on purpose."""


class ConfigError(PipelineRuntimeError):
    """A configuration file or an environment variable does not say what it must."""


class ContextError(PipelineRuntimeError):
    """Something that needs a running ZenML step was called outside of one."""


class TemplateError(PipelineRuntimeError):
    """A Jinja template does not parse, names something undefined, or fails while rendering."""


class SqlLibraryError(PipelineRuntimeError):
    """A query of the SQL library is missing, or its name leads out of the library."""


class ParamError(PipelineRuntimeError, ValueError):
    """A param does not meet its JSON schema, or has no value."""


class ScheduleError(PipelineRuntimeError):
    """A schedule cannot give the date it was asked for."""


class VariableNotFoundError(PipelineRuntimeError, KeyError):
    """No configuration value stands in for this Airflow Variable."""

    def __str__(self) -> str:
        """Give the message as it is; `KeyError` would show its `repr`."""
        return str(self.args[0]) if self.args else ""


class TaskTimeoutError(PipelineRuntimeError, TimeoutError):
    """A task ran longer than its `execution_timeout` and was stopped."""


class SkipTask(PipelineRuntimeError):
    """The task asks to be skipped, as with Airflow's `AirflowSkipException`.

    In a dynamic pipeline, `runtime.dagrun.airflow_task` makes it a skip. A static ZenML pipeline
    has no skipped state, so there the exception fails the step: calling a skipped task a success
    would let its downstream tasks run on nothing.
    """

    _REMEDY = (
        "A static ZenML pipeline cannot skip a step, so this step fails instead. Skipping needs a "
        "dynamic pipeline, with `@airflow_task` under the `@step`."
    )

    def __init__(self, reason: str = "") -> None:
        """Keep the reason that the task gave."""
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        """Give the reason, and why the step is shown as failed."""
        reason = self.reason or "The task asked to be skipped."
        return f"{reason} {self._REMEDY}"


class FailTask(PipelineRuntimeError):
    """The task fails for good, as with Airflow's `AirflowFailException`.

    ZenML retries by count alone; `runtime.dagrun.airflow_task` prevents that.
    """


class TaskExitError(PipelineRuntimeError):
    """A callable ended by `sys.exit` with another code than 0."""


class CommandFailedError(PipelineRuntimeError):
    """A shell command or a container ended with a non-zero exit code."""


class WaitTimeoutError(FailTask, TimeoutError):
    """What a step waited for did not come about in time; as in Airflow, no retry repeats the wait."""


class ExternalRunFailedError(PipelineRuntimeError):
    """The awaited pipeline run, or one of its tasks, is in a state declared a failure."""


class ExternalPipelineNotFoundError(PipelineRuntimeError):
    """The pipeline or task to wait for does not exist."""


class CheckFailedError(PipelineRuntimeError):
    """A check of data, or of an answer, did not pass."""


class HttpRequestError(PipelineRuntimeError):
    """An HTTP request could not be made, or was answered with an error.

    `status` is the status code of the answer, `None` where there was none.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        """Keep the message and the status code."""
        super().__init__(message)
        self.status = status


class TriggerError(PipelineRuntimeError):
    """A run of another pipeline could not be started, or did not end as it must."""


class AssetError(PipelineRuntimeError):
    """An asset, or a condition over assets, is not written as it must be."""


class ServeError(PipelineRuntimeError):
    """The receiver of webhooks cannot be started."""


class UpstreamError(PipelineRuntimeError):
    """An Airflow that a step waits for cannot be asked, or refuses to answer."""


class AlertError(PipelineRuntimeError):
    """An alert could not be delivered."""


class EmailError(PipelineRuntimeError):
    """An e-mail could not be composed or handed to the mail server."""


class XComError(PipelineRuntimeError):
    """A value of another task cannot be read or stored."""


class PlatformError(PipelineRuntimeError):
    """A container cannot be run on the configured platform."""


class DagDefinitionError(PipelineRuntimeError):
    """What a pipeline notes about its tasks cannot be run: a cycle, an unknown or doubled id."""


class BranchError(PipelineRuntimeError):
    """A branch chose a task that does not exist."""


class DagRunFailedError(PipelineRuntimeError):
    """The run failed, as Airflow's DagRun would have."""


class LaunchError(PipelineRuntimeError):
    """An emitted pipeline cannot be loaded or started."""


class AlreadyStartedError(LaunchError):
    """Another process has started this very run."""


class NotTranslatedError(PipelineRuntimeError):
    """The step stands for an Airflow task that could not be translated."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the finding's code (`D2Z…`) and its message."""
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        """Give code and message on one line, with the command that explains the code."""
        return f"{self.code}: {self.message} Run `dag2zen explain {self.code}` for what to do."
