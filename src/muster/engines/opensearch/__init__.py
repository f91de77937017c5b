"""The server engine: an OpenSearch or Elasticsearch cluster that holds the index of assets."""
