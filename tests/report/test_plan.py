"""The upgrade plan as a browser would take it."""
import unittest

import made
import pages
from pages import number, rows, said, tag

SETS = ("tiny", "none", "unjudged", "hostile", "many")


def page(name):
    return pages.page("plan", name)


def groups(name, section):
    return [found for found in page(name).find(section) if tag(found) == "article"]


def facts(group):
    """The words of its list of terms, each with what it says."""
    terms = next(group.iter("dl"))
    return dict(zip([said(part) for part in terms if tag(part) == "dt"],
                    [said(part) for part in terms if tag(part) == "dd"]))


class EveryPlan(pages.EveryPage, unittest.TestCase):
    form, names = "plan", SETS


class Plan(unittest.TestCase):
    def test_answers_in_one_sentence_with_the_tone_of_the_worst(self):
        for name, tone, answer in (
                ("tiny", "bad", "6 of 1,200 protections would change: 4 would be lost, 1 would hang on new conditions, "
                                "1 would be gained."),
                ("none", "good", "Nothing would change: 7 protections were compared."),
                ("unjudged", "warn", "Nothing is judged yet: musterd has not run.")):
            with self.subTest(name):
                found = page(name).classed("answer")[0]
                self.assertEqual((found.get("class"), said(found)), (f"answer {tone}", answer))

    def test_says_what_is_supposed_and_of_what(self):
        terms = facts(page("tiny").find("summary"))
        self.assertEqual(terms["Backup product"], "Azure Backup Server v4 (mabs-v4)")
        self.assertEqual(terms["Facts"], "os.service_pack=1")
        self.assertEqual(terms["Of what"], "server=mabs01; owner=web team")
        self.assertEqual(terms["Compared"], "1,200 protections of 1,100 assets")
        terms = facts(page("unjudged").find("summary"))
        self.assertEqual((terms["Backup product"], terms["Of what"]), ("as it is", "all that is protected"))

    def test_says_when_it_is_judged_by_another_matrix(self):
        self.assertIn("these editions are other files than those that musterd judges by: mabs; both sides are judged by "
                      "those here.", [said(found) for found in page("tiny").classed("doubt")])
        self.assertEqual(page("none").classed("doubt"), [])
        self.assertEqual(facts(page("none").find("summary"))["Matrix"], "the one that musterd judges by")

    def test_counts_each_kind_also_where_there_is_none(self):
        table = rows(next(page("tiny").find("summary").iter("table")))
        self.assertEqual([row[:3] for row in table],
                         [["lost", "4", "3"], ["ruling", "0", "0"], ["scope-lost", "0", "0"], ["conditions", "1", "1"],
                          ["deprecated", "0", "0"], ["absence", "0", "0"], ["other", "0", "0"], ["gained", "1", "1"]])
        self.assertEqual(table[0][3], "was answered with yes, and is not any more")

    def test_has_a_section_for_each_kind_that_there_is_the_worst_first(self):
        main = next(page("tiny").all("main"))
        order = ["lost", "conditions", "gained", "files"]
        self.assertEqual([child.get("id") for child in main if tag(child) == "section"], ["summary"] + order)
        nav = next(page("tiny").all("nav"))
        self.assertEqual([found.get("href")[1:] for found in nav.iter("a")], order)
        self.assertEqual([number(said(found)) for found in list(nav.iter("a"))[:3]], [4, 1, 1])

    def test_tells_of_a_group_what_is_the_same_for_all(self):
        first, second = groups("tiny", "lost")
        self.assertIn("server Windows Server 2008 SP2, physical 3 protections of 2 assets", said(first))
        self.assertEqual(facts(first), {"Before": "supported by mabs-v2", "After": "unlisted (older) by mabs-v4",
                                        "Why": "no row of mabs-v4 lists it",
                                        "Step forward": "Upgrade it to Windows Server 2016.", "Such as": "web01"})
        self.assertEqual(facts(second)["After"], "nothing that counts")
        self.assertEqual(facts(second)["Step forward"], "none is known")
        self.assertNotIn("Step forward", facts(groups("tiny", "gained")[0]))
        self.assertEqual(facts(groups("tiny", "conditions")[0])["Before"], "supported; ruled: yes by mabs-v2")

    def test_lists_the_members_under_their_own_group(self):
        listed = [[row[0] for row in rows(next(group.iter("table")))] for group in groups("tiny", "lost")]
        self.assertEqual(listed, [["web01 vm 1", "web02 vm 2"], ["db01 vm 5"]])
        one, other = rows(next(groups("tiny", "lost")[0].iter("table")))
        self.assertEqual(one[1:], ["agent under mabs01", "as above", "web team site: north"])
        self.assertEqual(other[2], "as above why: no row lists that")
        self.assertEqual(rows(next(groups("tiny", "lost")[1].iter("table")))[0][2], "as above, also other")
        self.assertIn("not selected", rows(next(groups("tiny", "conditions")[0].iter("table")))[0][2])

    def test_says_how_many_it_does_not_list(self):
        self.assertEqual(number(said(page("tiny").classed("more", groups("tiny", "lost")[0])[0])), 1)
        first, second = groups("many", "lost")
        listed = [row[0].split()[0] for row in rows(next(first.iter("table")))]
        self.assertEqual(listed, [f"m{i:03}" for i in range(200)])
        self.assertEqual(said(page("many").classed("more", first)[0])[:12], "and 250 more")
        self.assertEqual(list(second.iter("table")), [])
        self.assertEqual(said(page("many").classed("more", second)[0])[:13], "5 protections")

    def test_names_the_files_with_date_and_hash(self):
        table = rows(next(page("tiny").find("files").iter("table")))
        self.assertEqual(table, [["matrix/mabs.conf", "azure-backup-server", "2018-08-17", "ab12"],
                                 ["matrix/common.inc", "none of the matrix", "none", "ef56"]])

    def test_hostile_names_are_shown_and_do_nothing(self):
        for one in ("summary", "other", "files"):
            with self.subTest(one):
                self.assertIn(made.HOSTILE, said(page("hostile").find(one)))
        for element in ("title", "h1"):
            self.assertEqual(said(next(page("hostile").all(element))), f"Upgrade plan: {made.HOSTILE}")
        self.assertEqual([found for found in page("hostile").all("script")], [])

    def test_a_full_disk_is_told(self):
        status, said_of_it = made.fail("plan", "many", "/dev/full")
        self.assertNotEqual(status, 0)
        self.assertIn("No space left", said_of_it)


if __name__ == "__main__":
    unittest.main()
