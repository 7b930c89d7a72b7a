"""@task.bash: the result of a function is a command, a template too; exit codes, environment."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(start_date=datetime(2024, 1, 1), schedule=None)
def bash_decorated():
    @task.bash
    def greet(name: str, ds_nodash: str) -> str:
        return f"echo {name} {ds_nodash} {{{{ ds }}}}"

    @task.bash(env={"WHEN": "{{ ds }}"}, append_env=True)
    def with_environment() -> str:
        return 'echo "$WHEN"'

    @task.bash
    def skips() -> str:
        return "exit 99"

    @task.bash(skip_on_exit_code=[7, 8])
    def skips_by_eight() -> str:
        return "exit 8"

    @task.bash
    def fails() -> str:
        return "exit 3"

    @task.bash
    def gives_nothing() -> str:
        return " "

    greet("{{ dag.dag_id }}") >> [with_environment(), skips(), skips_by_eight(), fails()]
    gives_nothing()


bash_decorated()
