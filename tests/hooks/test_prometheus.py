"""conf/hooks/prometheus against the parser of Prometheus's client, and against the node exporter where there is one."""
import os
import shutil
import subprocess
import time
import unittest
import urllib.request

import rig

rig.require("prometheus_client", programs=("jq",))
from prometheus_client.parser import text_string_to_metric_families  # noqa: E402

from web import free_port  # noqa: E402

EXPORTER = shutil.which("prometheus-node-exporter")
PROMTOOL = shutil.which("promtool")


class Prometheus(rig.HookTest):
    hook = "prometheus"

    def setUp(self):
        super().setUp()
        self.file = self.folder / "muster.prom"
        self.settings(f'# where\nfile = "{self.file}"\n')

    def told(self, name, number):
        return {**rig.payload(name), "id": f"{number:032x}"}

    def samples(self):
        """{(metric, event, class): value} of the file, which has nothing else."""
        found = {}
        for family in text_string_to_metric_families(self.file.read_text()):
            self.assertTrue(family.documentation)
            self.assertIn(family.type, ("counter", "gauge"))
            for sample in family.samples:
                self.assertEqual(set(sample.labels), {"hook", "event", "class"})
                found[sample.name, sample.labels["event"], sample.labels["class"]] = sample.value
        return found

    def test_it_counts_alerts_and_what_they_tell(self):
        for number, name in enumerate(("opened", "group", "resolved", "credential")):
            self.delivered(self.told(name, number))
        samples = self.samples()
        self.assertEqual(samples["muster_hook_alerts_total", "finding.opened", "act"], 2)
        self.assertEqual(samples["muster_hook_events_total", "finding.opened", "act"], 3)
        self.assertEqual(samples["muster_hook_alerts_total", "finding.resolved", ""], 1)
        self.assertEqual(samples["muster_hook_events_total", "credential.held", ""], 2)
        self.assertEqual(samples["muster_hook_last_alert_timestamp_seconds", "finding.opened", "act"], 1772572442)
        self.assertEqual(len(samples), 9)

    def test_an_alert_that_is_told_twice_counts_once(self):
        self.delivered(self.told("opened", 1))
        before = self.file.read_bytes()
        self.delivered(self.told("opened", 1), MUSTER_TRY="2")
        self.assertEqual(self.file.read_bytes(), before)

    def test_an_older_alert_does_not_set_the_time_back(self):
        self.delivered(self.told("group", 1))
        self.delivered({**self.told("opened", 2), "time": "2020-01-01T00:00:00Z"})
        self.assertEqual(self.samples()["muster_hook_last_alert_timestamp_seconds", "finding.opened", "act"],
                         1772572442)

    def test_the_file_can_be_read_by_others_and_is_the_only_one(self):
        self.delivered(self.told("opened", 1))
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o644)
        self.assertEqual(sorted(os.listdir(self.folder)), ["muster.prom", "settings.conf"])

    def test_a_file_that_is_not_ours_is_made_anew(self):
        for text in ("no metrics\n", 'evil{x="y"} 1\n', "", "\0\xff" * 1000, 'muster_hook_alerts_total{hook="} 1\n',
                     'muster_hook_alerts_total{hook="a",event="b",class="c"} many\n',
                     'muster_hook_alerts_total{hook="a\\",event="b",class="c"} 1\n', "muster_hook_alerts_total{} 1\n"):
            self.file.write_text(text)
            self.delivered(self.told("opened", 1))
            self.assertEqual(self.samples()["muster_hook_alerts_total", "finding.opened", "act"], 1)
            self.assertEqual(len(self.samples()), 3)

    def test_a_link_that_waits_is_not_followed(self):
        self.folder.joinpath("muster.prom.new").symlink_to(self.canary)
        self.delivered(self.told("opened", 1))
        self.nobody_obeyed()
        self.assertEqual(len(self.samples()), 3)

    def test_names_are_not_in_it(self):
        for number, (what, name) in enumerate(self.names().items()):
            with self.subTest(what):
                told = {**rig.hostile(name), "id": f"{number:032x}"}
                self.delivered(told)
                self.assertEqual(self.samples()["muster_hook_alerts_total", "finding.opened", "act"], number + 1)
                self.assertEqual(len(self.samples()), 3)
                self.nobody_obeyed()

    def test_the_hooks_name_is_a_label_whatever_it_is(self):
        self.delivered({**self.told("opened", 1), "hook": 'a"b\\c\nd'})
        self.delivered({**self.told("opened", 2), "hook": 'a"b\\c\nd'})
        (family, *_) = text_string_to_metric_families(self.file.read_text())
        self.assertEqual((family.samples[0].labels["hook"], family.samples[0].value), ('a"b\\c\\nd', 2))

    def test_words_that_are_none_are_refused(self):
        done = self.run_hook({**self.told("opened", 1), "class": 'act"} 1\nevil 1'})
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(self.file.exists())

    def test_settings_that_are_wrong_are_said(self):
        self.refused(self.told("opened", 1), "no settings file", MUSTER_SETTINGS="")
        for text in ("", 'file = "muster.prom"\n', 'file = "/tmp/muster.txt"\n'):
            self.settings(text)
            self.refused(self.told("opened", 1), "file must be the path of a file that ends in .prom")
        self.settings('file = "/nowhere/muster.prom"\n')
        self.refused(self.told("opened", 1), "not delivered: cannot write /nowhere/muster.prom.new")
        self.settings_file.unlink()
        self.refused(self.told("opened", 1), "no settings file")

    @unittest.skipUnless(EXPORTER, "no node exporter")
    def test_the_node_exporter_reads_it(self):
        self.delivered(self.told("group", 1))
        port = free_port()
        exporter = subprocess.Popen(
            [EXPORTER, f"--web.listen-address=127.0.0.1:{port}", "--collector.disable-defaults",
             "--collector.textfile", f"--collector.textfile.directory={self.folder}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while True:
                self.assertIsNone(exporter.poll())
                try:
                    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
                    break
                except OSError:
                    time.sleep(0.02)
        finally:
            exporter.terminate()
            exporter.wait()
        self.assertIn('muster_hook_events_total{class="act",event="finding.opened",hook="night-watch"} 2', text)
        self.assertIn("node_textfile_scrape_error 0", text)

    @unittest.skipUnless(PROMTOOL, "no promtool")
    def test_promtool_finds_nothing_wrong(self):
        self.delivered(self.told("group", 1))
        done = subprocess.run([PROMTOOL, "check", "metrics"], input=self.file.read_bytes(), capture_output=True,
                              check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, b""))


if __name__ == "__main__":
    rig.main()
