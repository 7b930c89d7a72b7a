"""`.airflowignore`: which files of a folder Airflow does not look at."""
