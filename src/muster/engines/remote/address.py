"""Where the process that has the folder can be asked: a file that only its user can read."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

OURS_ALONE = 0o600


@dataclass(frozen=True, slots=True)
class Address:
    """A port of this machine, and the key that both sides have to know."""

    port: int
    key: bytes


def write_address(path: Path, address: Address) -> None:
    """Leave the address, all at once, readable for this user alone."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    said = json.dumps({"port": address.port, "key": address.key.hex()})
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS_ALONE), "w") as file:
        file.write(said)
    new.replace(path)


def read_address(path: Path) -> Address | None:
    """Return the address that was left, None where none was."""
    try:
        said = json.loads(path.read_text())
        return Address(int(said["port"]), bytes.fromhex(said["key"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
