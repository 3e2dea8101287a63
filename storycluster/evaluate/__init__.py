"""A run measured against labels: stories, passages, facts, and judged sentences."""
