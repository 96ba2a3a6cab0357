import hashlib
import http.server
import threading

import pytest

from tfgan_lab.networks import weight_files
from tfgan_lab.networks.weight_files import cache_folder, fetch

CONTENT = bytes(range(256)) * 5000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server():
    """On this machine alone: /whole, /short (cut off), anything else 404; counts requests."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if self.path not in ("/whole.pth", "/short.pth"):
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT if self.path == "/whole.pth" else CONTENT[:1000])

        def log_message(self, *_):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", asked
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_downloads_once(server, tmp_path):
    url, asked = server
    path = fetch(f"{url}/whole.pth", SHA256, tmp_path / "cache")
    assert path == tmp_path / "cache" / "whole.pth" and path.read_bytes() == CONTENT
    assert fetch(f"{url}/whole.pth", SHA256, tmp_path / "cache") == path
    assert asked == ["/whole.pth"]
    path.write_bytes(b"damaged")
    assert fetch(f"{url}/whole.pth", SHA256, tmp_path / "cache").read_bytes() == CONTENT
    assert [file.name for file in path.parent.iterdir()] == ["whole.pth"]


@pytest.mark.parametrize(
    ("name", "sha256", "error", "message"),
    [
        ("whole.pth", 64 * "0", ValueError, f"Expected the file with SHA-256 0+.*{SHA256}"),
        ("short.pth", SHA256, (ValueError, ConnectionError), "Expected"),
        ("missing.pth", SHA256, ConnectionError, "Expected to download.*Received: Not Found"),
    ],
)
def test_what_went_wrong_leaves_nothing(name, sha256, error, message, server, tmp_path):
    with pytest.raises(error, match=message):
        fetch(f"{server[0]}/{name}", sha256, tmp_path)
    assert not list(tmp_path.iterdir())


def test_nobody_there(tmp_path):
    with pytest.raises(ConnectionError, match="Expected to download http://127.0.0.1:9/w.pth"):
        fetch("http://127.0.0.1:9/w.pth", SHA256, tmp_path)


def test_too_large(server, tmp_path, monkeypatch):
    monkeypatch.setattr(weight_files, "MOST_BYTES", 1000)
    with pytest.raises(ValueError, match="at most 1,000 bytes"):
        fetch(f"{server[0]}/whole.pth", SHA256, tmp_path)
    assert not list(tmp_path.iterdir())


def test_where_files_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("TFGAN_LAB_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("TFGAN_LAB_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "tfgan_lab"
