"""Runs scripts, each in a process that forks from this one, which has loaded what they need: `tests.acceptance.forks`.

    PYTHON forked.py MODULE …

Each line of standard input asks for one, in JSON: `script`, `environment`, `seconds`; it is answered on a line of its own:
`code` and what the script printed, `out` and `err`. Any Python can run this: nothing else of the tests is needed.
"""

import importlib
import json
import os
import runpy
import signal
import sys
import tempfile
import traceback
from typing import IO, Any


def main() -> None:
    """Load the modules, and answer until nothing more is asked."""
    for name in sys.argv[1:]:
        importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(_ran(json.loads(line))), flush=True)


def _ran(asked: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            _become(asked, out.fileno(), err.fileno())
        _, status = os.waitpid(pid, 0)
        said = {name: _read(file) for name, file in (("out", out), ("err", err))}
    return {"code": os.waitstatus_to_exitcode(status), **said}


def _become(asked: dict[str, Any], out: int, err: int) -> None:
    """Be the script, and end with its exit code; whoever takes too long is ended."""
    signal.alarm(asked["seconds"])
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.environ.clear()
    os.environ.update(asked["environment"])
    code = 0
    try:
        runpy.run_path(asked["script"], run_name="__main__")
    except BaseException:  # noqa: BLE001 - whatever ends a script is for its exit code to say
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


if __name__ == "__main__":
    main()
