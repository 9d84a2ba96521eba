#include "exemption_row.h"

#include "need.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

#define MAX_MERGES 100 /* assets of which each became part of the next */

/* ---------------------------------------------------------------------------------------------------- loading ---- */

/* False: nobody knows what this asks for. */
static bool take_member(struct arena *arena, struct exemption_selector *selector, struct sql_query *row, int column)
{
    const char *name = sql_text(row, column), *type = sql_text(row, column + 2);
    const struct exemption_member *member = name == NULL ? NULL : exemption_member(name);

    if (name != NULL && strcmp(name, "asset") == 0 && strcmp(type, "integer") == 0) {
        selector->asset = sql_int(row, column + 1);
        return selector->asset > 0;
    }
    if (member == NULL || strcmp(type, "text") != 0)
        return false;
    exemption_set(selector, member, arena_text(arena, sql_text(row, column + 1)));
    return true;
}

/* The members of one exemption come one after the other; where one cannot be read, the whole covers nothing. */
static void take_row(struct exemptions *exemptions, struct sql_query *row)
{
    int64_t id = sql_int(row, 0);
    struct exemption_entry *last;

    if (exemptions->list.count == 0 || vec_last(&exemptions->list).id != id)
        vec_push(&exemptions->list, (struct exemption_entry){ .id = id });
    last = &vec_last(&exemptions->list);
    if (!last->unreadable && !take_member(&exemptions->arena, &last->selector, row, 1))
        last->unreadable = true;
}

enum extent { IN_FORCE, THEN_IN_FORCE, ALL };

#define MEMBERS(which)                                                                                                 \
    "SELECT e.id, m.key, m.atom, m.type FROM exemption e,"                                                             \
    " json_each(CASE WHEN json_valid(e.selector) AND json_type(e.selector) = 'object' THEN e.selector"                 \
    " ELSE '{}' END) m" which " ORDER BY e.id"

static bool load_rows(struct exemptions *exemptions, struct sql *sql, enum extent extent, int64_t at, struct err *err)
{
    static const char *const texts[] = {
        [IN_FORCE] = MEMBERS(" WHERE e.ended_at IS NULL AND e.until_at > ?1"),
        [THEN_IN_FORCE] = MEMBERS(" WHERE e.made_at <= ?1 AND e.until_at > ?1"
                                  " AND (e.ended_at IS NULL OR e.ended_at > ?1)"),
        [ALL] = MEMBERS(""),
    };
    struct sql_query query;

    sql_query(&query, sql, texts[extent]);
    if (extent != ALL)
        sql_bind_int(&query, 1, at);
    while (sql_row(&query))
        take_row(exemptions, &query);
    return sql_done(&query, err);
}

/* The asset that it has become part of, or itself. */
static bool follow(struct sql *sql, int64_t *asset, struct err *err)
{
    struct sql_query query;
    int64_t next = *asset;

    for (int i = 0; i < MAX_MERGES && next != 0; i++) {
        *asset = next;
        sql_query(&query, sql, "SELECT merged_into FROM asset WHERE id = ?1");
        sql_bind_int(&query, 1, *asset);
        next = sql_row(&query) ? sql_int(&query, 0) : 0;
        if (!sql_done(&query, err))
            return false;
    }
    return true;
}

static int by_asset(const void *one, const void *other)
{
    const struct exemption_of *a = one, *b = other;

    if (a->asset != b->asset)
        return a->asset < b->asset ? -1 : 1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static bool sort_entries(struct exemptions *exemptions, struct sql *sql, struct err *err)
{
    for (size_t i = 0; i < exemptions->list.count; i++) {
        struct exemption_entry *entry = &exemptions->list.items[i];

        if (entry->unreadable)
            continue;
        exemptions->ask_sources = exemptions->ask_sources || exemption_asks_sources(&entry->selector);
        if (entry->selector.asset == 0) {
            vec_push(&exemptions->wide, i);
            continue;
        }
        if (!follow(sql, &entry->selector.asset, err))
            return false;
        vec_push(&exemptions->narrow, (struct exemption_of){ entry->selector.asset, i });
    }
    if (exemptions->narrow.count > 0)
        qsort(exemptions->narrow.items, exemptions->narrow.count, sizeof *exemptions->narrow.items, by_asset);
    return true;
}

static bool load(struct exemptions *exemptions, struct sql *sql, enum extent extent, int64_t at, struct err *err)
{
    *exemptions = (struct exemptions){ 0 };
    arena_init(&exemptions->arena, ARENA_PLAIN);
    if (load_rows(exemptions, sql, extent, at, err) && sort_entries(exemptions, sql, err))
        return true;
    exemptions_finish(exemptions);
    return err_add(err, "the exemptions");
}

static int by_number(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

    return (a > b) - (a < b);
}

static bool find_owing(struct exemptions *exemptions, struct sql *sql, int64_t asset, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "SELECT id FROM judgement WHERE cause = ?1");
    sql_bind_int(&query, 1, asset);
    while (sql_row(&query))
        vec_push(&exemptions->owing, sql_int(&query, 0));
    return sql_done(&query, err);
}

/* So that most protections need no look-up where all exemptions are for certain assets. */
static bool load_owing(struct exemptions *exemptions, struct sql *sql, struct err *err)
{
    int64_t last = 0;

    if (!sql_number(sql, "SELECT max(id) FROM judgement", &exemptions->newest, err))
        return false;
    vec_each (of, &exemptions->narrow) {
        if (of->asset != last && !find_owing(exemptions, sql, of->asset, err))
            return false;
        last = of->asset;
    }
    if (exemptions->owing.count > 0)
        qsort(exemptions->owing.items, exemptions->owing.count, sizeof *exemptions->owing.items, by_number);
    return true;
}

static bool load_with_owing(struct exemptions *exemptions, struct sql *sql, enum extent extent, int64_t at,
                            struct err *err)
{
    if (!load(exemptions, sql, extent, at, err))
        return false;
    if (exemptions->narrow.count == 0 || load_owing(exemptions, sql, err))
        return true;
    exemptions_finish(exemptions);
    return err_add(err, "the exemptions");
}

bool exemptions_load(struct exemptions *exemptions, struct sql *sql, int64_t now, struct err *err)
{
    return load_with_owing(exemptions, sql, IN_FORCE, now, err);
}

bool exemptions_load_then(struct exemptions *exemptions, struct sql *sql, int64_t at, struct err *err)
{
    return load_with_owing(exemptions, sql, THEN_IN_FORCE, at, err);
}

bool exemptions_load_all(struct exemptions *exemptions, struct sql *sql, struct err *err)
{
    return load(exemptions, sql, ALL, 0, err);
}

void exemptions_finish(struct exemptions *exemptions)
{
    vec_finish(&exemptions->list);
    vec_finish(&exemptions->wide);
    vec_finish(&exemptions->narrow);
    vec_finish(&exemptions->owing);
    arena_finish(&exemptions->arena);
}

size_t exemptions_place(const struct exemptions *exemptions, int64_t id)
{
    size_t low = 0, high = exemptions->list.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (exemptions->list.items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < exemptions->list.count && exemptions->list.items[low].id == id ? low : exemptions->list.count;
}

/* --------------------------------------------------------------------------------------------------- covering ---- */

/* Where those of this asset begin, were there any. */
static size_t first_of(const struct exemptions *exemptions, int64_t asset)
{
    size_t low = 0, high = exemptions->narrow.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (exemptions->narrow.items[middle].asset < asset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct sources {
    struct arena arena;
    vec(const char *) targets, tags;
};

static bool load_targets(struct sources *sources, struct sql *sql, int64_t asset, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "SELECT DISTINCT t.name FROM item i JOIN sighting s ON s.item = i.id JOIN target t ON t.id = s.target"
              " WHERE i.asset = ?1");
    sql_bind_int(&query, 1, asset);
    while (sql_row(&query))
        vec_push(&sources->targets, arena_text(&sources->arena, sql_text(&query, 0)));
    return sql_done(&query, err);
}

static bool load_tags(struct sources *sources, struct sql *sql, int64_t asset, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "SELECT DISTINCT e.atom FROM item i JOIN sighting s ON s.item = i.id JOIN target t ON t.id = s.target"
              " JOIN json_each(t.tags) e WHERE i.asset = ?1 AND e.type = 'text'");
    sql_bind_int(&query, 1, asset);
    while (sql_row(&query))
        vec_push(&sources->tags, arena_text(&sources->arena, sql_text(&query, 0)));
    return sql_done(&query, err);
}

/* The texts are good until the query goes on. */
static void take_subject(struct sql_query *row, struct exemption_subject *subject)
{
    enum { RULED = 13 };
    static const size_t places[RULED] = {
#define AT(member) offsetof(struct exemption_subject, member)
        AT(name),    AT(kind),    AT(method), AT(server), AT(workload), AT(version),    AT(installation),
        AT(product), AT(verdict), AT(class),  AT(owner),  AT(site),     AT(criticality)
#undef AT
    };

    for (size_t i = 0; i < RULED; i++)
        *(const char **)(void *)((char *)subject + places[i]) = sql_text(row, (int)i);
    subject->cause = sql_int(row, RULED + 1);
    subject->need = need_word(need_of_words(subject->verdict, subject->class, sql_text(row, RULED), false));
}

/* Places, in their order. */
struct walk {
    const struct exemptions *exemptions;
    size_t wide, narrow[2]; /* of the asset and of the cause */
    int64_t assets[2];
};

static struct walk start(const struct exemptions *exemptions, const struct exemption_subject *subject)
{
    struct walk walk = { .exemptions = exemptions, .assets = { subject->asset, subject->cause } };

    walk.narrow[0] = first_of(exemptions, subject->asset);
    walk.narrow[1] = subject->cause == 0 || subject->cause == subject->asset ? exemptions->narrow.count
                                                                             : first_of(exemptions, subject->cause);
    return walk;
}

/* The next one that may cover it, the oldest first. */
static bool next(struct walk *walk, size_t *place)
{
    const struct exemptions *exemptions = walk->exemptions;
    size_t *at = walk->wide < exemptions->wide.count ? &walk->wide : NULL;

    if (at != NULL)
        *place = exemptions->wide.items[walk->wide];
    for (int i = 0; i < 2; i++) {
        size_t narrow = walk->narrow[i];

        if (narrow == exemptions->narrow.count || exemptions->narrow.items[narrow].asset != walk->assets[i] ||
            (at != NULL && exemptions->narrow.items[narrow].entry > *place))
            continue;
        at = &walk->narrow[i];
        *place = exemptions->narrow.items[narrow].entry;
    }
    if (at != NULL)
        ++*at;
    return at != NULL;
}

static void ask_each(const struct exemptions *exemptions, const struct exemption_subject *subject,
                     exemptions_found *found, void *context)
{
    struct walk walk = start(exemptions, subject);
    size_t place;

    while (next(&walk, &place)) {
        if (exemption_covers(&exemptions->list.items[place].selector, subject) && !found(context, place))
            return;
    }
}

static bool ask_subject(const struct exemptions *exemptions, struct sql *sql, int64_t judgement,
                        struct exemption_subject *subject, exemptions_found *found, void *context, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "SELECT a.name, a.kind, j.method, j.server, j.workload, j.version, j.installation, j.product, j.verdict,"
              " j.class, j.owner, j.site, j.criticality, j.ruled, j.cause FROM asset a JOIN judgement j ON j.id = ?2 "
              "WHERE a.id = ?1");
    sql_bind_int(&query, 1, subject->asset);
    sql_bind_int(&query, 2, judgement);
    if (sql_row(&query)) {
        take_subject(&query, subject);
        ask_each(exemptions, subject, found, context);
    }
    return sql_done(&query, err);
}

/* Before anything is looked up. */
static bool may_cover(const struct exemptions *exemptions, int64_t asset, int64_t judgement)
{
    size_t narrow;

    if (exemptions->wide.count > 0 || exemptions->narrow.count == 0)
        return exemptions->wide.count > 0;
    narrow = first_of(exemptions, asset);
    if (narrow < exemptions->narrow.count && exemptions->narrow.items[narrow].asset == asset)
        return true;
    return judgement > exemptions->newest ||
           (exemptions->owing.count > 0 &&
            bsearch(&judgement, exemptions->owing.items, exemptions->owing.count, sizeof judgement, by_number) != NULL);
}

bool exemptions_each(const struct exemptions *exemptions, struct sql *sql, int64_t asset, int64_t judgement,
                     exemptions_found *found, void *context, struct err *err)
{
    struct exemption_subject subject = { .asset = asset };
    struct sources sources = { 0 };
    bool good = true;

    if (!may_cover(exemptions, asset, judgement))
        return true;
    arena_init(&sources.arena, ARENA_PLAIN);
    if (exemptions->ask_sources)
        good = load_targets(&sources, sql, asset, err) && load_tags(&sources, sql, asset, err);
    subject.targets = sources.targets.items;
    subject.target_count = sources.targets.count;
    subject.tags = sources.tags.items;
    subject.tag_count = sources.tags.count;
    good = good && ask_subject(exemptions, sql, judgement, &subject, found, context, err);
    vec_finish(&sources.targets);
    vec_finish(&sources.tags);
    arena_finish(&sources.arena);
    return good;
}

struct first {
    const struct exemptions *exemptions;
    int64_t id;
};

static bool take_first(void *context, size_t place)
{
    struct first *first = context;

    first->id = first->exemptions->list.items[place].id;
    return false;
}

bool exemptions_cover(const struct exemptions *exemptions, struct sql *sql, int64_t asset, int64_t judgement,
                      int64_t *exemption, struct err *err)
{
    struct first first = { exemptions, 0 };
    bool good = exemptions_each(exemptions, sql, asset, judgement, take_first, &first, err);

    *exemption = first.id;
    return good;
}
