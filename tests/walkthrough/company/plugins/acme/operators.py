"""Operators of our own."""
import csv
import subprocess

from airflow.models import BaseOperator
from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook


class DecryptOperator(BaseOperator):
    """Decrypts a file with the key of the machine."""

    template_fields = ("source", "target")

    def __init__(self, source, target, **kwargs):
        super().__init__(**kwargs)
        self.source = source
        self.target = target

    def execute(self, context):
        self.log.info("decrypting %s", self.source)
        subprocess.run(["gpg", "--output", self.target, "--decrypt", self.source], check=True)
        return self.target


class LoadCsvOperator(BaseOperator):
    """Inserts a CSV file with a header into a table."""

    template_fields = ("file", "table")

    def __init__(self, file, table, conn_id="snowflake_default", **kwargs):
        super().__init__(**kwargs)
        self.file = file
        self.table = table
        self.conn_id = conn_id

    def execute(self, context):
        with open(self.file, newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows:
            return 0
        hook = SnowflakeHook(snowflake_conn_id=self.conn_id)
        fields = list(rows[0])
        hook.insert_rows(self.table, [list(r.values()) for r in rows], target_fields=fields)
        return len(rows)
