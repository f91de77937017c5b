"""What `muster project`, `reindex` and `doctor` do."""

import re
from dataclasses import asdict
from pathlib import Path

import typer

from muster.cli import show
from muster.cli.indexing import catch_up, warn
from muster.cli.opening import workspace
from muster.cli.options import settings
from muster.cli.terminal import complain, emit, emit_line, err, out, progress, until_told
from muster.protocols import Finding
from muster.service.doctor import examine, repair
from muster.service.follow import Done, follow
from muster.service.lag import wait
from muster.service.project import Projected, reindex

_SECRET = re.compile(r"([?&](?:api_key|password|sslpassword)=)[^&]*")


def carry(data: Path | None, *, as_json: bool) -> None:
    """Carry the record's changes to the index once."""
    with workspace(settings(data)) as work:
        _tell(catch_up(work), as_json=as_json)


def follow_record(data: Path | None, *, as_json: bool) -> None:
    """Carry changes to the index until told to stop."""
    with workspace(settings(data)) as work, until_told() as pause:
        for done in follow(work, pause):
            _tell(done, as_json=as_json)
            warn(done.refused if isinstance(done, Projected) else ())


def wait_for(data: Path | None, seconds: float) -> None:
    """Wait until another process has carried what the record has now."""
    with workspace(settings(data)) as work:
        wait(work, work.record.position(), seconds)


def rebuild(data: Path | None, *, as_json: bool) -> None:
    """Rebuild the index from the record."""
    with workspace(settings(data)) as work, progress("index", work.record.position()) as advance:
        done = reindex(work, advance=advance)
    _tell(done, as_json=as_json)
    warn(done.refused)


def compare(data: Path | None, *, mend: bool, as_json: bool) -> None:
    """Compare index and record, after mending when asked, and show every setting."""
    with workspace(settings(data)) as work:
        if mend:
            with progress("compare") as advance:
                ranges, refused = repair(work, advance=advance)
            err.print(f"{ranges:,} ranges of documents written anew")
            warn(refused)
        with progress("compare") as advance:
            findings = examine(work, advance=advance)
    _report(findings, data, as_json=as_json)


def _report(findings: list[Finding], data: Path | None, *, as_json: bool) -> None:
    chosen = settings(data)
    described = [
        {"setting": f"MUSTER_{name.upper()}", "value": _value(getattr(chosen, name)), "meaning": field.description}
        for name, field in type(chosen).model_fields.items()
    ]
    if as_json:
        emit({"findings": [asdict(one) for one in findings], "settings": described})
    else:
        rows = (("ok" if one.ok else "!!", one.message, one.hint) for one in findings)
        show.table(("", "FINDING", "WHAT TO DO"), rows, sparse=(2,))
        out.print()
        show.table(("SETTING", "VALUE", "MEANING"), (tuple(one.values()) for one in described), whole=(0,))
    if not all(one.ok for one in findings):
        raise typer.Exit(1)


def _tell(done: Done, *, as_json: bool) -> None:
    """Say what one round of projecting did, or what stopped it."""
    if not isinstance(done, Projected):
        complain(done, as_json=as_json)
    elif as_json:
        emit_line(asdict(done))
    else:
        out.print(f"indexed {done.entities:,} entities, position {done.position:,}")


def _value(value: object) -> str | None:
    """Return a setting as text, without the password or key that a URL may carry."""
    text = None if value is None else str(value)
    return text if text is None or "://" not in text else _without_secrets(text)


def _without_secrets(url: str) -> str:
    scheme, _, rest = _SECRET.sub(r"\1***", url).partition("://")
    return f"{scheme}://***@{rest.rpartition('@')[2]}" if "@" in rest else f"{scheme}://{rest}"
