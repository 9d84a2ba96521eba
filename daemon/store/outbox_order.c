/* What of an alert comes first. */
#include "outbox_parts.h"
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

/* How pressing what is no finding is, beside the needs of findings (10, 20, 30). */
static const int pressing[EVENT_COUNT_END] = {
    [EVENT_CREDENTIAL_HELD] = 28,    [EVENT_TARGET_QUARANTINED] = 27, [EVENT_SCAN_FAILING] = 26,
    [EVENT_REMOVAL_HELD] = 25,       [EVENT_COVERAGE_LOST] = 24,      [EVENT_COVERAGE_GAINED] = 3,
    [EVENT_EXEMPTION_EXPIRED] = 19,  [EVENT_EXEMPTION_GROWN] = 18,    [EVENT_RULING_LAPSING] = 17,
    [EVENT_EXEMPTION_EXPIRING] = 16, [EVENT_MATRIX_CHANGED] = 9,      [EVENT_EXEMPTION_IDLE] = 8,
    [EVENT_REPORT_READY] = 7,        [EVENT_ASSET_GONE] = 6,          [EVENT_ASSET_MOVED] = 5,
    [EVENT_ASSET_APPEARED] = 4,      [EVENT_SCAN_RECOVERED] = 3,      [EVENT_CREDENTIAL_FREED] = 3,
    [EVENT_FINDING_RESOLVED] = 2,
};

static int press(const struct outbox_entry *entry)
{
    if (entry->what == EVENT_FINDING_OPENED || entry->what == EVENT_FINDING_CHANGED)
        return 10 * (int)entry->matter.subject.need;
    return pressing[entry->what];
}

static int badness(const struct outbox_entry *entry)
{
    const char *verdict = entry->matter.subject.verdict;

    return verdict == NULL ? 0 : (int)verdict_find(verdict);
}

static int by_rank(const void *a, const void *b)
{
    const struct outbox_entry *one = a, *other = b;
    int order;

    if (press(one) != press(other))
        return press(other) - press(one);
    if (badness(one) != badness(other))
        return badness(other) - badness(one);
    order = strcmp(one->matter.name, other->matter.name);
    return order != 0 ? order : (one->news->id > other->news->id) - (one->news->id < other->news->id);
}

int64_t outbox_entries_cause(const outbox_entry_vec *entries)
{
    int64_t cause = 0;

    for (size_t i = 0; i < entries->count; i++) {
        const struct outbox_matter *matter = &entries->items[i].matter;
        int64_t own = matter->cause != 0 ? matter->cause : matter->asset;

        if (own == 0 || (cause != 0 && own != cause))
            return 0;
        cause = own;
    }
    return cause;
}

static void put_first(outbox_entry_vec *entries, size_t index)
{
    struct outbox_entry first = entries->items[index];

    memmove(&entries->items[1], &entries->items[0], index * sizeof first);
    entries->items[0] = first;
}

void outbox_entries_sort(outbox_entry_vec *entries)
{
    int64_t cause = outbox_entries_cause(entries);

    if (entries->count > 0)
        qsort(entries->items, entries->count, sizeof *entries->items, by_rank);
    for (size_t i = 0; cause != 0 && i < entries->count; i++) {
        if (entries->items[i].matter.asset == cause) {
            put_first(entries, i);
            return;
        }
    }
}
