"""conf/hooks/webhook against a web server."""
import json

import rig

rig.require(programs=("curl", "jq", "apache2"))
from posting import Posting  # noqa: E402


class Webhook(Posting, rig.HookTest):
    hook = "webhook"

    def test_it_posts_the_payload_as_it_is(self):
        for file in sorted(rig.PAYLOADS.glob("*.json")):
            with self.subTest(file.name):
                told = json.loads(file.read_text())
                headers, body = self.post(told)
                self.assertEqual(body, told)
                self.assertEqual(headers["HTTP_IDEMPOTENCY_KEY"], told["id"])

    def test_a_large_one_arrives_whole(self):
        told = rig.many(100, more=31)
        for entry in told["findings"]:
            entry["reasons"] = ["ü" * 4000]
        self.assertEqual(self.post(told)[1], told)

    def test_names_are_text_and_nothing_else(self):
        for what, name in self.names().items():
            with self.subTest(what):
                told = rig.hostile(name)
                self.assertEqual(self.post(told)[1], told)
                self.nobody_obeyed()

    def test_bytes_that_are_no_text_are_replaced(self):
        told = rig.hostile("XYZZY")
        self.to(self.web.address(200))
        raw = json.dumps(told).encode().replace(b"XYZZY", b"a\xff\xc3(\xed\xa0\x80b")
        self.assertEqual(self.run_raw(raw, told).returncode, 0)
        self.assertIn("a\ufffd", self.web.taken_json()[0]["asset"]["name"])

    def test_an_id_that_is_none_is_refused(self):
        self.to(self.web.address(200))
        for wrong in ("", "a\r\nX-Admin: yes", "a b"):
            self.refused(rig.payload("opened"), "MUSTER_ID", MUSTER_ID=wrong)
        self.assertEqual(self.web.taken(), [])


if __name__ == "__main__":
    rig.main()
