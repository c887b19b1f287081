"""The token of visitors: from a file, from the environment, or made anew; and how what is shown is compared."""

import sys

import pytest

from pactwork.errors import CaseError
from pactwork.web import tokens
from pactwork.web.tokens import LONGEST, SHORTEST, choose_token, make_ticket, read_token

TOKEN = "a-token-of-some-length"
FOREIGN = "zażółć-gęślą-jaźń-żółw"


def write(path, content, mode=0o600):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


@pytest.mark.parametrize("content", [TOKEN, f"{TOKEN}\n", f"{TOKEN} \t\r\n\n", f"\ufeff{TOKEN}\n"])
def test_a_token_is_read_without_what_follows_it(tmp_path, content):
    assert read_token(write(tmp_path / "token", content)) == TOKEN


@pytest.mark.parametrize(
    ("content", "mode", "found", "fix"),
    [
        (b"", 0o600, "nothing", "at least 16"),
        (b" \n", 0o600, "nothing", "at least 16"),
        (b"short\n", 0o600, "5 characters", "longer"),
        (b"x" * (SHORTEST - 1), 0o600, f"{SHORTEST - 1} characters", "longer"),
        (b"x" * (LONGEST + 1), 0o600, "more than 1,024", "shorter"),
        (b"x" * 100_000, 0o600, "more than 1,024", "shorter"),
        (b"\xff" * 20, 0o600, "no text", "one line"),
        (f"{TOKEN}\n{TOKEN}\n".encode(), 0o600, "no header can hold", "another"),
        (TOKEN.encode(), 0o604, "everybody on this machine can read", "chmod 600"),
        (TOKEN.encode(), 0o602, "everybody on this machine can write", "chmod 600"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="rights are kept otherwise there")
def test_a_file_that_holds_no_good_token_is_told(tmp_path, content, mode, found, fix):
    path = write(tmp_path / "token", content, mode)
    with pytest.raises(CaseError) as told:
        read_token(path)
    (problem,) = told.value.problems
    assert problem.where == f'--token-file "{path}"'
    assert found in problem.found
    assert fix in problem.fix
    assert TOKEN not in str(problem)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    for path, words in ((tmp_path / "none", "No such file"), (tmp_path, "directory")):
        with pytest.raises(CaseError, match=words):
            read_token(path)


def test_a_file_goes_before_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("PACTWORK_TOKEN", "the-token-of-the-environment")
    assert choose_token("127.0.0.1", write(tmp_path / "token", TOKEN)) == TOKEN
    assert choose_token("127.0.0.1") == choose_token("::") == "the-token-of-the-environment"


def test_a_token_is_made_where_others_can_knock(monkeypatch):
    monkeypatch.delenv("PACTWORK_TOKEN", raising=False)
    assert choose_token("127.0.0.1") == ""
    assert len(choose_token("0.0.0.0")) >= 32
    assert choose_token("0.0.0.0") != choose_token("0.0.0.0")
    assert len(choose_token("127.0.0.1", named=True)) >= 32  # through a proxy


@pytest.mark.parametrize("given", ["short", "a-token-with\na-second-line", "not-utf-8-\udcff-\udcfe-at-all"])
def test_a_token_of_the_environment_is_judged_too(monkeypatch, given):
    monkeypatch.setenv("PACTWORK_TOKEN", given)
    with pytest.raises(CaseError, match="PACTWORK_TOKEN"):
        choose_token("127.0.0.1")


def test_a_token_may_be_in_any_script(make_client, make_case):
    client = make_client(make_case(), token=FOREIGN)
    shown = {"authorization": f"Bearer {FOREIGN}".encode()}
    assert client.get("/api/case", headers=shown).status_code == 200
    assert client.get("/api/case", params={"token": FOREIGN}).status_code == 303


@pytest.mark.parametrize("given", [FOREIGN, "\udcff", "", "a" * 3000])
def test_another_token_is_refused_whatever_it_is_made_of(make_client, make_case, given):
    client, raw = make_client(make_case(), token=TOKEN), given.encode("utf-8", "surrogateescape")
    for headers in ({"authorization": b"Bearer " + raw}, {"cookie": b"pactwork-8765=" + raw}):
        assert client.get("/api/case", headers=headers).status_code == 401
    assert client.get("/api/case", params={"token": raw}).status_code == 401


def test_whatever_is_shown_is_compared_in_constant_time(make_client, make_case, monkeypatch):
    client, compared = make_client(make_case(), token=TOKEN), []

    def compare(given, expected):
        compared.append(given)
        return False

    monkeypatch.setattr(tokens.hmac, "compare_digest", compare)
    cookie = f"pactwork-8765={make_ticket(TOKEN)}"
    asked = (
        {"params": {"token": TOKEN}},
        {"headers": {"authorization": f"Bearer {TOKEN}"}},
        {"headers": {"cookie": cookie}},
    )
    assert [client.get("/api/case", **one).status_code for one in asked] == [401] * 3
    assert compared == [TOKEN.encode(), TOKEN.encode(), make_ticket(TOKEN).encode()]


def test_cookies_of_others_hide_nothing(make_client, make_case):
    """Whatever else is served on this machine sets cookies for its name too."""
    client = make_client(make_case(), token=TOKEN)
    for others in ('theirs={"a": [1, 2]}; ', "pactwork-8765=planted; ", "é=ö; =; ;; "):
        cookie = f"{others}pactwork-8765={make_ticket(TOKEN)}; pactwork-8765=late".encode()
        assert client.get("/api/case", headers={"cookie": cookie}).status_code == 200, others
