"""conf/hooks/teams against a web server, held against what a workflow of Teams takes."""
import json

import rig

rig.require(programs=("curl", "jq", "apache2"))
from posting import Posting  # noqa: E402


class Teams(Posting, rig.HookTest):
    hook = "teams"

    def texts(self, told):
        """The texts of the card that is posted, which has the shape and the size that a workflow takes."""
        message = self.post(told)[1]
        self.assertLess(len(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()), 20000)
        self.assertEqual(message["type"], "message")
        (attachment,) = message["attachments"]
        self.assertEqual(attachment["contentType"], "application/vnd.microsoft.card.adaptive")
        card = attachment["content"]
        self.assertEqual((card["type"], card["version"]), ("AdaptiveCard", "1.4"))
        found = []
        for block in card["body"]:
            self.assertEqual(block["type"], "RichTextBlock")
            (run,) = block["inlines"]
            self.assertEqual(run["type"], "TextRun")
            self.assertTrue(run["text"])
            found.append(run["text"])
        self.color = card["body"][0]["inlines"][0]["color"]
        return found

    def test_it_tells_title_findings_reasons_and_steps(self):
        told = rig.payload("group")
        texts = self.texts(told)
        self.assertEqual(texts[0], told["title"])
        for entry in told["findings"]:
            self.assertTrue(any(entry["asset"]["name"] in text for text in texts[1:]))
            self.assertIn(entry["reasons"][0], texts)
            self.assertIn("Step: " + entry["step"], texts)

    def test_the_color_says_how_pressing_it_is(self):
        for name, color in {"opened": "attention", "changed": "warning", "stale": "accent", "resolved": "good",
                            "credential": "warning", "test": "default"}.items():
            self.texts(rig.payload(name))
            self.assertEqual(self.color, color)

    def test_each_sample_fits(self):
        for file in sorted(rig.PAYLOADS.glob("*.json")):
            with self.subTest(file.name):
                self.texts(rig.payload(file.stem))

    def test_what_is_too_much_is_cut_and_said(self):
        self.assertRegex(self.texts(rig.many(100, more=31))[-1], r"^And [0-9]+ more: ")

    def test_findings_that_are_too_long_leave_the_title(self):
        told = rig.many(100)
        told["title"] = "ü" * 5000
        for entry in told["findings"]:
            entry["reasons"] = ["\U0001f4a9" * 5000] * 20
        texts = self.texts(told)
        self.assertEqual(texts[0], "ü" * 299 + "…")
        self.assertIn("more", texts[-1])

    def test_names_are_text_and_nothing_else(self):
        for what, name in self.names().items():
            with self.subTest(what):
                texts = self.texts(rig.hostile(name))
                for text in texts:
                    self.assertEqual([c for c in text if rig.unseen(ord(c))], [])
                shown = rig.visible(name)
                self.assertTrue(texts[0].startswith(shown[:250]))
                self.assertTrue(any(shown[:150] in text for text in texts[1:]))
                self.nobody_obeyed()


if __name__ == "__main__":
    rig.main()
