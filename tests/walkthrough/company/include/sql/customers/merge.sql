-- Closes the old row and opens a new one.
update core.dim_customers as d
set valid_to = '{{ ds }}'
from stage_customers as s
where d.customer_id = s.id and d.valid_to is null;

insert into core.dim_customers (customer_id, email, country, valid_from, valid_to)
select id, email, country, '{{ ds }}', null
from stage_customers;

delete from core.dim_customers
where valid_to < dateadd(day, -{{ params.history_days }}, '{{ ds }}');
