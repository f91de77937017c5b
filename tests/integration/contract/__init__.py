"""What holds for every engine: the same tests on the embedded one, OpenSearch and Elasticsearch."""
