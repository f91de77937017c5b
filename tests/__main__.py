"""`python -m tests` runs every test, and ends with the lines that say what judged.

It leaves before the interpreter takes itself down: DuckDB's binding counts what is still alive then, and says so after
everything else.
"""

import os
import sys

import pytest

if __name__ == "__main__":
    code = pytest.main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
