"""A receiver of webhooks: other systems start pipelines, tell of upstream runs and of assets."""
