"""The service as a hostile client and as an unlucky one would use it."""
