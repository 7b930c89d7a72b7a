DELETE FROM ANALYTICS.FEATURES.LTV_FEATURES_BE WHERE RUN_DATE < '{{ macros.ds_add(ds, -params.retention_days) }}'
