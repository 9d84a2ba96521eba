#include "report.h"

#include "report_csv.h"
#include "report_html.h"
#include "report_json.h"
#include "report_junit.h"

#include <string.h>

const struct report_format report_formats[] = {
    { "html", ".html", report_html_write },
    { "json", ".json", report_json_write },
    { "csv", ".csv", report_csv_write },
    { "junit", ".xml", report_junit_write },
    { NULL, NULL, NULL },
};

const struct report_format *report_format(const char *name)
{
    for (const struct report_format *format = report_formats; format->name != NULL; format++) {
        if (strcmp(format->name, name) == 0)
            return format;
    }
    return NULL;
}

static bool write_open(struct query_report *source, const struct query_report_wish *wish,
                       const struct report_format *format, const char *title, const char *version, FILE *out,
                       struct err *err)
{
    struct query_report_head head;
    struct report report = {
        .source = source, .wish = wish, .head = &head, .title = title, .version = version, .out = out
    };
    struct arena arena;
    bool good;

    arena_init(&arena, ARENA_PLAIN);
    good = query_report_head(source, &arena, &head, err) && format->write(&report, err);
    arena_finish(&arena);
    return good;
}

bool report_write(struct query *query, const struct query_report_wish *wish, const struct report_format *format,
                  const char *title, const char *version, FILE *out, struct err *err)
{
    struct query_report *source = query_report_open(query, wish, err);
    bool good = source != NULL && write_open(source, wish, format, title, version, out, err);

    query_report_close(source);
    return good;
}
