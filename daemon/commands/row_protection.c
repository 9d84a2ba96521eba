#include "row_protection.h"

#include "clock.h"
#include "row.h"
#include "unit.h"

#include <string.h>

struct query_texts row_words(const char *const *words)
{
    struct query_texts texts = { words, 0 };

    while (words[texts.count] != NULL)
        texts.count++;
    return texts;
}

enum need row_need(const struct query_protection *protection)
{
    return need_of_words(protection->verdict, protection->class, protection->ruled, protection->asset.stale);
}

enum tone row_need_tone(enum need need)
{
    static const enum tone tones[] = {
        [NEED_NOTHING] = TONE_GOOD, [NEED_LOOK] = TONE_WARN, [NEED_DECIDE] = TONE_WARN, [NEED_ACT] = TONE_BAD
    };

    return tones[need];
}

struct cell row_verdict(const char *verdict, const char *class)
{
    return cell_toned(cell_text(verdict), row_need_tone(need_of_words(verdict, class, NULL, false)));
}

#define CANDIDATES 3 /* that are told; of more, the first alone */

/* "Windows Server 2016 or 12 others": a table cannot hold dozens of names in each of its lines. */
static const char *few_candidates(struct arena *arena, const char *candidates)
{
    static const char between[] = " or ";
    const char *first = candidates == NULL ? NULL : strstr(candidates, between);
    size_t count = 1;

    for (const char *at = first; at != NULL; at = strstr(at + strlen(between), between))
        count++;
    return count <= CANDIDATES
               ? candidates
               : arena_format(arena, "%.*s or %zu others", (int)(first - candidates), candidates, count - 1);
}

/* "server Windows Server 2008 SP2" */
static const char *what(struct arena *arena, const struct query_protection *protection)
{
    return protection->version[0] == '\0'
               ? protection->workload
               : arena_format(arena, "%s %s", protection->workload, few_candidates(arena, protection->version));
}

/* What both tables have: the second one lets the asset's own columns out. */
#define PROTECTION_COLUMNS                                                                                             \
    { "METHOD", "method", CELL_TEXT, false }, { "SERVER", "shown", CELL_TEXT, true },                                  \
        { NULL, "server", CELL_TEXT, false }, { "WORKLOAD", "what", CELL_TEXT, true },                                 \
        { "INSTALLATION", "where", CELL_TEXT, true }, { NULL, "installation", CELL_TEXT, false },                      \
        { "VERDICT", "verdict", CELL_TEXT, false }, { "CLASS", "class", CELL_TEXT, false },                            \
        { "SINCE", "since", CELL_AGE, false }, { "REASON", "reason", CELL_PROSE, false },                              \
        { NULL, "step", CELL_TEXT, false }, { NULL, "product", CELL_TEXT, false },                                     \
        { NULL, "workload", CELL_TEXT, false }, { NULL, "version", CELL_TEXT, false },                                 \
        { NULL, "needs", CELL_TEXT, false }, { "RULED", "ruled", CELL_TEXT, false },                                   \
        { NULL, "counts", CELL_TRUTH, false }, { NULL, "by", CELL_TEXT, false },                                       \
        { NULL, "cause", CELL_NUMBER, false }, { NULL, "cause_name", CELL_TEXT, false },                               \
        { NULL, "owner", CELL_TEXT, false }, { NULL, "site", CELL_TEXT, false },                                       \
        { NULL, "criticality", CELL_TEXT, false }, { "EXCLUDED", "excluded", CELL_PROSE, false },                      \
        { NULL, "support_end", CELL_TIME, false }, { "EXEMPT", "exempt", CELL_PROSE, true },                           \
        { NULL, "exemption", CELL_NUMBER, false }, { NULL, "exempt_until", CELL_TIME, false },                         \
        { NULL, "exempt_reason", CELL_TEXT, false },                                                                   \
    {                                                                                                                  \
        NULL, "exempt_by", CELL_TEXT, false                                                                            \
    }

#define PROTECTION_CELLS 30 /* of these */

const struct column row_own_protections[] = { PROTECTION_COLUMNS, { "COUNTS", "shown", CELL_TEXT, true }, { 0 } };

const struct column row_protections[] = {
    { "ID", "id", CELL_NUMBER, false },
    { "NAME", "name", CELL_TEXT, false },
    { NULL, "kind", CELL_TEXT, false },
    { NULL, "seen", CELL_TIME, false },
    { NULL, "stale", CELL_TRUTH, false },
    { "STALE", "old", CELL_AGE, true },
    PROTECTION_COLUMNS,
    { 0 },
};

const char *const row_spare_of_protections[] = { "SINCE", "INSTALLATION", "SERVER", NULL };

/* On a terminal its first label has to do, as room is dear there: it is a name of the server, too. */
static const char *server_shown(struct view *view, const char *server)
{
    size_t label = strcspn(server, ".");

    return view->call->style.columns == 0 ? server : arena_bytes(&view->document.arena, server, label);
}

const char *row_exempt(struct arena *arena, const struct query_protection *protection)
{
    char until[CLOCK_TEXT_SIZE];

    if (protection->exemption == 0)
        return NULL;
    return arena_format(arena, "until %.10s: %s, by %s%s%s", clock_text(protection->exempt_until, until),
                        protection->exempt_reason, protection->exempt_by,
                        protection->exempt_ticket == NULL ? "" : ", ticket ",
                        protection->exempt_ticket == NULL ? "" : protection->exempt_ticket);
}

static void fill_cells(struct view *view, struct cell *cells, const struct query_protection *protection)
{
    struct arena *arena = &view->document.arena;
    enum need need = row_need(protection);
    const struct cell all[PROTECTION_CELLS] = {
        cell_text(protection->method),
        cell_text(server_shown(view, protection->server)),
        cell_text(protection->server),
        cell_text(what(arena, protection)),
        cell_text(few_candidates(arena, protection->installation)),
        cell_text(protection->installation),
        row_verdict(protection->verdict, protection->class),
        row_some(protection->class),
        cell_age(protection->since_at),
        cell_text(protection->reason),
        cell_text(protection->step),
        cell_text(protection->product),
        cell_text(protection->workload),
        row_some(protection->version),
        row_some(need_word(need)),
        cell_text(protection->ruled),
        cell_truth(protection->counts),
        cell_text(protection->by),
        protection->cause == 0 ? cell_text(NULL) : cell_number(protection->cause),
        cell_text(protection->cause_name),
        cell_text(protection->owner),
        cell_text(protection->site),
        cell_text(protection->criticality),
        cell_text(protection->excluded),
        cell_time(protection->support_end),
        cell_text(row_exempt(arena, protection)),
        protection->exemption == 0 ? cell_text(NULL) : cell_number(protection->exemption),
        cell_time(protection->exempt_until),
        cell_text(protection->exempt_reason),
        cell_text(protection->exempt_by),
    };

    memcpy(cells, all, sizeof all);
}

void row_add_protection(struct view *view, struct table *table, const struct query_protection *protection)
{
    const struct query_asset *asset = &protection->asset;
    struct cell cells[6 + PROTECTION_CELLS] = {
        cell_number(asset->id),   cell_text(asset->name),
        cell_text(asset->kind),   cell_time(asset->seen_at),
        cell_truth(asset->stale), asset->stale ? cell_toned(cell_age(asset->seen_at), TONE_WARN) : cell_text(NULL),
    };

    fill_cells(view, cells + 6, protection);
    table_add(table, cells);
}

void row_add_own_protection(struct view *view, struct table *table, const struct query_protection *protection)
{
    struct cell cells[PROTECTION_CELLS + 1];

    fill_cells(view, cells, protection);
    cells[PROTECTION_CELLS] = protection->counts ? cell_text("yes") : cell_toned(cell_text("no"), TONE_DIM);
    table_add(table, cells);
}

static const char *assets_text(int64_t count, char text[COUNT_TEXT_SIZE])
{
    return count_text((uint64_t)count, "asset", text);
}

const char *row_nothing_judged(struct arena *arena, const struct query_verdicts *verdicts)
{
    char count[COUNT_TEXT_SIZE];

    if (verdicts->protections > 0 || verdicts->excluded > 0)
        return NULL;
    if (verdicts->waiting > 0)
        return arena_format(arena,
                            "Nothing is judged yet: %s still to judge. While musterd runs, muster status tells "
                            "whether that is under way.",
                            assets_text(verdicts->waiting, count));
    if (verdicts->judged_at == 0)
        return "Nothing is judged yet: nothing was found yet. muster status shows how the scans went.";
    return "There is no protection to judge: no backup server is known, or nothing that one could protect. Name your "
           "backup servers in the configuration (backup_servers), and see muster list --inventory for what was found.";
}

const char *row_still_judging(struct arena *arena, const struct query_verdicts *verdicts)
{
    char count[COUNT_TEXT_SIZE];

    if (verdicts->waiting == 0)
        return NULL;
    return arena_format(arena, "judging is not done: %s may get another verdict, or a first one",
                        assets_text(verdicts->waiting, count));
}
