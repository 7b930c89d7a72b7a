create or replace table mart.margin as
select order_date, sum(amount - cost) as margin
from core.fact_orders
group by order_date;
