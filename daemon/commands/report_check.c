#include "report_check.h"

#include "text.h"
#include "unit.h"

#include <inttypes.h>

static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

struct look {
    int64_t need[NEED_ACT + 1], exempt, protections, late, targets, ended;
    const char *trouble; /* why it cannot be told; NULL: it can */
};

static void count(const struct query_report_head *head, struct look *look)
{
    for (enum need need = NEED_LOOK; need <= NEED_ACT; need++) {
        look->need[need] = head->need[need] - head->exempt[need];
        look->exempt += head->exempt[need];
    }
    for (size_t i = 0; i < head->whole_count; i++)
        look->protections += head->whole[i].protections;
    for (size_t i = 0; i < head->target_count; i++) {
        look->targets++;
        look->late += head->targets[i].late;
    }
}

static const char *trouble_of(const struct query_report_head *head, const struct look *look, int64_t now)
{
    if (look->targets == 0)
        return "there are no targets";
    if (look->protections == 0 && head->judged_at == 0)
        return "nothing is judged yet";
    if (look->protections == 0)
        return "there is no such protection";
    if (head->judged_at != 0 && now - head->judged_at > REPORT_CHECK_JUDGED_MS)
        return "nothing was judged lately, so musterd does not seem to run";
    return NULL;
}

static enum report_check state_of(const struct look *look)
{
    if (look->need[NEED_ACT] > 0)
        return REPORT_CHECK_CRITICAL;
    if (look->need[NEED_DECIDE] > 0 || look->ended > 0)
        return REPORT_CHECK_WARNING;
    return look->need[NEED_LOOK] > 0 || look->late > 0 || look->trouble != NULL ? REPORT_CHECK_UNKNOWN
                                                                                : REPORT_CHECK_OK;
}

/* Any number above 0 is too many: that is what a threshold of 0 says. */
static void add_numbers(const struct look *look, struct str *line)
{
    str_format(line, " | act=%" PRId64 ";;0;0 decide=%" PRId64 ";0;;0 look=%" PRId64 ";;;0 exempt=%" PRId64 ";;;0",
               look->need[NEED_ACT], look->need[NEED_DECIDE], look->need[NEED_LOOK], look->exempt);
    str_format(line,
               " stale_targets=%" PRId64 ";;;0 targets=%" PRId64 ";;;0 protections=%" PRId64 ";;;0 lifecycle=%" PRId64
               ";0;;0",
               look->late, look->targets, look->protections, look->ended);
}

enum report_check report_check(const struct query_report_head *head, int64_t ended, int64_t now, struct str *line)
{
    struct look look = { .ended = ended };
    char targets[COUNT_TEXT_SIZE], versions[COUNT_TEXT_SIZE];
    enum report_check state;

    count(head, &look);
    look.trouble = trouble_of(head, &look, now);
    state = state_of(&look);
    str_format(line, "MUSTER %s: ", words[state]);
    if (look.trouble != NULL)
        str_format(line, "%s; ", look.trouble);
    str_format(line, "%" PRId64 " act, %" PRId64 " decide, %" PRId64 " look, %" PRId64 " exempt", look.need[NEED_ACT],
               look.need[NEED_DECIDE], look.need[NEED_LOOK], look.exempt);
    if (look.ended > 0)
        str_format(line, ", %s out of support", count_text((uint64_t)look.ended, "version", versions));
    if (look.late > 0)
        str_format(line, ", %s stale", count_text((uint64_t)look.late, "target", targets));
    add_numbers(&look, line);
    return state;
}

/* A bar would begin the numbers. */
enum report_check report_check_failed(const char *why, struct str *line)
{
    size_t begin;

    str_format(line, "MUSTER %s: ", words[REPORT_CHECK_UNKNOWN]);
    begin = line->length;
    text_line(line, why);
    for (size_t i = begin; i < line->length; i++)
        line->bytes[i] = (char)(line->bytes[i] == '|' ? '/' : line->bytes[i]);
    return REPORT_CHECK_UNKNOWN;
}
