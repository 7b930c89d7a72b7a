"""What DAG files keep in Airflow: connections, variables, pools, images and callbacks, for `init`."""
