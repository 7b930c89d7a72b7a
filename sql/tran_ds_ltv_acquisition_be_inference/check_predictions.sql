-- Stops the run when a customer has no prediction, or a prediction makes no sense.
-- Snowflake SQL cannot raise: casting the message to a number fails the statement with it.
WITH problems AS (
    SELECT
        COUNT_IF(p.CUSTOMER_ID IS NULL) AS MISSING,
        COUNT_IF(p.CUSTOMER_ID IS NOT NULL AND COALESCE(p.PREDICTED_LTV_EUR, -1) < 0) AS INVALID
    FROM ANALYTICS.FEATURES.LTV_FEATURES_BE AS f
    LEFT JOIN ANALYTICS.PREDICTIONS.LTV_PREDICTIONS_BE AS p
        ON p.RUN_DATE = f.RUN_DATE
        AND p.TENURE_MONTHS = f.TENURE_MONTHS
        AND p.CUSTOMER_ID = f.CUSTOMER_ID
    WHERE f.RUN_DATE = '{{ ds }}'
)

SELECT CAST(
    IFF(
        MISSING = 0 AND INVALID = 0,
        '0',
        'LTV {{ params.market }} {{ ds }}: ' || MISSING || ' missing, ' || INVALID || ' invalid'
    ) AS INTEGER
) AS PREDICTION_CHECK
FROM problems;
