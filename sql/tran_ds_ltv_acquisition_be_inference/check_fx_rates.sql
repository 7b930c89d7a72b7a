SELECT CAST(
    IFF(COUNT(*) > 0, '0', 'no FX rates for {{ macros.ds_add(ds, -1) }}') AS INTEGER
) AS FX_CHECK
FROM ANALYTICS.RAW.FX_RATES
WHERE RATE_DATE = '{{ macros.ds_add(ds, -1) }}'
