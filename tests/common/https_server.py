"""A server of HTTPS, and of what only looks like it, on loopback: for tests/common/test_http.c. It tells what it has as
lines "name value" on standard output, "ready" being the last, and ends when its standard input does."""
import gzip
import http.server
import pathlib
import select
import socket
import ssl
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "peers"))
import certificates  # noqa: E402

steals = []      # what came to where a redirect leads
nothings = []    # what was not answered
connections = [] # every connection that a request came on


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "test"

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        self.counted = False

    def answer(self, status=200, body=b"", headers=(), length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if length is not False:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def handle_any(self):
        if not self.counted:
            connections.append(self.client_address)
            self.counted = True
        size = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(size)
        word, _, rest = self.path[1:].partition("/")
        getattr(self, "do_" + word.replace("-", "_"))(rest)

    do_GET = do_POST = handle_any

    def do_echo(self, _):
        head = f"{self.command} {self.path}\n{self.headers}"
        self.answer(200, head.encode() + self.body, [("Content-Type", "Text/XML; charset=utf-8")])

    def do_status(self, rest):
        self.answer(int(rest), b"status " + rest.encode(), [("Content-Type", "text/html")])

    def do_date(self, rest):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nDate: Thu, 01 Mar 2018 12:00:00 GMT\r\nContent-Length: 0\r\n\r\n")

    def do_count(self, _):
        self.answer(200, str(len(connections)).encode())

    def do_steals(self, _):
        self.answer(200, str(len(steals)).encode())

    def do_steal(self, _):
        steals.append(self.path)
        self.answer(200, b"thanks")

    def do_redirect(self, rest):
        self.answer(int(rest), b"moved", [("Location", f"https://127.0.0.1:{ports['other']}/steal")])

    def do_nowhere(self, _):
        self.answer(304)

    def do_continue(self, rest):
        for _ in range(int(rest)):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\nContent-Type: text/wrong\r\nX: " + b"x" * 1000 + b"\r\n\r\n")
        self.answer(200, b"went on")

    def do_encoded(self, rest):
        self.answer(200, gzip.compress(b"x" * 100000), [("Content-Encoding", rest)])

    def do_transfer(self, _):
        body = gzip.compress(b"x" * 100000)
        self.answer(200, b"", [("Transfer-Encoding", "gzip, chunked")], length=False)
        self.chunk(body)
        self.chunk(b"")

    def do_large(self, rest):
        self.answer(200, b"y" * int(rest))

    def do_chunked(self, rest):
        self.answer(200, b"", [("Transfer-Encoding", "chunked")], length=False)
        for _ in range(int(rest)):
            self.chunk(b"z" * 1000)
        self.chunk(b"")

    def do_cut(self, _):
        self.answer(200, b"only this", length=1000)
        self.close_connection = True

    def do_cut_chunk(self, _):
        self.answer(200, b"", [("Transfer-Encoding", "chunked")], length=False)
        self.wfile.write(b"3e8\r\nonly this")
        self.close_connection = True

    def do_cut_header(self, _):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
        self.close_connection = True

    def do_nothing(self, _):
        nothings.append(self.path)
        self.close_connection = True

    def do_nothings(self, _):
        self.answer(200, str(len(nothings)).encode())

    def do_flood(self, rest):
        self.answer(200, b"", [(f"X-{n}", "h" * 1000) for n in range(int(rest))])

    def do_garbage(self, _):
        self.wfile.write(b"220 mail.example ESMTP ready\r\n")
        self.close_connection = True

    def do_hang(self, rest):
        """Sends so many bytes of a longer body, then nothing until the client goes."""
        if int(rest):
            self.answer(200, b"w" * int(rest), length=1000000)
            self.wfile.flush()
        self.connection.setblocking(False)
        select.select([self.connection], [], [])
        self.close_connection = True

    def do_cookie(self, rest):
        self.answer(200, b"", [("Set-Cookie", rest)])

    def do_cookies(self, rest):
        self.answer(200, b"", [("Set-Cookie", f"c{n}={'v' * 1000}") for n in range(int(rest))])


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, certificate=None):
        self.tls = certificate.context() if certificate else None
        super().__init__(("127.0.0.1", 0), Handler)

    def finish_request(self, request, client_address):
        """The handshake is the connection's own thread's work."""
        if self.tls:
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, *_):
        pass


class Proxy(http.server.BaseHTTPRequestHandler):
    """CONNECT, with an answer that the server of it has."""

    def log_message(self, *_):
        pass

    def do_CONNECT(self):
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        host, _, port = self.path.rpartition(":")
        self.server.tunnels.append(self.path)
        with socket.create_connection((host, int(port))) as far:
            self.send_response(200)
            self.end_headers()
            ends = {self.connection: far, far: self.connection}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    ends[end].sendall(data)


class ProxyServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, status):
        self.status = status
        self.tunnels = []
        super().__init__(("127.0.0.1", 0), Proxy)

    def handle_error(self, *_):
        pass


def tell(name, value):
    print(name, value, flush=True)


def main():
    maker = certificates.Maker()
    root = maker.authority("root")
    middle = maker.authority("middle", root)
    kinds = {
        "good": maker.signed("good", middle),
        "other": maker.signed("other", middle),
        "expired": maker.signed("expired", middle, days=-1),
        "misnamed": maker.signed("misnamed", middle, alternatives="DNS:vc01.example,IP:192.0.2.1"),
        "selfsigned": maker.self_signed("selfsigned"),
        "plain": None,
    }
    servers = {name: Server(certificate) for name, certificate in kinds.items()}
    servers |= {name: ProxyServer(status) for name, status in (("proxy", 200), ("proxy403", 403), ("proxy407", 407))}
    for name, server in servers.items():
        ports[name] = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tell(f"port.{name}", ports[name])
    for name, certificate in kinds.items():
        if certificate:
            tell(f"fingerprint.{name}", certificate.fingerprint)
            tell(f"file.{name}", certificate.file)
    for authority in (root, middle):
        tell(f"file.{authority.file.stem}", authority.file)
    # A port on which nobody listens, and nobody can be while it is held here.
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        tell("port.closed", held.getsockname()[1])
        tell("ready", "yes")
        sys.stdin.read()
    maker.close()


ports = {}
main()
