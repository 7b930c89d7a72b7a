delete from {{ params.table }}
where _loaded_at < dateadd(day, -{{ params.days }}, '{{ ds }}');
