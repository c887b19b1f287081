"""``pactwork serve`` from the command line: what it prints, and what it refuses before it starts."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest


def start(*arguments, **environment):
    command = [sys.executable, "-m", "pactwork", "serve", *map(str, arguments)]
    held = {**os.environ, **environment}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=held)


def test_it_prints_an_address_that_answers_and_opens_nothing(make_case, tmp_path):
    server = start(make_case(), "--port", 0, "--state", tmp_path / "state")
    try:
        address = server.stderr.readline().strip()
        assert server.stderr.readline() == "Ctrl-C stops it.\n"
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert "Aland" in answer.read().decode()
    finally:
        server.terminate()
        out, err = server.communicate(timeout=30)
    assert server.returncode in (0, -15)
    assert (out, err) == ("", "")


def test_another_host_comes_with_a_token(make_case, tmp_path):
    server = start(make_case(), "--host", "0.0.0.0", "--port", 0, "--state", tmp_path / "state")
    try:
        address = server.stderr.readline().strip()
        assert len(address.partition("/?token=")[2]) >= 32
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_the_address_works_whatever_the_token_is_made_of(make_case, tmp_path):
    token = "a&b=c#d%20e/+ f and more"
    server = start(make_case(), "--port", 0, "--state", tmp_path / "state", PACTWORK_TOKEN=token)
    try:
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with visitor.open(server.stderr.readline().strip(), timeout=30) as answer:
            assert "Aland" in answer.read().decode()
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_a_token_of_a_file_and_a_name_of_a_proxy(make_case, tmp_path):
    """As behind a proxy: its name is told, and counts; the environment does not, and the token is told to nobody."""
    path = tmp_path / "token"
    path.write_text("a-token-of-a-file\n")
    path.chmod(0o600)
    given = ("--token-file", path, "--name", "Pact.Example.org", "--name", "192.0.2.7")
    server = start(
        make_case(), "--port", 0, "--state", tmp_path / "state", *given, PACTWORK_TOKEN="another-one-altogether"
    )
    try:
        address = server.stderr.readline().strip()
        said = [server.stderr.readline().strip() for _ in range(4)]
        assert said == [
            "Visitors may also call it 192.0.2.7.",
            "Visitors may also call it pact.example.org.",
            f"Each visitor needs ?token= once, with what {path} holds.",
            "Ctrl-C stops it.",
        ]
        assert address.endswith("/")
        bearer = {"Authorization": "Bearer a-token-of-a-file"}
        for host, status in (("pact.example.org", 200), ("192.0.2.7:443", 200), ("other.example.org", 421)):
            asked = urllib.request.Request(address + "api/case", headers=bearer | {"Host": host})
            try:
                found = urllib.request.urlopen(asked, timeout=30).status
            except urllib.error.HTTPError as error:
                found = error.code
                error.close()
            assert found == status, host
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_a_name_asks_for_a_token_even_on_this_machine_alone(make_case, tmp_path):
    """Behind a proxy others can knock."""
    server = start(make_case(), "--port", 0, "--state", tmp_path / "state", "--name", "pact.example.org")
    try:
        token = server.stderr.readline().strip().partition("/?token=")[2]
        assert len(token) >= 32
        assert (
            server.stderr.readline() == f"Visitors may also call it pact.example.org, with the same ?token={token}.\n"
        )
    finally:
        server.terminate()
        server.communicate(timeout=30)


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["nowhere"], {}, "a case folder, or one of"),
        (["CASE", "--port", "TAKEN"], {}, "Address already in use"),
        (["CASE", "--port", "0"], {"PACTWORK_TOKEN": "short"}, "at least 16"),
        (["CASE", "--port", "0", "--host", "192.0.2.1"], {}, "another --port"),
        (["CASE", "--port", "0", "--token-file", "nowhere"], {}, "No such file"),
        (
            ["CASE", "--port", "0", "--name", "https://pact.example", "--name", "*"],
            {},
            "leave out scheme, port and path",
        ),
    ],
)
def test_what_cannot_be_served_is_told_before_it_starts(make_case, tmp_path, arguments, environment, words):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        known = {"CASE": make_case(), "TAKEN": taken.getsockname()[1]}
        server = start(*(known.get(one, one) for one in arguments), "--state", tmp_path / "state", **environment)
        _, err = server.communicate(timeout=30)
    assert server.returncode == 1
    assert words in " ".join(err.split())
    assert "Traceback" not in err
