-- Customers of {{ params.country }} without an order in the last {{ params.inactive_days }} days.
CREATE OR REPLACE TABLE ANALYTICS.FEATURES.CHURN_INACTIVE_{{ params.country }} AS
SELECT
    c.CUSTOMER_ID,
    c.CHANNEL,
    MAX(o.ORDERED_AT) AS LAST_ORDER_AT,
    DATEDIFF(DAY, MAX(o.ORDERED_AT), '{{ ds }}'::DATE) AS DAYS_INACTIVE
FROM ANALYTICS.RAW.CUSTOMERS AS c
INNER JOIN ANALYTICS.RAW.ORDERS AS o
    ON o.CUSTOMER_ID = c.CUSTOMER_ID
WHERE c.COUNTRY = '{{ params.country }}'
    AND o.ORDERED_AT < '{{ ds }}'
GROUP BY c.CUSTOMER_ID, c.CHANNEL
HAVING MAX(o.ORDERED_AT) < '{{ macros.ds_add(ds, -params.inactive_days) }}'
