#include "echo.h"

#include "call.h"

#include <string.h>

struct course {
    const struct echo *echo;
    const struct call *call;
    void *context;
    struct document document;
    struct table *table;
    bool people, bad;
};

static void take_row(struct course *course, const struct control_record *row)
{
    const struct echo *echo = course->echo;

    course->bad = course->bad || (echo->is_bad != NULL && echo->is_bad(row));
    if (course->people)
        echo->show(course->call, course->context, row);
    else
        table_add_record(&course->document, course->table, row);
}

static void take_record(void *context, const struct control_record *record)
{
    struct course *course = context;
    const struct echo *echo = course->echo;

    if (echo->rows != NULL && strcmp(record->name, echo->rows) == 0)
        take_row(course, record);
    else if (echo->other != NULL)
        echo->other(course->call, course->context, record);
}

enum status echo_run(const struct echo *echo, const struct call *call, void *context)
{
    struct course course = {
        .echo = echo, .call = call, .context = context, .people = call->style.format == FORMAT_TABLE
    };
    enum status status, printed = STATUS_DONE;

    document_init(&course.document, NULL);
    if (echo->rows != NULL)
        course.table = document_table(&course.document, echo->table, echo->columns);
    status = call_ask(call, echo->verb, echo->silence_ms, take_record, &course);
    if (echo->rows != NULL && !course.people)
        printed = call_print(call, &course.document);
    document_finish(&course.document);
    if (status != STATUS_DONE)
        return status;
    return course.bad ? STATUS_COULD_NOT : printed;
}
