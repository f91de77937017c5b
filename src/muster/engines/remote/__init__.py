"""The engine of a process that has the data folder, for the other processes of the same machine.

Who has the engine hosts it and leaves an address in the folder; everybody else reads that and connects.
"""

from muster.engines.remote.address import Address, read_address
from muster.engines.remote.client import connect
from muster.engines.remote.host import hosted

__all__ = ["Address", "connect", "hosted", "read_address"]
