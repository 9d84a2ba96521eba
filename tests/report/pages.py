"""HTML pages through the parser of the HTML standard: what a browser would make of them."""
import re

import made

made.require("html5lib")
import html5lib  # noqa: E402

ELEMENTS = set("""html head meta title style body a header h1 h2 h3 p time nav ul ol li small main section b strong div
    figure figcaption svg desc text g rect line polyline details summary table caption thead tbody tr th td span dl dt dd
    article cite code footer""".split())
PAGES = {}


class Page:
    """A page that was parsed, and what tests ask of it."""

    def __init__(self, form, name):
        self.text = made.write(form, name).decode()
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


def page(form, name):
    if (form, name) not in PAGES:
        PAGES[form, name] = Page(form, name)
    return PAGES[form, name]


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
        for name in self.names:
            with self.subTest(name):
                test(self, page(self.form, name))
    return run


def number(text):
    return int(re.search(r"[\d,]+", text).group().replace(",", ""))


def rows(table):
    body = next(child for child in table if tag(child) == "tbody")
    return [[said(cell) for cell in row] for row in body]


class EveryPage:
    """What holds for each page of a form: a test case is this one, too, and has form and names."""

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
