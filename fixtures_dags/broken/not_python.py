dag:
  id: yaml_saved_as_python
  schedule: "0 3 * * *"
  tasks:
    - {name: extract, image: registry.example.com/etl:1}
