/* usage: report_made FORMAT SET
 * Writes a report, or an upgrade plan, that is made by hand to standard output, for tests that read it with other
 * people's parsers. */
#include "made.h"
#include "plan_made.h"
#include "report_html.h"
#include "report_junit.h"

#include <stdio.h>
#include <string.h>

/* NULL: of no upgrade plan. */
static const struct plan *find_plan(int argc, char **argv)
{
    return argc == 3 && strcmp(argv[1], "plan") == 0 ? plan_made_find(argv[2]) : NULL;
}

static int end(bool good, const struct err *err)
{
    if (!good)
        fprintf(stderr, "%s\n", err->text);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct plan *plan = find_plan(argc, argv);
    const struct made *made = argc == 3 && plan == NULL ? made_find(argv[2]) : NULL;
    struct err err = ERR_EMPTY;
    struct report report;
    bool html, good;

    if (made == NULL && plan == NULL) {
        fprintf(stderr, "usage: report_made html|junit|plan SET\n");
        return 64;
    }
    if (plan != NULL)
        return end(plan_html_write(plan, stdout, &err), &err);
    html = strcmp(argv[1], "html") == 0;
    report = (struct report){ made_source(made), &made->wish, &made->head, made->title, "1.2.3", made->host, stdout };
    good = html ? report_html_write(&report, &err) : report_junit_write(&report, &err);
    return end(good, &err);
}
