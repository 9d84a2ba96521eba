/* usage: report_made FORMAT SET
 * Writes a report that is made by hand to standard output, for tests that read it with other people's parsers. */
#include "made.h"
#include "report_html.h"
#include "report_junit.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    const struct made *made = argc == 3 ? made_find(argv[2]) : NULL;
    struct err err = ERR_EMPTY;
    struct report report;
    bool html, good;

    if (made == NULL) {
        fprintf(stderr, "usage: report_made html|junit SET\n");
        return 64;
    }
    html = strcmp(argv[1], "html") == 0;
    report = (struct report){ made_source(made), &made->wish, &made->head, made->title, "1.2.3", stdout };
    good = html ? report_html_write(&report, &err) : report_junit_write(&report, &err);
    if (!good)
        fprintf(stderr, "%s\n", err.text);
    return good ? 0 : 1;
}
