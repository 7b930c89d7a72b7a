create or replace table mart.revenue_daily as
select order_date, sum(amount) as revenue
from core.fact_orders
group by order_date;
