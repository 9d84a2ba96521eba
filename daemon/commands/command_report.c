#include "call.h"
#include "products.h"
#include "query_protection.h"
#include "report.h"
#include "report_check.h"
#include "row_protection.h"
#include "since.h"
#include "where.h"

#include <stdio.h>
#include <string.h>

#define FORMATS "html|json|csv|junit"
#define NOW_SILENCE_MS 3600000 /* several formats, one after the other */

static const struct flag flags[] = {
    { "format", 'f', FORMATS, "of the report (html)" },
    { "output", 'o', "FILE", "write it there, whole or not at all, instead of printing it" },
    { "at", 0, "DATE", AT_HELP },
    { "since", 's', "WHEN", "tell changes since then, " SINCE_HELP " (7d)" },
    WHERE_FLAG,
    { "owner", 0, "OWNER", "only what the configuration gives this owner; * is any text, ? one character" },
    { "site", 0, "SITE", "only what the configuration gives this site; the same" },
    { "server", 0, "SERVER", "only what this backup server protects; the same" },
    { "workload", 'w', "WORKLOAD", "only this one: server, sql, hyperv-host, ..." },
    { "title", 0, "TITLE", "what stands above it" },
    { "check", 0, NULL, "one line and an exit status, as monitoring plugins do: 0 ok, 1 decide, 2 act, 3 unknown" },
    { 0 },
};

/* What is asked for. */
struct wish {
    struct query_report_wish query;
    const struct report_format *format;
    const char *title, *output;
    bool check;
};

/* ---------------------------------------------------------------------------------------------------- options ---- */

/* What makes no sense together; NULL at the end. */
static const char *const not_of_check[] = { "format", "output", "at", "since", "title", NULL };
static const char *const not_of_name[] = { "format", "output",   "at",    "since", "owner", "site",
                                           "server", "workload", "where", "title", "check", NULL };

static bool refuse_any(const struct flags *given, const char *const *others, const char *why, struct err *err)
{
    for (; *others != NULL; others++) {
        if (flags_value(given, *others) != NULL)
            return err_set(err, ERR_CONFIG, "%s: leave out --%s", why, *others);
    }
    return true;
}

static bool read_times(const struct flags *given, int64_t now, struct query_report_wish *wish, struct err *err)
{
    wish->now = now;
    if (!at_parse(flags_value(given, "at"), now, &wish->at, err) ||
        !since_parse(flags_value(given, "since"), wish->at != 0 ? wish->at : now, &wish->since, err))
        return false;
    if (wish->since >= (wish->at != 0 ? wish->at : now))
        return err_set(err, ERR_CONFIG, "--since %s: nothing can have changed since then; give a time before %s",
                       flags_value(given, "since"), wish->at != 0 ? "that of --at" : "now");
    return true;
}

/* What the report can be of. */
static const struct {
    const char *name;
    size_t member;
} parts[] = {
    { "owner", offsetof(struct query_report_wish, owner) },
    { "site", offsetof(struct query_report_wish, site) },
    { "server", offsetof(struct query_report_wish, server) },
    { "workload", offsetof(struct query_report_wish, workload) },
};

#define PARTS (sizeof parts / sizeof *parts)

static const char **part_of(struct query_report_wish *wish, size_t part)
{
    return (const char **)(void *)((char *)wish + parts[part].member);
}

static bool take_where(void *context, const char *word, const char *value, struct err *err)
{
    const char *names[PARTS];

    for (size_t i = 0; i < PARTS; i++) {
        names[i] = parts[i].name;
        if (strcmp(word, names[i]) == 0) {
            *part_of(context, i) = value;
            return true;
        }
    }
    return call_known("word", word, &(struct query_texts){ names, PARTS }, err);
}

static bool read_parts(const struct flags *given, struct query_report_wish *wish, struct err *err)
{
    for (size_t i = 0; i < PARTS; i++)
        *part_of(wish, i) = flags_value(given, parts[i].name);
    return where_each(given, take_where, wish, err);
}

static bool read_wish(const struct call *call, struct wish *wish, struct err *err)
{
    const struct flags *given = call->flags;
    const struct query_texts workloads = row_words(workload_words);
    const char *format = flags_value(given, "format");

    *wish = (struct wish){ .format = report_format(format == NULL ? "html" : format),
                           .title = flags_value(given, "title"),
                           .output = flags_value(given, "output"),
                           .check = flags_value(given, "check") != NULL };
    wish->title = wish->title == NULL ? "Protection report" : wish->title;
    if (!read_parts(given, &wish->query, err))
        return false;
    if (wish->check && !refuse_any(given, not_of_check, "--check is about now, and one line", err))
        return false;
    if (wish->output != NULL && wish->output[0] == '\0')
        return err_set(err, ERR_CONFIG, "--output: name a file");
    if (wish->query.workload != NULL && !call_known("workload", wish->query.workload, &workloads, err))
        return false;
    return read_times(given, call->style.now, &wish->query, err);
}

static bool is_known(const char *what, const char *pattern, const struct query_texts *known, struct err *err)
{
    return pattern == NULL || strpbrk(pattern, "*?") != NULL || call_known(what, pattern, known, err);
}

/* A misspelt word must not look like a fleet without trouble. Words of the past may be gone. */
static enum status check_words(const struct call *call, struct query *query, const struct query_report_wish *wish)
{
    struct query_texts servers, owners, sites, criticalities;
    struct err err = ERR_EMPTY;
    enum status status = STATUS_DONE;
    struct arena arena;

    if ((wish->owner == NULL && wish->site == NULL && wish->server == NULL) || wish->at != 0)
        return STATUS_DONE;
    arena_init(&arena, ARENA_PLAIN);
    if (!query_protection_words(query, &arena, &servers, &owners, &sites, &criticalities, &err))
        status = call_fail(call, STATUS_COULD_NOT, &err);
    else if (!is_known("owner", wish->owner, &owners, &err) || !is_known("site", wish->site, &sites, &err) ||
             !is_known("server", wish->server, &servers, &err))
        status = call_fail(call, STATUS_USAGE, &err);
    arena_finish(&arena);
    return status;
}

/* ------------------------------------------------------------------------------------------------------- check ---- */

struct ending {
    int64_t now, count;
};

/* A version that is exempt wherever it is asks nobody. */
static bool count_ended(void *context, const struct query_report_lifecycle *row, struct err *err)
{
    struct ending *ending = context;

    (void)err;
    ending->count += row->support_end != 0 && row->support_end <= ending->now &&
                     (row->exempt == 0 || row->exempt < row->protections);
    return true;
}

static bool read_head(struct query *query, const struct query_report_wish *wish, struct arena *arena,
                      struct query_report_head *head, int64_t *ended, struct err *err)
{
    struct query_report *report = query_report_open(query, wish, err);
    struct ending ending = { .now = wish->now };
    bool good = report != NULL && query_report_head(report, arena, head, err) &&
                query_report_lifecycles(report, count_ended, &ending, err);

    *ended = ending.count;

    query_report_close(report);
    return good;
}

/* Whatever fails is said in the line, which is all that a monitoring system shows. */
static enum status check(const struct call *call, const struct query_report_wish *wish)
{
    struct err err = ERR_EMPTY;
    struct query *query = query_open(call->database, &err);
    struct query_report_head head = { 0 };
    struct str line = STR_EMPTY;
    struct arena arena;
    enum report_check state;
    int64_t ended;

    arena_init(&arena, ARENA_PLAIN);
    if (query != NULL && read_head(query, wish, &arena, &head, &ended, &err))
        state = report_check(&head, ended, wish->now, &line);
    else
        state = report_check_failed(err.text, &line);
    query_close(query);
    fprintf(call->style.out, "%s\n", str_text(&line));
    if (fflush(call->style.out) != 0)
        state = REPORT_CHECK_UNKNOWN;
    str_finish(&line);
    arena_finish(&arena);
    return (enum status)state;
}

/* ------------------------------------------------------------------------------------------------------ report ---- */

static bool write_out(const struct call *call, struct query *query, const struct wish *wish, struct err *err)
{
    FILE *out = call->style.out;

    if (wish->output != NULL)
        return report_write_file(query, &wish->query, wish->format, wish->title, call->version, wish->output, err);
    if (!report_write(query, &wish->query, wish->format, wish->title, call->version, out, err))
        return false;
    return (fflush(out) == 0 && ferror(out) == 0) || err_system(err, "the output cannot be written");
}

static enum status print(const struct call *call, const struct wish *wish)
{
    struct query *query = call_open(call);
    struct err err = ERR_EMPTY;
    enum status status;

    if (query == NULL)
        return STATUS_COULD_NOT;
    status = check_words(call, query, &wish->query);
    if (status == STATUS_DONE && !write_out(call, query, wish, &err))
        status = call_fail(call, STATUS_COULD_NOT, &err);
    query_close(query);
    return status;
}

static void no_record(void *context, const struct control_record *record)
{
    (void)context, (void)record;
}

static enum status report(const struct call *call)
{
    struct err err = ERR_EMPTY;
    struct wish wish;

    if (call->flags->operands.count > 0) {
        if (!refuse_any(call->flags, not_of_name, "a report of the configuration is as that says", &err))
            return call_fail(call, STATUS_USAGE, &err);
        return call_ask(call, "report", NOW_SILENCE_MS, no_record, NULL);
    }
    if (!read_wish(call, &wish, &err))
        return call_fail(call, STATUS_USAGE, &err);
    return wish.check ? check(call, &wish.query) : print(call, &wish);
}

const struct command command_report = {
    .name = "report",
    .synopsis = "[NAME] [--format F] [--output FILE] [--at DATE] [--since WHEN] [--where WORD=VALUE] [--check]",
    .summary = "a compliance report, of now or of a day of the past",
    .help = "NAME: musterd writes this report of its configuration now, into its folder.\n",
    .flags = flags,
    .most = 1,
    .run = report,
    .reads = true,
};
