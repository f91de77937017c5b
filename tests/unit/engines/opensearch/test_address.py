"""One URL says where the server is and who asks, or what is wrong with it."""

from pathlib import Path

import pytest

from muster.cli.projecting import _value
from muster.engines.opensearch.connection.address import ALIAS, Address, Host, read_address
from muster.engines.opensearch.dialect import Product
from muster.errors import InvalidInput
from muster.settings import Settings
from tests.unit.engines.opensearch.certificates import made

ONE = (Host("localhost"),)
OPENSEARCH, ELASTICSEARCH = Product.OPENSEARCH, Product.ELASTICSEARCH


def asked_by(user: str, password: str) -> Address:
    """Return the server on this machine, asked by a user."""
    return Address(OPENSEARCH, ONE, user=user, password=password)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("opensearch://localhost", Address(OPENSEARCH, ONE)),
        ("elasticsearch://localhost/", Address(ELASTICSEARCH, ONE)),
        ("OpenSearch://LOCALHOST:9200", Address(OPENSEARCH, ONE)),
        ("opensearch://a_1.example:9201/shop-2.x", Address(OPENSEARCH, (Host("a_1.example", 9201),), "shop-2.x")),
        ("opensearch://a,b:1,a:9200", Address(OPENSEARCH, (Host("a"), Host("b", 1)))),
        ("opensearch://[::1],[2001:DB8::2]:65535", Address(OPENSEARCH, (Host("::1"), Host("2001:db8::2", 65_535)))),
        ("opensearch://u:p@localhost", asked_by("u", "p")),
        ("opensearch://u%40x:p%3A%2F%40%C3%A4@localhost", asked_by("u@x", "p:/@ä")),
        ("opensearch://u:p:q@r@localhost", asked_by("u", "p:q@r")),
        ("opensearch://localhost?tls=true", Address(OPENSEARCH, ONE, tls=True)),
        ("opensearch://localhost/x?verify=false&tls=true", Address(OPENSEARCH, ONE, "x", tls=True, verify=False)),
        ("opensearch://localhost?tls=false&verify=true&", Address(OPENSEARCH, ONE)),
        ("elasticsearch://localhost?api_key=aB+/c==", Address(ELASTICSEARCH, ONE, api_key="aB+/c==")),
        ("elasticsearch://localhost?api_key=aB%2B%2Fc%3D", Address(ELASTICSEARCH, ONE, api_key="aB+/c=")),
    ],
)
def test_url_is_read(url: str, expected: Address) -> None:
    """Every part in its place, what is left out at its default, escapes undone, a host named twice once."""
    assert read_address(url) == expected


def test_certificates_are_named(tmp_path: Path) -> None:
    """A file with certificates is taken as it is called."""
    ca, _ = made(tmp_path)
    assert read_address(f"opensearch://localhost?tls=true&ca={ca}") == Address(OPENSEARCH, ONE, tls=True, ca=ca)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("http://localhost:9200", "names no engine"),
        ("opensearch:localhost", "names no engine"),
        ("", "names no engine"),
        ("opensearch://", "has no usable name for host 1"),
        ("opensearch://a,,b", "has no usable name for host 2"),
        ("opensearch://a b", "has no usable name for host 1"),
        ("opensearch://-a", "has no usable name for host 1"),
        ("opensearch://::1", "has too many colons in host 1"),
        ("opensearch://a,[::g]:9200", "has no IPv6 address in the brackets of host 2"),
        ("opensearch://[::1", "has no IPv6 address in the brackets of host 1"),
        ("opensearch://[::1]9200", "has something else than a port behind host 1"),
        ("opensearch://a:", "has a port for host 1 that is no number from 1 to 65535"),
        ("opensearch://a:92oo", "has a port for host 1 that is no number from 1 to 65535"),
        ("opensearch://a:0", "has a port for host 1 that is no number from 1 to 65535"),
        ("opensearch://a,b:65536", "has a port for host 2 that is no number from 1 to 65535"),
        ("opensearch://a:٩٢", "has a port for host 1 that is no number from 1 to 65535"),
        ("opensearch://u@a", "names a user without a password, or a password without a user"),
        ("opensearch://:p@a", "names a user without a password, or a password without a user"),
        ("opensearch://u:@a", "names a user without a password, or a password without a user"),
        ("opensearch://@a", "names a user without a password, or a password without a user"),
        ("opensearch://u%3A:p@a", "names a user with a colon"),
        ("opensearch://u:%FF@a", "has a percent-encoded part that is not UTF-8"),
        ("opensearch://a/Upper", "names an alias that no index can have"),
        ("opensearch://a/_x", "names an alias that no index can have"),
        ("opensearch://a/-x", "names an alias that no index can have"),
        ("opensearch://a/..", "names an alias that no index can have"),
        ("opensearch://a/x/y", "names an alias that no index can have"),
        ("opensearch://a/x,y", "names an alias that no index can have"),
        ("opensearch://a/x#y", "names an alias that no index can have"),
        (f"opensearch://a/{'x' * 201}", "names an alias that no index can have"),
        ("opensearch://a?TLS=true", "has a parameter that is not known, or one twice"),
        ("opensearch://a?timeout=3", "has a parameter that is not known, or one twice"),
        ("opensearch://a?tls=true&tls=true", "has a parameter that is not known, or one twice"),
        ("opensearch://a?tls=yes", "has a switch that is neither `true` nor `false`"),
        ("opensearch://a?tls", "has a switch that is neither `true` nor `false`"),
        ("opensearch://a?verify=false", "has `ca` or `verify` without TLS"),
        ("opensearch://a?tls=true&ca=", "names a `ca` without certificates to read"),
        ("opensearch://a?tls=true&ca=/no/such/file", "names a `ca` without certificates to read"),
        ("opensearch://a?tls=true&ca=%00", "names a `ca` without certificates to read"),
        (f"opensearch://a?tls=true&ca={__file__}", "names a `ca` without certificates to read"),
        ("opensearch://a?api_key=", "has an `api_key` that cannot be one"),
        ("opensearch://a?api_key=id:key", "has an `api_key` that cannot be one"),
        ("opensearch://a?api_key=a%0D%0Ax", "has an `api_key` that cannot be one"),
        ("opensearch://u:p@a?api_key=x", "has both a user and an `api_key`"),
    ],
)
def test_what_is_wrong_is_said(url: str, what: str) -> None:
    """The error names the setting, what is wrong with it, and what to do."""
    with pytest.raises(InvalidInput) as caught:
        read_address(url)
    assert caught.value.message == f"`MUSTER_ENGINE_URL` {what}"
    assert caught.value.hint


def test_certificates_need_tls_and_verification(tmp_path: Path) -> None:
    """Certificates that nothing would look at are refused."""
    ca, _ = made(tmp_path)
    for parameters, what in (
        ("", "has `ca` or `verify` without TLS"),
        ("&tls=true&verify=false", "has a `ca` that `verify=false` would ignore"),
    ):
        with pytest.raises(InvalidInput, match=what):
            read_address(f"opensearch://a?ca={ca}{parameters}")


@pytest.mark.parametrize(
    "url",
    [
        "opensearch://ada:sec/ret@host",
        "opensearch://ada:sec?ret@host",
        "opensearch://ada:sec#ret@host:no",
        "opensearch://ada:secret",
        "opensearch://ada:sec ret@,",
        "opensearch://ada:sec&ret=x/y@host?tls=true",
        "opensearch://ada:secret%FF@host",
        "opensearch://host?api_key=secret%20x",
        "opensearch://host?apikey=secret",
        "secret://host",
    ],
)
def test_a_refused_url_is_not_repeated(url: str) -> None:
    """No piece of a password or key stands in the error, wherever it broke the URL."""
    with pytest.raises(InvalidInput) as caught:
        read_address(url)
    said = f"{caught.value.message} {caught.value.hint}"
    assert "sec" not in said.replace("secur", "")
    assert "ret" not in said.replace("returned", "")


def test_an_address_shows_no_secret() -> None:
    """`str()` and `repr()` say where, never with which password or key; the settings' own `repr()` neither."""
    address = read_address("opensearch://ada:hush@[::1],b/x?tls=true")
    key = read_address("elasticsearch://b?api_key=hush")
    assert str(address) == "opensearch://[::1]:9200,b:9200/x"
    assert address.place == "[::1]:9200, b:9200"
    assert str(key) == f"elasticsearch://b:9200/{ALIAS}"
    for one in (address, key, Settings(engine_url="opensearch://ada:hush@b", record_url="postgresql://ada:hush@b")):
        assert "hush" not in f"{one!r} {one!s}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("opensearch://ada:hush@b/x?tls=true", "opensearch://***@b/x?tls=true"),
        ("opensearch://b?tls=true&api_key=hu=sh&verify=false", "opensearch://b?tls=true&api_key=***&verify=false"),
        ("elasticsearch://b?api_key=hush", "elasticsearch://b?api_key=***"),
        ("postgresql://ada:hush@b/x?sslpassword=hush", "postgresql://***@b/x?sslpassword=***"),
        ("postgresql://b/x?password=hush&sslmode=require", "postgresql://b/x?password=***&sslmode=require"),
        ("embedded:x.duckdb", "embedded:x.duckdb"),
        ("sqlite:///x.db", "sqlite:///x.db"),
    ],
)
def test_a_shown_setting_hides_its_secrets(value: str, shown: str) -> None:
    """What `muster doctor` shows of a URL is all but the secrets."""
    assert _value(value) == shown
