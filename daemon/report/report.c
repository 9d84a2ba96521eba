#include "report.h"

#include "report_csv.h"
#include "report_html.h"
#include "report_json.h"
#include "report_junit.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

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
    struct utsname machine;
    struct report report = { .source = source,
                             .wish = wish,
                             .head = &head,
                             .title = title,
                             .version = version,
                             .host = uname(&machine) == 0 ? machine.nodename : "",
                             .out = out };
    struct arena arena;
    bool good;

    arena_init(&arena, ARENA_PLAIN);
    good = query_report_head(source, &arena, &head, err) && format->write(&report, err);
    arena_finish(&arena);
    return good;
}

static bool write_to(struct query *query, const struct query_report_wish *wish, const struct report_format *format,
                     const char *title, const char *version, FILE *out, struct err *err)
{
    struct query_report *source = query_report_open(query, wish, err);
    bool good = source != NULL && write_open(source, wish, format, title, version, out, err);

    query_report_close(source);
    return good;
}

/* A pager or a network may take what it gets as slowly as it likes. */
static bool may_wait(FILE *out)
{
    int descriptor = fileno(out);
    struct stat status;

    if (descriptor < 0 || fstat(descriptor, &status) != 0)
        return false;
    return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || isatty(descriptor);
}

static bool copy(FILE *from, FILE *out, struct err *err)
{
    char bytes[16384];
    size_t size;

    rewind(from);
    while ((size = fread(bytes, 1, sizeof bytes, from)) > 0) {
        if (fwrite(bytes, 1, size, out) < size)
            return err_system(err, "the report cannot be written");
    }
    if (ferror(from))
        return err_system(err, "the report cannot be read back from its temporary file");
    return fflush(out) == 0 || err_system(err, "the report cannot be written");
}

bool report_write(struct query *query, const struct query_report_wish *wish, const struct report_format *format,
                  const char *title, const char *version, FILE *out, struct err *err)
{
    FILE *between;
    bool good;

    if (!may_wait(out))
        return write_to(query, wish, format, title, version, out, err);
    between = tmpfile();
    if (between == NULL)
        return err_system(err, "no temporary file can be made for the report; free some space in /tmp");
    good = write_to(query, wish, format, title, version, between, err) && copy(between, out, err);
    fclose(between);
    return good;
}
