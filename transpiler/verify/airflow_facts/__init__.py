"""What Airflow itself builds from DAG files, as JSON: the measure that a DagModel is held against.

A program of its own: `EXE airflow_facts [--project-root DIR] [--stand-ins] FILE...`, where
`airflow_facts` is the path of this folder and EXE is a Python that has Airflow 2.10 or later. It
needs nothing but the standard library and Airflow, so it runs from this folder alone, in that
Python; dag2zen starts it as a process and never imports it. It does run the DAG files, as Airflow
does: each in a forked process, without network, with a limit on time and memory, in an empty
AIRFLOW_HOME. Variables and connections come from AIRFLOW_VAR_* and AIRFLOW_CONN_* only, unless
`--stand-ins` lets something stand in for what a file misses (missing.py).

Prints `{"airflow", "python", "files": [{"path", "error", "traceback", "seconds", "stand_ins",
"dags": [...]}]}`. Exit code 0 even when files fail to load, 2 when Airflow cannot be imported.
"""
