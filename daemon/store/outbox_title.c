/* The sentence that heads an alert: what it is about, in one line. */
#include "outbox_parts.h"
#include "sql.h"
#include "text.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

/* --------------------------------------------------------------------------------------------------- one entry ---- */

/* Behind the name of what the event is about. */
static const char *const sentences[EVENT_COUNT_END] = {
    [EVENT_EXEMPTION_EXPIRING] = "ends soon",
    [EVENT_EXEMPTION_EXPIRED] = "has ended: what it covered counts again",
    [EVENT_EXEMPTION_GROWN] = "covers more than when it was made",
    [EVENT_EXEMPTION_IDLE] = "covers nothing any more",
    [EVENT_RULING_LAPSING] = "comes to its end",
    [EVENT_SCAN_FAILING] = "cannot be scanned",
    [EVENT_SCAN_RECOVERED] = "is scanned again",
    [EVENT_CREDENTIAL_HELD] = "was refused: its targets wait",
    [EVENT_CREDENTIAL_FREED] = "is good again",
    [EVENT_TARGET_QUARANTINED] = "is in quarantine: its scans keep dying",
    [EVENT_REMOVAL_HELD] = "misses so much that removals wait for muster accept",
    [EVENT_COVERAGE_LOST] = "is protected no more: it is in no protection group",
    [EVENT_COVERAGE_GAINED] = "is protected by a backup server now",
    [EVENT_REPORT_READY] = "is ready",
    [EVENT_MATRIX_CHANGED] = "changed: verdicts rest on something else now",
    [EVENT_ASSET_APPEARED] = "appeared",
    [EVENT_ASSET_MOVED] = "moved",
    [EVENT_ASSET_GONE] = "is gone",
};

/* The subject says what it is; of targets and assets it has the number, and people want the name. */
static void add_event(struct str *out, const struct outbox_entry *entry)
{
    const char *subject = entry->news->subject, *name = entry->matter.name;
    bool target = outbox_bundle_rest(subject, "target ") != NULL;
    bool named = name[0] != '\0' && (target || outbox_bundle_rest(subject, "asset ") != NULL);
    char quote[TEXT_QUOTE_SIZE];

    str_format(out, "%s%s %s", named && target ? "target " : "", text_quote(quote, named ? name : subject),
               sentences[entry->what]);
}

/* A state as people read it: "unlisted (newer)". */
static void add_verdict(struct str *out, const char *state)
{
    const char *verdict = strchr(state, ' '), *class = verdict == NULL ? NULL : strchr(verdict + 1, ' ');

    if (verdict == NULL)
        return;
    if (class == NULL)
        str_add(out, verdict + 1);
    else
        str_format(out, "%.*s (%s)", (int)(class - verdict - 1), verdict + 1, class + 1);
}

/* What a finding is about. */
static bool add_topic(struct outbox_turn *turn, struct str *out, const struct outbox_entry *entry, struct err *err)
{
    char name[TEXT_QUOTE_SIZE], quote[TEXT_QUOTE_SIZE];
    struct sql_query query;

    text_quote(name, entry->matter.name);
    sql_query(&query, turn->sql, "SELECT kind, method, workload, installation, product FROM finding WHERE id = ?1");
    sql_bind_int(&query, 1, entry->news->finding);
    if (sql_row(&query)) {
        const char *kind = sql_text(&query, 0);

        if (strcmp(kind, "verdict") == 0)
            str_format(out, "%s: %s protection", name, text_quote(quote, sql_text(&query, 1)));
        else if (strcmp(kind, "stale") == 0)
            str_format(out, "target %s", name);
        else
            str_format(out, "%s (%s)", name, text_quote(quote, sql_text(&query, 2)));
    }
    return sql_done(&query, err);
}

static const char *stale_or_ended(const struct outbox_entry *entry)
{
    return strcmp(entry->matter.kind, "stale") == 0 ? "was not scanned with success for too long"
                                                    : "is not supported by its vendor any more";
}

static void add_state(struct str *out, const struct outbox_entry *entry)
{
    char assets[COUNT_TEXT_SIZE];

    if (strchr(entry->matter.state, ' ') == NULL) {
        str_format(out, " %s", stale_or_ended(entry));
    } else {
        str_add(out, " is ");
        add_verdict(out, entry->matter.state);
    }
    if (entry->heard != NULL && strchr(entry->heard, ' ') != NULL) {
        str_add(out, ", was ");
        add_verdict(out, entry->heard);
    }
    if (entry->matter.asset == 0 && strcmp(entry->matter.kind, "stale") != 0)
        str_format(out, ": %s", count_text((uint64_t)entry->matter.assets, "asset", assets));
}

static bool add_finding(struct outbox_turn *turn, struct str *out, const struct outbox_entry *entry, struct err *err)
{
    if (entry->what == EVENT_FINDING_RESOLVED)
        str_add(out, "over: ");
    if (!add_topic(turn, out, entry, err))
        return false;
    if (entry->what != EVENT_FINDING_RESOLVED)
        add_state(out, entry);
    return true;
}

static bool add_entry(struct outbox_turn *turn, struct str *out, const struct outbox_entry *entry, struct err *err)
{
    if (event_is_finding(entry->what))
        return add_finding(turn, out, entry, err);
    add_event(out, entry);
    return true;
}

/* ------------------------------------------------------------------------------------------------- all of them ---- */

static bool add_target(struct outbox_turn *turn, struct str *out, const char *number, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];
    struct sql_query query;

    sql_query(&query, turn->sql, "SELECT name FROM target WHERE id = ?1");
    sql_bind_int(&query, 1, strtoll(number, NULL, 10));
    if (sql_row(&query))
        str_format(out, "first scan of %s: ", text_quote(quote, sql_text(&query, 0)));
    return sql_done(&query, err);
}

/* Where one occasion brought it all, which. */
static bool add_occasion(struct outbox_turn *turn, struct str *out, const struct outbox_group *group, struct err *err)
{
    const char *bundle = group->bundles[0], *rest;
    char quote[TEXT_QUOTE_SIZE];

    if (group->count != 1)
        return true;
    if ((rest = outbox_bundle_rest(bundle, OUTBOX_FIRST)) != NULL)
        return add_target(turn, out, rest, err);
    if ((rest = outbox_bundle_rest(bundle, OUTBOX_MAINTENANCE)) != NULL)
        str_format(out, "after maintenance %s: ", text_quote(quote, rest));
    if (outbox_bundle_rest(bundle, OUTBOX_BASIS) != NULL)
        str_add(out, "judged anew: ");
    return true;
}

/* Whether all but the first come from the asset that the first is about. */
static bool come_from_it(const outbox_entry_vec *entries)
{
    for (size_t i = 1; i < entries->count; i++) {
        if (entries->items[i].matter.cause == 0 || entries->items[i].matter.cause != entries->items[0].matter.asset)
            return false;
    }
    return true;
}

static void add_rest(struct str *out, const outbox_entry_vec *entries)
{
    if (entries->count > 1)
        str_format(out, ", and %zu more%s", entries->count - 1, come_from_it(entries) ? " that come from it" : "");
}

const char *outbox_title(struct outbox_turn *turn, const struct outbox_group *group, const outbox_entry_vec *entries,
                         struct err *err)
{
    struct str out = STR_EMPTY;
    bool good = add_occasion(turn, &out, group, err) && add_entry(turn, &out, &entries->items[0], err);
    const char *title;

    add_rest(&out, entries);
    title = good ? arena_text(&turn->arena, str_text(&out)) : NULL;
    str_finish(&out);
    return title;
}
