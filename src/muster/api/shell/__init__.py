"""What stands around every route: plain ASGI, each layer one job."""
