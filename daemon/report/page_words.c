/* What the words of the report mean. */
#include "page.h"

static const struct {
    const char *word, *meaning;
} words[] = {
    { "to act on", "The published verdict is unsupported, contradictory, or unlisted as newer or older: somebody has "
                   "to change something. A "
                   "ruling decides instead where there is one." },
    { "to decide", "Deprecated, or unlisted otherwise: somebody has to say what holds." },
    { "to look at", "Unknown, conditional, or only stale: somebody has to find out." },
    { "edition", "One published page of the matrix in one state of it: a file of the documents above." },
    { "key", "What the matrix is asked: workload and version, where it is installed, backup product." },
    { "row", "One line of that page, which answers keys with yes or no, by its number on the page." },
    { "condition", "What a row asks for beside its key, such as R5." },
    { "supported", "A row of the matrix says yes, and each of its conditions that a scan can decide is met." },
    { "conditional", "A row says yes; a condition that scanning can decide could not be decided yet." },
    { "deprecated", "A row says yes, and the edition marks that as ending." },
    { "unsupported", "A row says no, a condition is not met, or the edition says that what it does not list is a no." },
    { "contradictory", "Rows of one key disagree. It is treated as unsupported." },
    { "unlisted", "No row is about it, and the edition does not say that this is a no. The word in brackets, its "
                  "class, says why: one of the "
                  "next six." },
    { "gap", "Unlisted: the version is listed, but not where it is installed; or it lies between listed versions." },
    { "level", "Unlisted: other service packs of the version are listed, this one is not." },
    { "newer", "Unlisted: the version is newer than all that is listed." },
    { "older", "Unlisted: the version is older than all that is listed." },
    { "sku", "Unlisted: it is an edition or variant that is not listed, such as Storage Server." },
    { "foreign", "Unlisted: it is nothing that the tables know." },
    { "unknown", "A fact that selects the row is missing, and it matters which it is." },
    { "fresh", "Seen by a source that was scanned with success within its limit." },
    { "stale", "The evidence is older than that limit. The verdict stays, and does not count as supported. Age is "
               "counted from the reading "
               "by muster: what a file says may be older." },
    { "exempt", "Somebody answers for it until a date. It is counted, and told apart." },
    { "ruled", "The organisation decided what the matrix leaves open. The published verdict is shown beside it." },
    { "attested", "A condition that no scan can decide is met, says somebody who answers for it until a date." },
    { "footnote", "A condition that no scan can decide. It changes no verdict; whether somebody attests it is told." },
    { "DPMDB", "The database of a backup server: what is in its protection groups." },
    { "configured", "A DPMDB shows this protection. Else it is a possible way: what the matrix would say of it." },
    { "protection",
      "One way to protect one asset by one backup server. Of agent and image one counts, or what the backup server's "
      "database "
      "shows, which can be both; each other way counts by itself, so one asset can be counted several times." },
    { "days left",
      "Days of the calendar (UTC) from that of the report to the last day, which is counted: on it, it ends today." },
};

void page_words(struct page *page)
{
    page_section_open(page, SECTION_WORDS);
    markup_put(&page->markup, "<dl class=\"words\">\n");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        markup_put(&page->markup, "<dt>%s</dt><dd>%s</dd>\n", words[i].word, words[i].meaning);
    markup_put(&page->markup, "</dl>\n");
    page_section_close(page);
}
