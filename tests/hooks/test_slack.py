"""conf/hooks/slack against a web server, held against what Slack takes."""
import rig

rig.require(programs=("curl", "jq", "apache2"))
from posting import Posting  # noqa: E402


def texts(message):
    return [block["text"]["text"] for block in message["blocks"]]


def unescaped(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


class Slack(Posting, rig.HookTest):
    hook = "slack"

    def message(self, told):
        """What is posted, within the limits of Slack."""
        message = self.post(told)[1]
        self.assertFalse(message["mrkdwn"] or message["unfurl_links"] or message["unfurl_media"])
        self.assertLessEqual(len(message["blocks"]), 50)
        self.assertLessEqual(sum(len(text) for text in texts(message)), 12000)
        for block in message["blocks"]:
            self.assertEqual((block["text"]["type"], block["text"]["emoji"]), ("plain_text", False))
            self.assertTrue(1 <= len(block["text"]["text"]) <= (150 if block["type"] == "header" else 3000))
        self.assertEqual([block["type"] for block in message["blocks"]],
                         ["header"] + ["section"] * (len(message["blocks"]) - 1))
        return message

    def test_it_tells_title_findings_reasons_and_steps(self):
        told = rig.payload("group")
        message = self.message(told)
        self.assertEqual(message["text"], "[act] " + told["title"])
        self.assertEqual(texts(message)[0], "[act] " + told["title"])
        for entry, text in zip(told["findings"], texts(message)[1:], strict=True):
            for piece in (entry["asset"]["name"], entry["reasons"][0], "Step: " + entry["step"]):
                self.assertIn(piece, text)

    def test_each_sample_fits(self):
        for file in sorted(rig.PAYLOADS.glob("*.json")):
            with self.subTest(file.name):
                self.message(rig.payload(file.stem))

    def test_what_is_too_much_is_cut_and_said(self):
        message = self.message(rig.many(100, more=31))
        shown = len(message["blocks"]) - 2
        self.assertGreater(shown, 5)
        self.assertTrue(texts(message)[-1].startswith(f"And {131 - shown} more"))

    def test_findings_that_are_too_long_leave_the_title(self):
        told = rig.many(100)
        for entry in told["findings"]:
            entry["reasons"] = ["&" * 5000] * 20
        message = self.message(told)
        self.assertEqual(texts(message)[0], "[act] " + told["title"])
        self.assertIn("more", texts(message)[-1])

    def test_names_are_text_and_nothing_else(self):
        for what, name in self.names().items():
            with self.subTest(what):
                message = self.message(rig.hostile(name))
                for text in [message["text"], *texts(message)]:
                    self.assertNotRegex(text, r"[<>]|&(?!(amp|lt|gt);)")
                    self.assertEqual([c for c in text if c != "\n" and rig.unseen(ord(c))], [])
                shown = rig.visible(name)
                self.assertTrue(unescaped(texts(message)[0]).startswith("[act] " + shown[:10]))
                self.assertIn(shown[:150], unescaped(texts(message)[1]))
                self.assertTrue(unescaped(texts(message)[1]).count("\n") <= 5)
                self.nobody_obeyed()


if __name__ == "__main__":
    rig.main()
