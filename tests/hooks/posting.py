"""What holds for every hook that posts to a web server."""
import json
import resource
import socket
import threading

import rig
from web import Deaf, Web, free_port

SECRET = "T0K3N-of-the-address"


class Posting:
    """To be mixed into a HookTest; self.hook says which script."""

    @classmethod
    def setUpClass(cls):
        cls.web = Web()

    @classmethod
    def tearDownClass(cls):
        cls.web.stop()

    def tearDown(self):
        self.web.taken()

    def to(self, url, more=""):
        self.settings(f'# the receiver\nurl = "{url}"\n{more}')

    def post(self, told):
        """Delivers it, and returns the request's headers and its JSON."""
        self.to(self.web.address(200, f"/{SECRET}"))
        self.delivered(told)
        taken = self.web.taken()
        self.assertEqual(len(taken), 1)
        headers, body = taken[0]
        self.assertEqual((headers["REQUEST_METHOD"], headers["CONTENT_TYPE"]), ("POST", "application/json"))
        return headers, json.loads(body)

    def test_any_status_from_200_to_299_is_delivered(self):
        for status in (200, 202, 204):
            self.to(self.web.address(status))
            self.delivered(rig.payload("opened"))
        self.assertEqual(len(self.web.taken()), 3)

    def test_a_receiver_that_refuses(self):
        for status in (400, 401, 404, 410, 413, 429, 500, 503):
            with self.subTest(status):
                self.to(self.web.address(status))
                self.refused(rig.payload("opened"), f"not delivered: the receiver answered {status}", "no use for")

    def test_a_receiver_that_has_moved(self):
        self.to(f"http://127.0.0.1:{self.web.port}/moved")
        self.refused(rig.payload("opened"), "the receiver answered 301 and wants another address")
        self.assertEqual(self.web.taken(), [])

    def test_a_receiver_that_is_down(self):
        self.to(f"http://127.0.0.1:{free_port()}/")
        self.refused(rig.payload("opened"), "Failed to connect", "not delivered: no answer; can this machine reach")

    def test_a_receiver_that_never_answers(self):
        deaf = Deaf()
        self.addCleanup(deaf.stop)
        self.to(f"http://127.0.0.1:{deaf.port}/", "max-time = 1\n")
        self.refused(rig.payload("opened"), "not delivered: no answer in time")

    def test_an_answer_that_floods_is_kept_short(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(60)

            def flood():
                connection = server.accept()[0]
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 400 Bad\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")
                    for _ in range(1000):
                        connection.sendall(b"\x1b[31m\xff" * 20000)

            thread = threading.Thread(target=flood)
            thread.start()
            self.to(f"http://127.0.0.1:{server.getsockname()[1]}/")
            output = self.refused(rig.payload("opened"), "the receiver answered 400")
            thread.join()
        self.assertNotIn("\x1b", output)
        # Kilobytes of the largest process so far; the answer has 120 megabytes.
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 60000)

    def test_what_the_answer_repeats_of_the_settings_is_not_shown(self):
        for more in ('user = "muster:sesame-open"\n', 'header = "X-Key: sesame-open"\n'):
            self.to(self.web.address(404, f"/{SECRET}?key=sesame-open"), more)
            output = self.refused(rig.payload("opened"), "no use for ***")
            self.assertNotIn(SECRET, output)
            self.assertNotIn("sesame", output)

    def test_another_protocol_is_refused(self):
        file = self.folder / "notes"
        file.write_text("nobody's business")
        self.to(f"file://{file}")
        self.assertNotIn("business", self.refused(rig.payload("opened"), "not supported", "not delivered"))
        self.assertEqual(file.read_text(), "nobody's business")

    def test_a_users_own_settings_of_curl_are_not_read(self):
        self.folder.joinpath(".curlrc").write_text('url = "http://127.0.0.1:1/"\nheader = "X-Own: yes"\n')
        self.to(self.web.address(200))
        self.delivered(rig.payload("opened"), CURL_HOME=str(self.folder), HOME=str(self.folder))
        (request,) = self.web.taken()
        self.assertNotIn("HTTP_X_OWN", request[0])

    def test_settings_that_are_missing_are_said(self):
        self.refused(rig.payload("opened"), "no settings file: name one in musterd.conf")
        self.refused(rig.payload("opened"), "/nowhere/x.conf is not there", MUSTER_SETTINGS="/nowhere/x.conf")
        self.refused(rig.payload("opened"), "/tmp is not there", MUSTER_SETTINGS="/tmp")
        self.settings("")
        self.refused(rig.payload("opened"), "not delivered")

    def test_what_is_no_payload_is_not_sent(self):
        self.to(self.web.address(200))
        for raw in (b"", b"{", b"[]", b'{"schema":2,"findings":[]}', b"null"):
            with self.subTest(raw):
                self.assertNotEqual(self.run_raw(raw, rig.payload("opened")).returncode, 0)
        self.assertEqual(self.web.taken(), [])
