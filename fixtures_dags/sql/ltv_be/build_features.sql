-- One row per customer and tenure. A customer enters a tenure when that many months have passed
-- since acquisition; only orders inside these months count, so that all customers are comparable.
DELETE FROM ANALYTICS.FEATURES.LTV_FEATURES_BE
WHERE RUN_DATE = '{{ ds }}';

INSERT INTO ANALYTICS.FEATURES.LTV_FEATURES_BE (
    RUN_DATE,
    TENURE_MONTHS,
    CUSTOMER_ID,
    ORDER_COUNT,
    REVENUE_EUR,
    AVG_ORDER_EUR,
    MAX_ORDER_EUR,
    ACTIVE_MONTHS,
    DAYS_SINCE_LAST_ORDER,
    IS_PAID_CHANNEL,
    FOREIGN_CURRENCY_SHARE
)
WITH tenures AS (
    {%- for tenure in params.tenures %}
    SELECT {{ tenure }} AS TENURE_MONTHS
    {%- if not loop.last %} UNION ALL{% endif %}
    {%- endfor %}
),

population AS (
    SELECT
        t.TENURE_MONTHS,
        c.CUSTOMER_ID,
        c.CHANNEL,
        c.ACQUIRED_AT,
        ADD_MONTHS(c.ACQUIRED_AT, t.TENURE_MONTHS) AS WINDOW_END
    FROM ANALYTICS.RAW.CUSTOMERS AS c
    CROSS JOIN tenures AS t
    WHERE c.COUNTRY = '{{ params.market }}'
        AND ADD_MONTHS(c.ACQUIRED_AT, t.TENURE_MONTHS) <= '{{ ds }}'::DATE
)

SELECT
    '{{ ds }}'::DATE AS RUN_DATE,
    p.TENURE_MONTHS,
    p.CUSTOMER_ID,
    COUNT(o.ORDER_ID) AS ORDER_COUNT,
    ROUND(COALESCE(SUM(o.AMOUNT_EUR), 0), 2) AS REVENUE_EUR,
    DIV0(COALESCE(SUM(o.AMOUNT_EUR), 0), COUNT(o.ORDER_ID))::FLOAT AS AVG_ORDER_EUR,
    COALESCE(MAX(o.AMOUNT_EUR), 0)::FLOAT AS MAX_ORDER_EUR,
    COUNT(DISTINCT DATE_TRUNC('MONTH', o.ORDERED_AT)) AS ACTIVE_MONTHS,
    DATEDIFF(DAY, COALESCE(MAX(o.ORDERED_AT), p.ACQUIRED_AT), p.WINDOW_END)
        AS DAYS_SINCE_LAST_ORDER,
    IFF(p.CHANNEL IN ('paid_search', 'paid_social', 'affiliate'), 1, 0) AS IS_PAID_CHANNEL,
    DIV0(COUNT_IF(o.CURRENCY <> 'EUR'), COUNT(o.ORDER_ID))::FLOAT AS FOREIGN_CURRENCY_SHARE
FROM population AS p
LEFT JOIN ANALYTICS.FEATURES.LTV_ORDERS_EUR_BE AS o
    ON o.CUSTOMER_ID = p.CUSTOMER_ID
    AND o.ORDERED_AT >= p.ACQUIRED_AT
    AND o.ORDERED_AT < p.WINDOW_END
GROUP BY p.TENURE_MONTHS, p.CUSTOMER_ID, p.CHANNEL, p.ACQUIRED_AT, p.WINDOW_END;
