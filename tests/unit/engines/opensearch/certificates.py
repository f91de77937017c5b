"""A certificate for a server on this machine, made for one test."""

import shutil
import subprocess
from pathlib import Path

import pytest


def made(folder: Path, names: str = "DNS:localhost,IP:127.0.0.1") -> tuple[Path, Path]:
    """Make a self-signed certificate for some names; return it and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no `openssl` to make a certificate with")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    told = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = [
        openssl,
        *told,
        "-subj",
        "/CN=muster",
        "-addext",
        f"subjectAltName={names}",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key
