-- What the model sees: the customers of one tenure with the features of the run's day.
SELECT
    CUSTOMER_ID,
    TENURE_MONTHS,
    ORDER_COUNT,
    REVENUE_EUR,
    AVG_ORDER_EUR,
    MAX_ORDER_EUR,
    ACTIVE_MONTHS,
    DAYS_SINCE_LAST_ORDER,
    IS_PAID_CHANNEL,
    FOREIGN_CURRENCY_SHARE
FROM {{ params.features_table }}
WHERE RUN_DATE = '{{ ds }}'
    AND TENURE_MONTHS = {{ params.tenure_months }}
ORDER BY CUSTOMER_ID;
