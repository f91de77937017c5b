#!/usr/bin/env -S uv run
# /// script
# requires-python = ">=3.11"
# dependencies = ["dbt-core~=1.11.0", "dbt-duckdb~=1.10.0"]
# ///
"""Re-create `artifacts/` with dbt: once as the project stands, once with `changed.patch` applied.

Everything happens in a temporary copy. What differs from run to run (times, invocation ids) is set to fixed values,
and what belongs to dbt rather than to this project (macros, built-in docs) is left out, so that a second run
leaves the files as they are.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NAMES = {"manifest.json": "manifest.json", "catalog.json": "catalog.json", "run_results.json": "run-results.json"}
STAMP = "2025-01-01T00:00:00Z"
FIXED: dict[str, Any] = {
    "generated_at": STAMP,
    "invocation_id": "00000000-0000-0000-0000-000000000000",
    "invocation_started_at": STAMP,
    "run_started_at": STAMP,
    "started_at": STAMP,
    "completed_at": STAMP,
    "created_at": 0,
    "execution_time": 0.0,
    "elapsed_time": 0.0,
    "thread_id": "Thread-1",
    "user_id": None,
}
DBT_OWN = ("macros", "docs")
LEFT_OUT = ("args", "root_path")


def main() -> None:
    """Build both states."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "shop"
        shutil.copytree(HERE, project, ignore=shutil.ignore_patterns("artifacts", "target", "logs"))
        build(project, prefix="")
        subprocess.run(["git", "apply", "changed.patch"], cwd=project, check=True)  # noqa: S607
        shutil.rmtree(project / "target")
        build(project, prefix="changed-")


def build(project: Path, *, prefix: str) -> None:
    """Run dbt in `project` and keep its artifacts, scrubbed, under names that start with `prefix`."""
    dbt = shutil.which("dbt", path=str(Path(sys.executable).parent)) or "dbt"
    base = [dbt, "--no-use-colors", "--log-path", "logs"]
    where = ["--project-dir", ".", "--profiles-dir", ".", "--threads", "1"]
    subprocess.run([*base, "build", *where], cwd=project, check=True)  # noqa: S603
    keep(project, "run_results.json", prefix)
    subprocess.run([*base, "docs", "generate", *where], cwd=project, check=True)  # noqa: S603
    keep(project, "manifest.json", prefix)
    keep(project, "catalog.json", prefix)


def keep(project: Path, name: str, prefix: str) -> None:
    """Write one artifact, scrubbed, to `artifacts/`."""
    artifact = json.loads((project / "target" / name).read_text(encoding="utf-8"))
    text = json.dumps(ordered(trimmed(scrubbed(artifact))), ensure_ascii=False, indent=1)
    (HERE / "artifacts").mkdir(exist_ok=True)
    (HERE / "artifacts" / f"{prefix}{NAMES[name]}").write_text(text + "\n", encoding="utf-8")


def scrubbed(value: Any) -> Any:
    """Replace what changes from run to run or names this machine."""
    match value:
        case dict():
            return {key: _fixed(key, inner) for key, inner in value.items() if key not in LEFT_OUT}
        case list():
            return [scrubbed(inner) for inner in value]
        case _:
            return value


def _fixed(key: str, value: Any) -> Any:
    return scrubbed(value) if isinstance(value, dict | list) else FIXED.get(key, value)


def trimmed(artifact: dict[str, Any]) -> dict[str, Any]:
    """Leave out macros and docs of dbt's own packages."""
    own = {
        section: {key: entry for key, entry in artifact[section].items() if entry["package_name"] == "shop"}
        for section in DBT_OWN
        if section in artifact
    }
    return {**artifact, **own}


def ordered(artifact: dict[str, Any]) -> dict[str, Any]:
    """Sort the sections of an artifact by unique id; dbt reads its files in the order of the disk."""
    return {key: _sorted(value) if key != "metadata" else value for key, value in artifact.items()}


def _sorted(section: Any) -> Any:
    match section:
        case dict():
            entries = sorted(section.items())
            return {key: sorted(ids) if _is_ids(ids) else ids for key, ids in entries}
        case [{"unique_id": _}, *_]:
            return sorted(section, key=lambda result: result["unique_id"])
        case _:
            return section


def _is_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


if __name__ == "__main__":
    main()
