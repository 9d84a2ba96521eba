"""The HTML report through the parser of the HTML standard: what a browser would make of it."""
import os
import re
import unittest

import made
import pages
from pages import number, on_every_page, rows, said, tag

ORDER = ["figures", "complete", "changes", "act", "decide", "look", "exemptions", "rulings", "attestations", "lifecycle",
         "contradictions", "coverage", "conditions-used", "words"]

OLD = "server Windows Server 2008 SP2, running on physical hardware, protected by mabs-v2"


def page(name):
    return pages.page("html", name)


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


class EveryReport(pages.EveryPage, unittest.TestCase):
    form, names = "html", made.SETS

    @on_every_page
    def test_has_its_sections_in_their_order(self, one):
        main = next(one.all("main"))
        self.assertEqual([child.get("id") for child in main if tag(child) == "section"], ["summary"] + ORDER)
        nav = next(one.all("nav"))
        self.assertEqual([found.get("href")[1:] for found in nav.iter("a")], ORDER)

    def test_has_letters_with_contrast(self):
        style = "".join(said(found) for found in page("tiny").all("style"))
        schemes = [dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]+)", part)) for part in re.findall(r":root\{([^}]*--bg[^}]*)\}",
                                                                                              style)]
        self.assertEqual(len(schemes), 2)
        pairs = [(ink, paper) for ink in ("fg", "quiet", "link", "bad", "warn", "good") for paper in ("bg", "box")]
        pairs += [(ink, f"{ink}-box") for ink in ("bad", "warn", "good")]
        pairs += [("ta" if i < 5 else "tb", f"v{i}") for i in range(1, 9)]
        for colours in schemes:
            for ink, paper in pairs:
                with self.subTest(ink=ink, paper=paper):
                    self.assertGreaterEqual(contrast(colours[ink], colours[paper]), 4.5)


class Tiny(unittest.TestCase):
    def test_is_as_it_was_when_somebody_looked(self):
        golden = made.HERE / "data" / "tiny.html"
        found = re.sub(r"<style>.*?</style>", "<style></style>", page("tiny").text, flags=re.DOTALL)
        if os.environ.get("MUSTER_GOLDEN"):
            golden.write_text(found)
        self.assertEqual(found, golden.read_text())

    def test_answers_in_one_sentence(self):
        self.assertEqual(said(page("tiny").classed("answer")[0]),
                         "4 of 9 protections ask for action, of which 1 is exempt. 1 asks for a decision, 1 for a look; "
                         "3 ask nothing.")

    def test_begins_with_what_is_open_and_largest(self):
        begin = [said(item) for item in page("tiny").classed("begin")[0]]
        self.assertEqual(begin[1:], ["because of esx01.example: 1 protection db01 on esx01.example: Move the virtual machine."])
        begin = [said(item) for item in page("many").classed("begin")[0]]
        self.assertEqual(begin, [f"{OLD}: 5,001 protections Upgrade it.", "because of host: 5,000 protections Move it."])

    def test_joins_groups_that_one_step_mends(self):
        begin = page("tiny").classed("begin")[0][0]
        self.assertEqual(said(begin), "Upgrade each of them to Windows Server 2016. Mends 2 protections, besides 1 exempt, and 1 to decide "
                                      f"{OLD}; server Windows Server 2008 SP2, running on Azure Stack, protected by mabs-v2 "
                                      "The vendor's support of what that leads to ends on 2026-11-30: 365 days left")
        self.assertEqual([found.get("href") for found in begin.iter("a")], ["#decide", "#act-2", "#act-3"])

    def test_counts_as_the_head_does(self):
        tiles = page("tiny").classed("tiles")[0]
        self.assertEqual([number(said(tile)) for tile in tiles], [4, 1, 1, 3])
        self.assertIn("of which 1 exempt", said(tiles[0]))
        links = {found.get("href"): said(found) for found in next(page("tiny").all("nav")).iter("a")}
        self.assertEqual([number(links[f"#{need}"]) for need in ("act", "decide", "look")], [4, 1, 1])

    def test_lists_what_it_counts(self):
        for need, count in (("act", 4), ("decide", 1), ("look", 1)):
            tables = [rows(table) for table in page("tiny").find(need).iter("table")]
            self.assertEqual(sum(len(table) for table in tables), count)

    def test_counts_what_is_ruled_apart(self):
        table = rows(next(found for found in page("tiny").find("figures") if tag(found) == "table"))
        self.assertEqual([row[:4] for row in table if row[0] == "contradictory"], [["contradictory", "3", "0", "2"]])
        self.assertEqual(sum(number(row[1]) for row in table), 9)

    def test_says_what_is_the_same_for_a_group_once(self):
        group = next(found for found in page("tiny").all("article") if OLD in said(found))
        self.assertEqual(said(group).count("Upgrade"), 1)
        self.assertIn("Step forward Upgrade each of them to Windows Server 2016.", said(group))
        self.assertIn("2 protections, unsupported, of which 1 is exempt", said(group))
        self.assertIn("exempt until 2025-12-20: replaced in December; approved by the board, entered by ann; ticket CHG-12", said(group))
        self.assertIn("row 20 of https://docs.example/protection-matrix, dated 2018-08-17", said(group))
        self.assertIn("2025-11-28 2 days old", said(group))

    def test_says_which_sources_the_evidence_comes_from(self):
        seen = {row[0].split()[0]: row[3] for need in ("act", "look") for table in page("tiny").find(need).iter("table")
                for row in rows(table)}
        self.assertTrue(seen["db01"].endswith("2 days old seen by hv01, rvt, vc01 and 1,200 more"), seen["db01"])
        self.assertTrue(seen["app01"].endswith("2 days old seen by vc01"), seen["app01"])
        self.assertTrue(seen["off01"].endswith("no source sees it"), seen["off01"])

    def test_tells_the_backup_servers(self):
        heading = page("tiny").find("servers")
        table = next(found for found in page("tiny").find("complete").iter("table") if "Backup servers" in said(found))
        self.assertEqual(said(heading), "Backup servers")
        self.assertEqual(rows(table), [
            ["mabs01.example", "mabs-v2 as the configuration says", "2025-08-22 ended 100 days ago", "8", "2025-11-30 22:59 UTC"],
            ["mabs02.example product mabs-v4 is configured, and its scans show mabs-v3",
              "mabs-v4 as the configuration says, and its scan does not show", "not on record", "1",
              "2025-11-21 23:59 UTC longer ago than its source may be old no protection of anything that is known"],
            ["mabs09.example", "not known neither the configuration nor a scan tells it", "not on record", "0",
             "no entry of it was seen"]])
        self.assertIn("No backup server is configured", said(page("empty").find("complete")))

    def test_says_which_machine_made_it_and_which_edition_a_page_shows(self):
        self.assertIn("Weekly report: muster 1.2.3 on watch01.", said(next(page("tiny").all("footer"))))
        self.assertIn("Nothing yet: muster 1.2.3.", said(next(page("empty").all("footer"))))
        self.assertIn("The address of a page shows the edition of today; date and hash tell which one was used here.",
                      said(page("tiny").find("complete")))

    def test_links_a_few_groups_of_a_step_and_counts_the_rest(self):
        begin = page("joined").classed("begin")[0]
        self.assertEqual(said(begin[0]).split(" server release")[0], "Upgrade each of them to Windows Server 2016. Mends 6 protections")
        self.assertEqual([found.get("href") for found in begin[0].iter("a")], [f"#act-{i}" for i in range(1, 5)])
        self.assertTrue(said(begin[0]).endswith("; and 2 more groups"))

    def test_joins_what_one_move_mends_and_calls_another_move_of_the_server_an_alternative(self):
        one, other = [said(item).replace(", running on physical hardware, protected by mabs-v2", "")
                      for item in page("joined").classed("begin")[0]][1:3]
        much = "it moves the same backup server. What a move would mend and break in all: muster what-if --product"
        self.assertEqual(one, "Move the backup server mabs01.example to mabs-v3. Mends 2 protections server release 20; server "
                              "release 21 For 1 of them a ruling would do as well. Instead of step 3, not besides: "
                              f"{much} mabs-v3, with --server")
        self.assertEqual(other, "server release 22: 1 protection Move the backup server mabs01.example to mabs-v3-ur1. Or ask for "
                                f"a ruling. Instead of step 2, not besides: {much} mabs-v3-ur1, with --server")

    def test_joins_nothing_that_no_step_mends_and_names_it_last(self):
        rest = [said(item).replace(", running on physical hardware, protected by mabs-v2", "")
                for item in page("joined").classed("begin")[0]][3:]
        self.assertEqual(rest, ["server release 7: 10 protections", "server release 8: 1 protection Ask for a ruling on one."])

    def test_a_head_says_whose_place_it_is_and_what_is_not_known(self):
        heads = [said(found) for need in ("act", "look") for found in page("tiny").find(need).iter("h3")]
        self.assertEqual(heads, ["because of esx01.example", OLD,
                                 "server Windows Server 2008 SP2, running on Azure Stack, protected by mabs-v2",
                                 "server of a version that is not known, running on physical hardware, protected by mabs-v2"])
        self.assertIn("vmware-vm VMware vSphere 6.7, backup server on physical hardware, protected by mabs-v2",
                      said(page("tiny").find("act-1")))

    def test_a_row_says_whether_it_is_a_backup_or_a_possible_way(self):
        ways = {row[0].split()[0]: row[1] for need in ("act", "look") for table in page("tiny").find(need).iter("table")
                for row in rows(table)}
        self.assertIn("configured: the DPMDB shows it", ways["db01"])
        self.assertIn("a possible way: no DPMDB shows it", ways["app01"])
        self.assertIn("a possible way, which a rule names: no DPMDB shows it", ways["app02"])

    def test_what_no_row_is_about_was_looked_up(self):
        self.assertIn("Looked up in https://docs.example/protection-matrix, dated 2018-08-17: no row is about it",
                      said(page("tiny").find("decide-1")))

    def test_sets_the_names_in_its_sentences_apart(self):
        names = [said(found) for found in page("tiny").classed("name", page("tiny").find("act-1"))]
        self.assertEqual(names, ["esx01.example", "local disk 1", "db01", "esx01.example"])
        self.assertEqual(page("tiny").classed("name", page("tiny").find("act-2")), [])

    def test_names_what_is_in_a_protection_group_and_what_is_in_none(self):
        section = page("tiny").find("coverage")
        kinds, names, covered = [rows(table) for table in section.iter("table")]
        self.assertEqual(kinds, [["vm", "3", "2", "2", "1", "0", "0", "8"],
                                 ["esxi_host no protection of its own: the machines on it are asked about", "0", "0", "0", "0", "0",
                                  "1", "1"],
                                 ["all of them", "3", "2", "2", "1", "0", "1", "9"]])
        self.assertEqual(names, [["app01 vm 1", "Antwerp", "web team", "agent by mabs01.example"],
                                 ["app02 vm 2", "none", "none", "agent by mabs01.example and 1 more unsupported, too"],
                                 ["off01 vm 6", "none", "none",
                                  "agent by mabs09.example its DPMDB shows nothing: cannot be told"]])
        self.assertEqual(covered, [["db01 vm 3", "Antwerp", "web team",
                                    "image by mabs01.example (mabs-v2) in Machines in Weekly "
                                    r"holds db01, C:\, D:\, E:\, F:\, G:\, H:\, I:\, J:\, K:\ and 1 more",
                                    "unsupported stale protected but unsupported: a restore may fail",
                                    "2025-10-21 23:59 UTC more than 8 days old a replica is not valid"],
                                   ["old01 vm 4", "none", "none", "agent by mabs01.example",
                                    "unlisted (newer); ruled: yes exempt", "not known of all"]])
        doubts = [said(found) for found in page("tiny").classed("doubt", section)]
        self.assertIn("The database of mabs02.example was last read at 2025-11-21 23:59 UTC, longer ago than", doubts[0])
        self.assertIn("Nothing is known of what mabs09.example protects, for no entry of its database was seen", doubts[1])
        self.assertIn("For 1 of them, nothing at all is known", doubts[2])
        self.assertEqual(len(doubts), 3)
        self.assertEqual(list(page("past").find("coverage").iter("table")), [])

    def test_cuts_the_names_of_a_kind_and_says_so(self):
        section = page("many").find("coverage")
        kinds, names, covered = [rows(table) for table in section.iter("table")]
        self.assertEqual((kinds[0][0], number(kinds[0][1]), number(kinds[0][3])), ("vm", 502, 501))
        self.assertEqual((len(names), len(covered)), (500, 500))
        self.assertEqual([said(found) for found in page("many").classed("more", section)],
                         ["and 1 more vm; the report as JSON lists all of them.",
                          "and 2 more vm; the report as CSV lists all of them."])

    def test_says_which_supported_ones_rest_on_a_footnote(self):
        section = page("tiny").find("attestations")
        self.assertIn("1 of 1 supported protection rests on a footnote", said(section))
        self.assertEqual(rows(list(section.iter("table"))[1]),
                         [["R15", "Of clustered roles only file servers are protected.", "azure-backup-server", "1"]])
        self.assertIn("nobody attested: 1", said(page("tiny").find("summary")))
        self.assertIn("No supported protection rests on one.", said(page("past").find("attestations")))

    def test_tells_who_answers_for_an_exemption_in_one_way(self):
        self.assertIn("approved by the board, entered by ann", said(page("tiny").find("act")))
        table = rows(next(page("tiny").find("exemptions").iter("table")))
        self.assertEqual([row[3] for row in table],
                         ["approved by the board, entered by ann on 2025-11-21", "entered by bob on 2025-09-01"])

    def test_names_what_is_missing_first(self):
        table = rows(next(page("tiny").find("sources").iter("table")))
        self.assertEqual([row[0].split()[0] for row in table], ["vc01", "hv01"])
        self.assertIn("never", table[0][2])
        self.assertIn("1 of 2 sources was not scanned lately", said(page("tiny").classed("doubt")[0]))

    def test_lists_all_that_is_excluded_with_its_reason(self):
        text = said(page("tiny").find("complete"))
        self.assertIn("it is a template", text)
        self.assertIn("tmpl01", text)
        self.assertIn("vdi01", text)

    def test_tells_the_changes_by_what_they_mean(self):
        section = page("tiny").find("changes")
        titles = [said(found) for found in section if tag(found) == "h3"]
        self.assertEqual(titles, ["Asks for action now: 1", "Does not ask for action any more: 1", "Gone: 1"])

    def test_tells_how_long_what_was_allowed_lasts(self):
        self.assertIn("2025-12-20 20 days left", said(page("tiny").find("exemptions")))
        self.assertIn("ended 2025-11-29 expired", said(page("tiny").find("exemptions")))
        self.assertIn("100 days left", said(page("tiny").find("rulings")))
        self.assertIn("10 days left", said(page("tiny").find("attestations")))
        self.assertIn("2020-06-09 ended 2,000 days ago", said(page("tiny").find("lifecycle")))

    def test_tells_whose_support_ends_and_of_what_nobody_knows(self):
        text = said(page("tiny").find("lifecycle"))
        self.assertIn("Dates are those of products.conf as of 2025-08-22", text)
        table = rows(next(page("tiny").find("lifecycle").iter("table")))
        self.assertEqual([row[0] for row in table], [
            "Windows Server 2008 SP2", "Windows Server 2012", "VMware vSphere 6.7", "mabs-v2", "Windows Server 2003",
            "Windows Server 2012 or Windows Server 2012 R2"])
        self.assertEqual(table[1][1], "the hyperv_host that it runs on under workload linux")
        self.assertIn("ended 1 day ago", table[1][3])
        self.assertEqual(table[3][1:], ["backup servers", "1", "end of support not on record"])
        self.assertEqual(table[5][3], "not told: which version it is, is not known")
        self.assertEqual(number({found.get("href"): said(found) for found in next(page("tiny").all("nav")).iter("a")}
                                ["#lifecycle"]), 3)

    def test_tells_where_a_step_leads_to_what_is_supported_no_longer_than_a_year(self):
        text = said(page("tiny").find("act"))
        self.assertEqual(text.count("The vendor's support of what that leads to ends on 2026-11-30"), 1)
        self.assertIn("365 days left", text)
        self.assertNotIn("2026-12-01", text)

    def test_names_documents_in_their_folder_with_their_page_and_whether_they_are_used(self):
        tables = [rows(table) for table in page("tiny").find("complete").iter("table")]
        self.assertEqual([row[:4] for row in tables[-1]], [
            ["matrix/azure-backup-server.conf https://docs.example/protection-matrix", "azure-backup-server", "2018-08-17",
             "yes"],
            ["matrix/mabs-v4.conf https://docs.example/another", "mabs-v4", "2026-02-10", "no: no verdict here rests on it"],
            ["products.conf", "none of the matrix", "2025-08-22", "for all editions"]])
        self.assertNotIn("/etc/muster", page("tiny").text)

    def test_tells_why_sources_add_up_to_more_and_how_old_each_may_be(self):
        text = said(page("tiny").find("sources"))
        self.assertIn("1 asset is seen by several sources and counts for each of them: added up, the column gives 10.", text)
        self.assertIn("as muster read the file; what is in it may be older", text)
        self.assertIn("scanned lately limit: 3 hours", text)
        self.assertEqual(said(page("past").find("sources")).count("added up"), 0)

    def test_says_what_kinds_are_and_which_rule_takes_out(self):
        tables = [rows(table) for table in page("tiny").find("complete").iter("table")]
        self.assertIn(["csv", "1", "a cluster shared volume of a Windows failover cluster"], tables[1])
        self.assertIn(["rack", "1", "a kind of its plugin's own"], tables[1])
        self.assertEqual(tables[4], [["it is a template", "none: muster does by itself", "1"],
                                     ["desktops are made anew each day", "3, 7", "1"]])

    def test_says_which_instances_were_read_over_an_old_tls(self):
        table = next(found for found in page("tiny").find("complete").iter("table") if "TLS 1.0" in said(found))
        self.assertEqual(rows(table), [
            ["sql1.example\\AGED sql_instance 21", "TLSv1", "sql1"],
            ["sql2.example\\AGED sql_instance 22", "TLSv1.1 earlier; the last scan could not tell: it has only TLS 1.0",
             "a, b, sql2 and 1,200 more"],
            ["mabs01.example backup_server 23: the instance of its DPMDB", "TLSv1", "no target any more"]])
        self.assertIn("allow_tls_1_0", said(page("tiny").find("complete")))
        self.assertIn("3 instances of SQL Server were read over TLS 1.0 or 1.1", said(page("tiny").classed("doubt")[1]))
        self.assertIn("#old-tls", [found.get("href") for found in page("tiny").all("a")])
        self.assertEqual(said(page("tiny").find("old-tls")), "Read over an old TLS")

    def test_says_what_is_not_recorded_of_an_old_tls_of_the_past(self):
        table = next(found for found in page("past").find("complete").iter("table") if "TLS 1.0" in said(found))
        self.assertEqual(rows(table), [
            ["sql1.example\\AGED sql_instance 21", "TLSv1", "not recorded"],
            ["mabs01.example backup_server: the instance of its DPMDB", "not recorded; an old one now", "not recorded"]])

    def test_says_nothing_of_tls_where_none_is_old(self):
        for name in ("empty", "many"):
            self.assertNotIn("TLS", page(name).text)

    def test_lists_each_condition_once_with_all_of_its_sentences(self):
        table = rows(next(page("tiny").find("conditions-used").iter("table")))
        self.assertEqual(table, [
            ["R5", "Service Pack 1 is installed. azure-backup-server, mabs-v3"],
            ["R12", "Every host is licensed. azure-backup-server It is in no vApp. mabs-v3"]])
        self.assertIn("No condition was asked.", said(page("many").find("conditions-used")))

    def test_says_how_many_did_not_change_and_when_nothing_was_there_before(self):
        self.assertIn("Unchanged: 7 protections.", said(page("tiny").find("changes")))
        self.assertNotIn("first report", page("tiny").text)
        self.assertIn("This is a first report", said(page("empty").find("changes")))
        self.assertIn("This is a first report", said(page("empty").find("summary")))
        self.assertEqual([said(found) for found in next(page("empty").all("nav")).iter("a")][2], "What changed")
        self.assertIn(". A first report. Made by", said(next(page("empty").all("header"))))
        table = rows(next(page("tiny").find("changes").iter("table")))
        self.assertEqual(table[0][4:], ["2025-11-29", "its host is too new"])

    def test_has_all_of_its_words(self):
        words = {said(found) for found in page("tiny").find("words").iter() if tag(found) == "dt"}
        self.assertLessEqual({"to act on", "to decide", "to look at", "fresh", "stale", "key", "row", "edition", "attested",
                              "gap", "level", "newer", "older", "sku", "foreign", "condition", "days left",
                              "configured", "footnote", "DPMDB"}, words)

    def test_lists_the_key_whose_rows_disagree(self):
        section = page("tiny").find("contradictions")
        self.assertEqual(len(rows(next(section.iter("table")))), 1)
        self.assertIn("running on Azure Stack, protected by mabs-v2 20, 21", said(section))
        self.assertIn("For 2 more, a ruling is in force.", said(section))

    def test_draws_parts_that_fill_the_bar(self):
        for chart in ("chart-workloads", "chart-sites", "chart-ages"):
            widths = {}
            for rect in page("tiny").find(chart).iter():
                if tag(rect) == "rect" and rect.get("y"):
                    end = int(rect.get("x")) + int(rect.get("width"))
                    widths[rect.get("y")] = max(widths.get(rect.get("y"), 0), end)
            self.assertTrue(widths)
            self.assertTrue(all(398 <= width <= 400 for width in widths.values()), widths)


class Others(unittest.TestCase):
    def test_hostile_names_are_shown_and_do_nothing(self):
        for one in ("act", "decide", "look", "complete", "changes", "exemptions", "rulings", "attestations", "lifecycle",
                    "contradictions", "figures", "summary"):
            with self.subTest(one):
                self.assertIn(made.HOSTILE, said(page("hostile").find(one)))
        self.assertEqual(said(next(page("hostile").all("title"))), made.HOSTILE)

    def test_a_report_of_a_part_of_the_fleet_says_so(self):
        hostile = made.HOSTILE
        self.assertIn(f"A part of the fleet only: owner {hostile}, site {hostile}, backup server {hostile}, workload {hostile}",
                      said(next(page("hostile").all("header"))))
        self.assertNotIn("A part of the fleet", said(next(page("tiny").all("header"))))

    def test_an_empty_report_says_that_there_is_nothing(self):
        self.assertIn("No verdict can be told", said(page("empty").find("summary")))
        for section in ("act", "decide", "look"):
            self.assertIn("Nothing asks for", said(page("empty").find(section)))

    def test_a_report_of_the_past_says_what_was_not_recorded(self):
        self.assertIn("State of 2025-11-30 23:59 UTC, as it was recorded then", said(next(page("past").all("header"))))
        self.assertIn("Age of the evidence: not recorded", said(page("past").find("summary")))
        servers = next(found for found in page("past").find("complete").iter("table") if "Backup servers" in said(found))
        self.assertEqual([row[4] for row in rows(servers)], ["it was; when is not recorded", "not recorded"])
        for row in rows(next(page("past").find("sources").iter("table"))):
            self.assertEqual(row[1:3], ["not recorded", "not recorded"])
            self.assertTrue(row[3].startswith("not recorded"))

    def test_a_large_group_is_cut_and_says_so(self):
        groups = [found for found in page("many").all("article")]
        self.assertEqual([sum(1 for _ in group.iter("tr")) - 1 for group in groups], [200, 200, 200])
        self.assertEqual([number(said(page("many").classed("more", group)[0])) for group in groups], [4800, 4801, 1])
        for group, name in zip(groups, ("shop", "till", "desk")):
            listed = [row[0].split()[0] for row in rows(next(group.iter("table")))]
            self.assertEqual(listed, [f"{name}-{i:05}" for i in range(200)])

    def test_what_is_stale_is_in_no_count_of_supported_ones(self):
        legend = said(page("many").classed("legend", page("many").find("chart-workloads"))[0])
        self.assertEqual(legend, "unsupported 10,001 unknown 201 supported, stale 7 supported 1,234,560")

    def test_a_chart_of_many_sites_sums_up_the_rest_and_the_table_lists_all(self):
        chart = page("many").find("chart-sites")
        words = [said(text) for svg in chart if tag(svg) == "svg" for text in svg if tag(text) == "text"]
        self.assertEqual(words[::2], [f"site {i}" for i in range(1, 12)] + ["all others"])
        self.assertEqual(words[1::2], ["80,700"] * 11 + ["242,100"])
        self.assertEqual(said(page("many").classed("legend", chart)[0]),
                         "to act on 9,800 to look at 14 asks nothing 1,119,986")
        table = rows(next(chart.iter("table")))
        self.assertEqual([row[0] for row in table], [f"site {i}" for i in range(1, 15)])
        self.assertEqual([row[1:] for row in table], [["700", "1", "79,999"]] * 14)

    def test_large_numbers_are_grouped_for_people(self):
        self.assertIn("10,001 of 1,244,769 protections ask for action", said(page("many").find("summary")))

    def test_a_reading_that_fails_is_told_in_its_own_words(self):
        self.assertEqual(made.fail("html", "broken"), (1, "database x: disk I/O error\n"))

    def test_a_full_disk_is_told(self):
        self.assertEqual(made.fail("html", "many", into="/dev/full"),
                         (1, "the report cannot be written: No space left on device\n"))


if __name__ == "__main__":
    unittest.main()
