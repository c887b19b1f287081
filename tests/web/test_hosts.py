"""Names by which this server is called: checked when they are given, compared when somebody writes."""

import pytest

from pactwork.errors import CaseError
from pactwork.web.hosts import check_names, is_same_place


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("pact.example.org", "pact.example.org"),
        ("PACT.Example.org.", "pact.example.org"),
        ("xn--krakw-3ta.example", "xn--krakw-3ta.example"),
        ("desk_7", "desk_7"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:db8::0:1]", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
    ],
)
def test_a_name_is_kept_as_browsers_send_it(given, name):
    assert check_names([given]) == {name}


@pytest.mark.parametrize(
    ("given", "fix"),
    [
        ("", "letters"),
        ("https://pact.example.org", "pact.example.org"),
        ("https://pact.example.org:8443/x", "leave out scheme, port and path: pact.example.org"),
        ("pact.example.org:8443", "leave out scheme, port and path: pact.example.org"),
        ("http://[", "leave out"),
        ("*.example.org", "in full"),
        ("pact example", "letters"),
        ("pact..example", "letters"),
        ("-pact.example", "letters"),
        ("kraków.example", "xn--"),
        ("1.2.3", "letters"),
        ("a" * 64, "letters"),
        (".".join(["a" * 60] * 5), "letters"),
        ("pact.\nexample", "letters"),
    ],
)
def test_what_is_no_name_is_told(given, fix):
    with pytest.raises(CaseError) as told:
        check_names(["good.example", given, "pact/x"])
    assert len(told.value.problems) == 2
    assert told.value.problems[0].where == "--name"
    assert fix in told.value.problems[0].fix


@pytest.mark.parametrize(
    ("origin", "host", "https", "same"),
    [
        ("http://localhost:8765", "localhost:8765", False, True),
        ("http://LOCALHOST:8765", "localhost:8765", False, True),
        ("http://[::1]:8765", "[::1]:8765", False, True),
        ("https://pact.example", "pact.example", True, True),
        ("https://pact.example", "pact.example:443", True, True),
        ("https://pact.example:8443", "pact.example:8443", True, True),
        ("https://pact.example", "pact.example", False, True),  # a proxy that does not say how it was spoken to
        ("http://pact.example", "pact.example:80", False, True),
        ("http://pact.example", "pact.example", True, False),
        ("http://localhost:3000", "localhost:8765", False, False),
        ("https://pact.example:8443", "pact.example", True, False),
        ("https://pact.example", "pact.example:80", True, False),
        ("http://localhost.evil.example:8765", "localhost:8765", False, False),
        ("http://localhost:8765@evil.example", "localhost:8765", False, False),
        ("http://localhost:8765/x", "localhost:8765", False, False),
        ("file://localhost:8765", "localhost:8765", False, False),
        ("localhost:8765", "localhost:8765", False, False),
        ("null", "localhost:8765", False, False),
        ("", "", False, False),
        ("http://", "", False, False),
        ("http://[", "[", False, False),
    ],
)
def test_a_page_is_this_one_where_name_and_port_are_the_same(origin, host, https, same):
    assert is_same_place(origin, host, https=https) is same
