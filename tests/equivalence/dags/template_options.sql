SELECT '{{ ds }}'
{% if ds %}
FROM t
{% endif %}
