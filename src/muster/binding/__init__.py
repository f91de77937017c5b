"""From clauses to tests: where OpenSearch's rules of coercion, analysis and date math are settled, once."""
