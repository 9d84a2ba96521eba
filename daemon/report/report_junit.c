#include "report_junit.h"

#include "clock.h"
#include "markup.h"
#include "str.h"

#include <inttypes.h>
#include <string.h>

enum outcome { OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_SKIPPED, OUTCOME_COUNT };

static enum outcome outcome_of(const struct query_report_protection *row)
{
    if (row->need == NEED_NOTHING)
        return OUTCOME_PASSED;
    return row->need == NEED_ACT && row->exemption == 0 ? OUTCOME_FAILED : OUTCOME_SKIPPED;
}

/* Its cases lie in a file of their own until all are counted, as the counts stand before them. */
struct suite {
    const char *workload; /* in the head */
    size_t outcomes[OUTCOME_COUNT];
    FILE *spool;
    struct markup cases;
};

/* What was read over an old TLS: as many names as are told, and how many there are. */
#define MAX_OLD_TLS 20
struct old_tls {
    struct str names;
    size_t count;
};

struct junit {
    const struct report *report;
    struct old_tls old_tls;
    struct markup markup;
    struct arena arena;
    struct suite *suites;
    size_t suite_count;
    struct suite *last; /* that a case went into */
};

/* The head's counts of one workload follow each other. */
static void find_suites(struct junit *junit)
{
    const struct query_report_head *head = junit->report->head;

    junit->suites = arena_alloc(&junit->arena, (head->by_workload_count + 1) * sizeof *junit->suites);
    for (size_t i = 0; i < head->by_workload_count; i++) {
        const char *name = head->by_workload[i].name;

        if (junit->suite_count == 0 || strcmp(junit->suites[junit->suite_count - 1].workload, name) != 0)
            junit->suites[junit->suite_count++].workload = name;
    }
    /* What shows the results takes a report without any suite for one that was not written. */
    if (junit->suite_count == 0)
        junit->suites[junit->suite_count++].workload =
            junit->report->wish->workload == NULL ? "no workload" : junit->report->wish->workload;
    junit->last = junit->suites;
}

static struct suite *suite_of(struct junit *junit, const char *workload)
{
    if (junit->suite_count > 0 && strcmp(junit->last->workload, workload) == 0)
        return junit->last;
    for (size_t i = 0; i < junit->suite_count; i++) {
        if (strcmp(junit->suites[i].workload, workload) == 0)
            return junit->last = &junit->suites[i];
    }
    return NULL;
}

static size_t tests_of(const struct suite *suite)
{
    return suite->outcomes[OUTCOME_PASSED] + suite->outcomes[OUTCOME_FAILED] + suite->outcomes[OUTCOME_SKIPPED];
}

static void put_name(struct markup *markup, const struct query_protection *protection)
{
    markup_put(markup, "<testcase classname=\"muster.%s\" name=\"%s (%s %" PRId64 ") by %s of %s\" time=\"0\"",
               protection->workload, protection->asset.name, protection->asset.kind, protection->asset.id,
               protection->method, protection->server);
}

/* As the page tells it. */
static void put_who(struct markup *markup, const struct query_protection *protection)
{
    if (protection->exempt_approved_by != NULL)
        markup_put(markup, "approved by %s, ", protection->exempt_approved_by);
    markup_put(markup, "entered by %s", protection->exempt_by);
}

/* "unsupported: row 20 says no" */
static void put_message(struct markup *markup, const struct query_report_protection *row)
{
    const struct query_protection *protection = &row->protection;
    bool class = protection->class != NULL && protection->class[0] != '\0';
    char until[CLOCK_TEXT_SIZE], day[CLOCK_TEXT_SIZE];

    if (row->exemption != 0) {
        snprintf(day, sizeof day, "%.10s", clock_text(protection->exempt_until, until));
        markup_put(markup, "exempt until %s (%s), ", day, protection->exempt_reason);
        put_who(markup, protection);
        markup_put(markup, "; ");
    }
    markup_put(markup, "to %s: %s%s%s", need_word(row->need), protection->verdict, class ? " as " : "",
               class ? protection->class : "");
    if (protection->ruled != NULL)
        markup_put(markup, ", ruled %s", protection->ruled);
    markup_put(markup, ": %s", protection->reason);
}

static void put_fact(struct markup *markup, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0')
        markup_put(markup, "%s: %s\n", name, text);
}

static void put_details(struct markup *markup, const struct query_report_protection *row)
{
    const struct query_protection *protection = &row->protection;
    char time[CLOCK_TEXT_SIZE];

    put_fact(markup, "Workload", protection->workload);
    put_fact(markup, "Version", protection->version);
    put_fact(markup, "Installation", protection->installation);
    put_fact(markup, "Product", protection->product);
    put_fact(markup, "Configured", row->configured ? "yes: the DPMDB shows it" : "no: a possible way");
    put_fact(markup, "Step forward", protection->step);
    put_fact(markup, "Because of", protection->cause_name);
    for (size_t i = 0; i < row->rows.count; i++)
        put_fact(markup, "Row", row->rows.texts[i]);
    put_fact(markup, "Page", row->page);
    put_fact(markup, "Dated", row->date);
    put_fact(markup, "Owner", protection->owner);
    put_fact(markup, "Site", protection->site);
    if (row->seen_at != 0)
        put_fact(markup, "Seen", clock_text(row->seen_at, time));
}

static void put_case(struct markup *markup, const struct query_report_protection *row)
{
    enum outcome outcome = outcome_of(row);

    put_name(markup, &row->protection);
    if (outcome == OUTCOME_PASSED) {
        markup_put(markup, "/>\n");
        return;
    }
    markup_put(markup, outcome == OUTCOME_FAILED ? "><failure" : "><skipped");
    markup_put(markup, " type=\"%s\" message=\"", row->protection.verdict);
    put_message(markup, row);
    markup_put(markup, "\">");
    put_details(markup, row);
    markup_put(markup, outcome == OUTCOME_FAILED ? "</failure></testcase>\n" : "</skipped></testcase>\n");
}

static bool put_row(void *context, const struct query_report_protection *row, struct err *err)
{
    struct suite *suite = suite_of(context, row->protection.workload);

    if (suite == NULL)
        return err_set(err, ERR_BUG, "workload \"%s\" has protections that the head of the report does not count",
                       row->protection.workload);
    suite->outcomes[outcome_of(row)]++;
    put_case(&suite->cases, row);
    return true;
}

static bool take_old_tls(void *context, const struct query_report_old_tls *row, struct err *err)
{
    struct old_tls *old = context;

    (void)err;
    if (old->count++ < MAX_OLD_TLS)
        str_format(&old->names, "%s%s (%s)", old->names.length == 0 ? "" : ", ", row->name,
                   row->tls == NULL ? "not recorded" : row->tls);
    return true;
}

static void put_old_tls(struct markup *markup, const struct old_tls *old)
{
    markup_put(markup, "<property name=\"old_tls\" value=\"%s", str_text(&old->names));
    if (old->count > MAX_OLD_TLS)
        markup_put(markup, " and %zu more", old->count - MAX_OLD_TLS);
    markup_put(markup, "\"/>");
}

/* What the report leaves out, and what it was read over. They stand in each suite: the format has no place for them
 * around all. */
static void put_properties(struct markup *markup, const struct query_report_wish *wish, const struct old_tls *old)
{
    const struct {
        const char *name, *value;
    } parts[] = {
        { "owner", wish->owner }, { "site", wish->site }, { "server", wish->server }, { "workload", wish->workload }
    };
    bool open = false;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].value == NULL)
            continue;
        markup_put(markup, open ? "" : "<properties>");
        markup_put(markup, "<property name=\"%s\" value=\"%s\"/>", parts[i].name, parts[i].value);
        open = true;
    }
    if (old->count > 0) {
        markup_put(markup, open ? "" : "<properties>");
        put_old_tls(markup, old);
        open = true;
    }
    markup_put(markup, open ? "</properties>\n" : "");
}

static void put_suite(struct junit *junit, const struct suite *suite)
{
    char time[CLOCK_TEXT_SIZE], plain[CLOCK_TEXT_SIZE];

    /* The format's times have no zone. */
    snprintf(plain, sizeof plain, "%.19s", clock_text(junit->report->head->at, time));
    markup_put(&junit->markup,
               "<testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\" "
               "timestamp=\"%s\" hostname=\"muster\">\n",
               suite->workload, tests_of(suite), suite->outcomes[OUTCOME_FAILED], suite->outcomes[OUTCOME_SKIPPED],
               plain);
    put_properties(&junit->markup, junit->report->wish, &junit->old_tls);
    markup_append(&junit->markup, suite->spool);
    markup_put(&junit->markup, "</testsuite>\n");
}

static bool write_suites(struct junit *junit, struct err *err)
{
    size_t tests = 0, failures = 0;

    markup_init(&junit->markup, junit->report->out);
    for (size_t i = 0; i < junit->suite_count; i++) {
        tests += tests_of(&junit->suites[i]);
        failures += junit->suites[i].outcomes[OUTCOME_FAILED];
    }
    markup_put(&junit->markup, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    markup_put(&junit->markup, "<testsuites name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" time=\"0\">\n",
               junit->report->title, tests, failures);
    for (size_t i = 0; i < junit->suite_count; i++)
        put_suite(junit, &junit->suites[i]);
    markup_put(&junit->markup, "</testsuites>\n");
    return markup_finish(&junit->markup, err);
}

static bool open_spools(struct junit *junit, struct err *err)
{
    for (size_t i = 0; i < junit->suite_count; i++) {
        junit->suites[i].spool = tmpfile();
        if (junit->suites[i].spool == NULL)
            return err_system(err, "no temporary file for the report could be made");
        markup_init(&junit->suites[i].cases, junit->suites[i].spool);
    }
    return true;
}

/* What is wrong with the reading is the better sentence. */
static bool end_cases(struct junit *junit, bool good, struct err *err)
{
    struct err writing;

    for (size_t i = 0; i < junit->suite_count; i++) {
        if (junit->suites[i].spool != NULL && !markup_finish(&junit->suites[i].cases, good ? err : &writing) && good)
            good = err_add(err, "its temporary file");
    }
    return good;
}

static void finish(struct junit *junit)
{
    for (size_t i = 0; i < junit->suite_count; i++) {
        if (junit->suites[i].spool != NULL)
            fclose(junit->suites[i].spool);
    }
    str_finish(&junit->old_tls.names);
    arena_finish(&junit->arena);
}

bool report_junit_write(const struct report *report, struct err *err)
{
    struct junit junit = { .report = report };
    bool good;

    arena_init(&junit.arena, ARENA_PLAIN);
    find_suites(&junit);
    good = open_spools(&junit, err) && query_report_old_tls(report->source, take_old_tls, &junit.old_tls, err) &&
           query_report_protections(report->source, NEED_NOTHING, put_row, &junit, err);
    good = end_cases(&junit, good, err) && write_suites(&junit, err);
    finish(&junit);
    return good;
}
