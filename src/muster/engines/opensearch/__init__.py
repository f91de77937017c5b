"""The server engine: an OpenSearch or Elasticsearch cluster that holds the index of assets."""

from muster.engines.opensearch.connection.address import read_address
from muster.engines.opensearch.connection.client import open_server
from muster.engines.opensearch.engine import OpenSearchEngine
from muster.engines.opensearch.index.index import Index

__all__ = ["Index", "OpenSearchEngine", "open_server", "read_address"]
