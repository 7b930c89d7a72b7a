"""Airflow's BashOperator and PythonOperator as classes, for a project's own classes over them, and
for code that makes one and calls its `execute`.

Source: airflow/operators/bash.py and airflow/operators/python.py (2.10).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.assets.outlets import drained
from runtime.bash import run_command
from runtime.callables import AirflowContext, keyword_arguments
from runtime.operators import BaseOperator


class BashOperator(BaseOperator):
    """Runs `bash_command`; the last line of its output is the result."""

    template_fields: Sequence[str] = ("bash_command", "env", "cwd")
    template_ext: Sequence[str] = (".sh", ".bash")

    def __init__(
        self,
        *,
        bash_command: str,
        env: Mapping[str, str] | None = None,
        append_env: bool = False,
        output_encoding: str = "utf-8",
        skip_exit_code: int | None = None,
        skip_on_exit_code: int | Sequence[int] | None = 99,
        cwd: str | None = None,
        output_processor: Callable[[str], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Take Airflow's arguments."""
        super().__init__(**kwargs)
        self.bash_command = bash_command
        self.env = env
        self.append_env = append_env
        self.output_encoding = output_encoding
        self.skip_on_exit_code = skip_on_exit_code if skip_exit_code is None else skip_exit_code
        self.cwd = cwd
        self.output_processor = output_processor

    def execute(self, context: AirflowContext) -> Any:
        """Run the command."""
        line = run_command(
            self.bash_command,
            env=self.env,
            append_env=self.append_env,
            cwd=self.cwd,
            output_encoding=self.output_encoding,
            skip_on_exit_code=self.skip_on_exit_code,
        )
        return line if self.output_processor is None else self.output_processor(line)


class PythonOperator(BaseOperator):
    """Calls `python_callable`, with what it asks for of the context."""

    template_fields: Sequence[str] = ("templates_dict", "op_args", "op_kwargs")

    def __init__(
        self,
        *,
        python_callable: Callable[..., Any],
        op_args: Sequence[Any] | None = None,
        op_kwargs: Mapping[str, Any] | None = None,
        templates_dict: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Take Airflow's arguments."""
        super().__init__(**kwargs)
        self.python_callable = python_callable
        self.op_args = op_args or ()
        self.op_kwargs = op_kwargs or {}
        self.templates_dict = templates_dict

    def execute(self, context: AirflowContext) -> Any:
        """Work out the arguments, and call the function."""
        merged = {**self.op_kwargs, "templates_dict": self.templates_dict}
        own = AirflowContext({**dict(dict.items(context)), **merged})
        self.op_kwargs = keyword_arguments(self.python_callable, self.op_args, own)
        value = self.execute_callable()
        return drained(value) if inspect.isgeneratorfunction(self.python_callable) else value

    def execute_callable(self) -> Any:
        """Call the function with the arguments worked out before."""
        return self.python_callable(*self.op_args, **self.op_kwargs)
