create or replace table mart.revenue_by_country as
select c.country, sum(o.amount) as revenue
from core.fact_orders as o
join core.dim_customers as c on c.customer_id = o.customer_id and c.valid_to is null
group by c.country;
