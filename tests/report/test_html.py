"""The HTML report through the parser of the HTML standard: what a browser would make of it."""
import os
import re
import unittest

import made

made.require("html5lib")
import html5lib  # noqa: E402

ORDER = ["figures", "complete", "changes", "act", "decide", "look", "exemptions", "rulings", "attestations", "lifecycle",
         "contradictions", "coverage", "words"]
ELEMENTS = set("""html head meta title style body a header h1 h2 h3 p time nav ul ol li small main section b strong div
    figure figcaption svg desc text g rect line polyline details summary table caption thead tbody tr th td span dl dt dd
    article cite code footer""".split())
PAGES = {}


class Page:
    """A page that was parsed, and what tests ask of it."""

    def __init__(self, name):
        self.text = made.write("html", name).decode()
        parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
        self.root = parser.parse(self.text)

    def all(self, element=None):
        for found in self.root.iter():
            if isinstance(found.tag, str) and element in (None, tag(found)):
                yield found

    def find(self, id_):
        return next(found for found in self.all() if found.get("id") == id_)

    def classed(self, word, within=None):
        return [found for found in (self.root if within is None else within).iter()
                if word in (found.get("class") or "").split()]


def page(name):
    if name not in PAGES:
        PAGES[name] = Page(name)
    return PAGES[name]


def tag(element):
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


BLOCKS = "p small li td th dt dd caption div h1 h2 h3 summary figcaption tr svg".split()


def pieces(element):
    yield " " if tag(element) in BLOCKS else ""
    yield element.text or ""
    for child in element:
        yield from pieces(child)
        yield child.tail or ""
    yield " " if tag(element) in BLOCKS else ""


def said(element):
    """Its text, with blanks where a browser shows some."""
    return " ".join("".join(pieces(element)).split())


def on_every_page(test):
    def run(self):
        for name in made.SETS:
            with self.subTest(name):
                test(self, page(name))
    return run


def number(text):
    return int(re.search(r"[\d,]+", text).group().replace(",", ""))


def rows(table):
    body = next(child for child in table if tag(child) == "tbody")
    return [[said(cell) for cell in row] for row in body]


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


class EveryPage(unittest.TestCase):
    @on_every_page
    def test_is_parsed_without_an_error(self, one):
        self.assertEqual(tag(one.root), "html")

    @on_every_page
    def test_holds_no_other_elements(self, one):
        self.assertEqual({tag(found) for found in one.all()} - ELEMENTS, set())

    @on_every_page
    def test_runs_and_loads_nothing(self, one):
        for found in one.all():
            for name, value in found.attrib.items():
                self.assertFalse(name.startswith("on"), name)
                self.assertNotIn(name, ("src", "srcset", "style", "action", "data", "poster", "ping"))
                self.assertTrue(name != "href" or value.startswith("#"), value)
        style = "".join(said(found) for found in one.all("style"))
        self.assertIsNone(re.search(r"url\(|@import|expression|\\", style))
        policy = next(found for found in one.all("meta") if found.get("http-equiv"))
        self.assertTrue(policy.get("content").startswith("default-src 'none'; style-src 'unsafe-inline'"))

    @on_every_page
    def test_has_links_that_lead_somewhere(self, one):
        ids = [found.get("id") for found in one.all() if found.get("id")]
        self.assertEqual(len(ids), len(set(ids)))
        for found in one.all():
            words = found.get("aria-labelledby", "").split()
            words += [found.get("href")[1:]] if found.get("href") else []
            self.assertEqual(set(words) - set(ids), set())

    @on_every_page
    def test_has_its_sections_in_their_order(self, one):
        main = next(one.all("main"))
        self.assertEqual([child.get("id") for child in main if tag(child) == "section"], ["summary"] + ORDER)
        nav = next(one.all("nav"))
        self.assertEqual([found.get("href")[1:] for found in nav.iter("a")], ORDER)

    @on_every_page
    def test_has_landmarks_and_headings(self, one):
        self.assertEqual(one.root.get("lang"), "en")
        for landmark in ("header", "nav", "main", "footer", "h1"):
            self.assertEqual(len(list(one.all(landmark))), 1, landmark)
        levels = [int(tag(found)[1]) for found in one.all() if tag(found) in ("h1", "h2", "h3")]
        self.assertTrue(all(after - before <= 1 for before, after in zip(levels, levels[1:])))
        for section in one.all("section"):
            self.assertTrue(section.get("aria-labelledby") or section.get("aria-label"))

    @on_every_page
    def test_has_tables_that_can_be_read_aloud(self, one):
        for table in one.all("table"):
            caption, head, body = table
            self.assertEqual([tag(part) for part in table], ["caption", "thead", "tbody"])
            self.assertTrue(said(caption))
            titles = [said(cell) for cell in head[0]]
            self.assertEqual({cell.get("scope") for cell in head[0]}, {"col"})
            self.assertTrue(len(body) > 0)
            for row in body:
                self.assertEqual([tag(cell) for cell in row], ["th"] + ["td"] * (len(titles) - 1))
                self.assertEqual(row[0].get("scope"), "row")
                self.assertEqual([cell.get("data-label") for cell in row[1:]], titles[1:])

    @on_every_page
    def test_has_charts_that_can_be_read_aloud(self, one):
        for svg in one.all("svg"):
            if svg.get("aria-hidden") == "true":
                continue
            self.assertEqual(svg.get("role"), "img")
            self.assertEqual([tag(part) for part in svg][:2], ["title", "desc"])
            self.assertTrue(said(svg[0]) and said(svg[1]))
            self.assertEqual([part.get("id") for part in svg[:2]], svg.get("aria-labelledby").split())

    @on_every_page
    def test_shows_no_character_that_acts(self, one):
        self.assertEqual(re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\uffff]",
                                    one.text), [])

    @on_every_page
    def test_says_on_its_first_screen_what_it_does_not_prove(self, one):
        self.assertIn("That a way of protecting is supported is no proof that there is a backup.",
                      said(one.find("summary")))

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
        self.assertEqual(begin, [
            "because of esx01.example: 1 Move db01 to another host.",
            "server Windows Server 2008 SP2, physical, mabs-v2: 1, besides 1 exempt Upgrade it to Windows Server 2016.",
            "server Windows Server 2008 SP2, azure-stack, mabs-v2: 1",
        ])
        begin = [said(item) for item in page("many").classed("begin")[0]]
        self.assertEqual(begin, ["server Windows Server 2008 SP2, physical, mabs-v2: 5,001 Upgrade it.",
                                 "because of host: 5,000 Move it."])

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
        group = next(found for found in page("tiny").all("article") if "Windows Server 2008 SP2, physical" in said(found))
        self.assertEqual(said(group).count("Upgrade it to Windows Server 2016."), 1)
        self.assertIn("2 protections, unsupported, of which 1 is exempt", said(group))
        self.assertIn("exempt until 2025-12-20: replaced in December, by the board, ticket CHG-12", said(group))
        self.assertIn("row 20 of https://docs.example/protection-matrix, dated 2018-08-17", said(group))
        self.assertIn("2025-11-28 2 days old", said(group))

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
        self.assertIn("over since 2000 days", said(page("tiny").find("lifecycle")))

    def test_lists_the_key_whose_rows_disagree(self):
        section = page("tiny").find("contradictions")
        self.assertEqual(len(rows(next(section.iter("table")))), 1)
        self.assertIn("azure-stack, mabs-v2 20, 21", said(section))
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
        self.assertIn("not recorded", said(page("past").find("sources")))

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
