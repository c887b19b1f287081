"""Another page in the same browser: it can follow a link to this one, and nothing else."""

import socket
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import uvicorn

from pactwork.web.app import make_app
from pactwork.web.serving import configure
from pactwork.web.settings import Settings


class _Page(BaseHTTPRequestHandler):
    """Answers with one page, whatever is asked."""

    def __init__(self, text, *rest):
        self.text = text
        super().__init__(*rest)

    def do_GET(self):
        """Send it."""
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(self.text.encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def elsewhere():
    """Return a function that serves a page at another port, and returns its address."""
    held = []

    def serve(text):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Page, text))
        threading.Thread(target=server.serve_forever).start()
        held.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server in held:
        server.shutdown()
        server.server_close()


@pytest.fixture
def watched(tmp_path):
    """A server's address, and what it answered to each request: a browser hides that from pages elsewhere."""
    app, told = make_app(Settings("poland-korea", state=tmp_path / "state")), {}

    async def watch(scope, receive, send):
        async def pass_on(message):
            if message["type"] == "http.response.start":
                told[scope["method"], scope["path"]] = message["status"]
            await send(message)

        await app(scope, receive, pass_on)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(configure(watch))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", told
        server.should_exit = True
        thread.join(30)


def test_another_page_can_only_lead_here(browser, watched, elsewhere):
    there, told = watched
    page = browser.new_context().new_page()
    page.set_default_timeout(90_000)
    page.goto(
        elsewhere(f"""<!doctype html><title>Elsewhere</title><a href="{there}/evidence">Look</a>
        <img src="{there}/what-if"><script src="{there}/api/overview"></script>
        <link rel="stylesheet" href="{there}/static/style.css">
        <iframe name="sink"></iframe><iframe src="{there}/sea-lanes"></iframe><object data="{there}/politics"></object>
        <form id="send" method="post" enctype="text/plain" target="sink" action="{there}/api/brief">
        <input name='{{"effort":"facts","x":"' value='"}}'></form>""")
    )
    page.evaluate(f"""async () => {{
        for (const mode of ["no-cors", "cors"]) await fetch("{there}/api/deliveries", {{mode}}).catch(() => null);
        await fetch("{there}/api/brief", {{method: "POST", mode: "no-cors", body: "{{}}"}}).catch(() => null);
    }}""")
    with page.expect_response(lambda one: one.request.method == "POST" and one.request.is_navigation_request()) as sent:
        page.evaluate("document.getElementById('send').submit()")
    assert sent.value.status == 403
    refused = {("GET", "/what-if"), ("GET", "/api/overview"), ("GET", "/static/style.css"), ("GET", "/api/deliveries"),
               ("GET", "/sea-lanes"), ("GET", "/politics"), ("POST", "/api/brief")}  # fmt: skip
    assert {one: told.get(one) for one in refused} == dict.fromkeys(refused, 403)
    page.click("a")
    page.wait_for_selector("h1")
    assert told["GET", "/evidence"] == 200
    page.context.close()
