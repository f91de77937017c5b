"""Which format a client gets, and what the file is called."""

from urllib.parse import unquote

import pytest

from muster.api.own.delivery import NAME, Format, chosen, disposition

ACCEPTED = [
    ("", Format.JSON),
    ("*/*", Format.JSON),
    ("application/*", Format.JSON),
    ("application/json", Format.JSON),
    ("text/csv", Format.CSV),
    ("TEXT/CSV; header=present", Format.CSV),
    ("application/x-ndjson", Format.NDJSON),
    ("application/vnd.apache.parquet", Format.PARQUET),
    ("text/csv;q=0.5, application/x-ndjson", Format.NDJSON),
    ("text/csv, */*;q=0.1", Format.CSV),
    ("text/csv;q=0", Format.JSON),
    ("text/html, application/xhtml+xml, */*;q=0.8", Format.JSON),
    ("text/csv;q=nonsense", Format.CSV),
    (";;,,q=1", Format.JSON),
]


@pytest.mark.parametrize(("accept", "expected"), ACCEPTED)
def test_accept_says_the_format(accept: str, expected: Format) -> None:
    """By what it likes best; where it names none of them, JSON."""
    assert chosen(None, accept) is expected


def test_what_the_query_says_comes_first() -> None:
    """Browsers send an `Accept` that nobody wrote."""
    assert chosen(Format.CSV, "application/json") is Format.CSV


NAMES = [
    ("Orders", "Orders.csv", "Orders.csv"),
    ("Größe 注文", "Gr__e __.csv", "Größe 注文.csv"),
    ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j.csv", "a_b_c_d_e_f_g_h_i_j.csv"),
    ("x\r\nSet-Cookie: y", "x_Set-Cookie_ y.csv", "x_Set-Cookie_ y.csv"),
    ("../../etc/passwd", "_.._etc_passwd.csv", "_.._etc_passwd.csv"),
    ("invoice\u202excod", "invoice_xcod.csv", "invoice_xcod.csv"),
    ("100%;", "100_;.csv", "100%;.csv"),
    (" . ", "members.csv", "members.csv"),
]


@pytest.mark.parametrize(("product", "plain", "whole"), NAMES)
def test_file_is_called_by_the_product(product: str, plain: str, whole: str) -> None:
    """In ASCII, and as it is (RFC 6266); what no file name may have, or would end the header, is replaced."""
    said = disposition(product, Format.CSV)
    before, _, encoded = said.partition("; filename*=UTF-8''")
    assert before == f'attachment; filename="{plain}"'
    assert encoded.isascii()
    assert unquote(encoded) == whole


def test_long_names_are_cut() -> None:
    """File systems bound them."""
    assert len(disposition("x" * 1_000, Format.NDJSON)) < 3 * NAME
