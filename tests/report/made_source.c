/* The functions of query_report.h, which read a struct made. */
#include "made.h"

#include <stdio.h>
#include <string.h>

struct query_report {
    const struct made *made;
};

struct query_report *made_source(const struct made *made)
{
    static struct query_report report;

    report.made = made;
    return &report;
}

struct query_report *query_report_open(struct query *query, const struct query_report_wish *wish, struct err *err)
{
    (void)query;
    (void)wish;
    err_set(err, ERR_BUG, "a report that is made by hand is not opened");
    return NULL;
}

void query_report_close(struct query_report *report)
{
    (void)report;
}

bool query_report_head(struct query_report *report, struct arena *arena, struct query_report_head *head,
                       struct err *err)
{
    (void)arena;
    (void)err;
    *head = report->made->head;
    return true;
}

static bool give(const struct made_row *made, query_report_row *row, void *context, struct err *err)
{
    struct query_report_protection given = made->row;
    char name[64];

    if (made->times == 0)
        return row(context, &given, err);
    for (size_t i = 0; i < made->times; i++) {
        snprintf(name, sizeof name, "%s-%05zu", made->row.protection.asset.name, i);
        given.protection.asset.name = name;
        given.protection.asset.id = made->row.protection.asset.id + (int64_t)i;
        if (!row(context, &given, err))
            return false;
        memset(name, 'x', sizeof name);
    }
    return true;
}

bool query_report_protections(struct query_report *report, enum need need, query_report_row *row, void *context,
                              struct err *err)
{
    const struct made *made = report->made;

    for (size_t i = 0; i < made->row_count; i++) {
        bool asked = need == NEED_NOTHING || made->rows[i].row.need == need;

        if (asked && !give(&made->rows[i], row, context, err))
            return false;
    }
    return made->broken == NULL || err_set(err, ERR_SYSTEM, "%s", made->broken);
}

#define GIVES_ALL(function, list, type)                                                                                \
    bool function(struct query_report *report, type##_row *row, void *context, struct err *err)                        \
    {                                                                                                                  \
        for (size_t i = 0; i < report->made->list##_count; i++) {                                                      \
            if (!row(context, &LIST_OF_##list[i], err))                                                                \
                return false;                                                                                          \
        }                                                                                                              \
        return true;                                                                                                   \
    }

#define LIST_OF_excluded report->made->excluded
#define LIST_OF_old_tls report->made->old_tls
#define LIST_OF_uncovered report->made->uncovered
#define LIST_OF_covered report->made->covered
#define LIST_OF_change report->made->changes
#define LIST_OF_exemption report->made->exemptions
#define LIST_OF_lifecycle report->made->lifecycles
#define LIST_OF_condition report->made->conditions

GIVES_ALL(query_report_excluded, excluded, query_report_excluded)
GIVES_ALL(query_report_old_tls, old_tls, query_report_old_tls)
GIVES_ALL(query_report_uncovered, uncovered, query_report_uncovered)
GIVES_ALL(query_report_covered, covered, query_report_covered)
GIVES_ALL(query_report_changes, change, query_report_change)
GIVES_ALL(query_report_exemptions, exemption, query_report_exemption)
GIVES_ALL(query_report_lifecycles, lifecycle, query_report_lifecycle)
GIVES_ALL(query_report_conditions, condition, query_report_condition)
