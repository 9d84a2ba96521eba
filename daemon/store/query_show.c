/* Everything about one asset. */
#include "lone.h"
#include "reading.h"
#include "vec.h"

#include <stdlib.h>
#include <string.h>

struct show {
    int64_t asset, now;
    struct query_detail *detail;
    vec(struct query_item) items;
    vec(struct query_fact) facts;
    vec(struct query_relation) relations;
    size_t outward; /* of the relations */
};

static bool read_asset(struct query *query, struct show *show, struct err *err)
{
    struct query_asset *asset = &show->detail->asset;
    struct sql_query rows;
    bool there;

    sql_query(&rows, &query->sql, "SELECT id, kind, name, gone_at FROM asset WHERE id = ?1");
    sql_bind_int(&rows, 1, show->asset);
    there = sql_row(&rows);
    if (there) {
        *asset = (struct query_asset){ .id = sql_int(&rows, 0), .gone_at = sql_int(&rows, 3) };
        asset->kind = reading_text(query, &rows, 1);
        asset->name = reading_text(query, &rows, 2);
    }
    if (!sql_done(&rows, err))
        return false;
    if (!there)
        return err_set(err, ERR_CONFIG, "there is no asset with the id %lld", (long long)show->asset);
    return reading_asset(query, asset, show->now, err);
}

/* Those that are there first; of an asset that is gone, all are. */
static bool read_items(struct query *query, struct show *show, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT i.id, i.kind, i.key, c.name, i.name, i.joined, i.appeared_at, i.changed_at, i.gone_at, i.gone_why"
              " FROM item i JOIN scope c ON c.id = i.scope WHERE i.asset = ?1 ORDER BY i.gone_at IS NOT NULL, i.id");
    sql_bind_int(&rows, 1, show->asset);
    while (sql_row(&rows)) {
        struct query_item item = { .id = sql_int(&rows, 0) };

        item.kind = reading_text(query, &rows, 1);
        item.key = reading_text(query, &rows, 2);
        item.scope = reading_text(query, &rows, 3);
        item.name = reading_text(query, &rows, 4);
        item.joined = reading_text(query, &rows, 5);
        item.appeared_at = sql_int(&rows, 6);
        item.changed_at = sql_int(&rows, 7);
        item.gone_at = sql_int(&rows, 8);
        item.gone_why = reading_text(query, &rows, 9);
        vec_push(&show->items, item);
    }
    return sql_done(&rows, err);
}

static bool read_item_sources(struct query *query, struct query_item *item, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT max(coalesce(s.missed_at, t.succeeded_at)) FROM sighting s JOIN target t ON t.id = s.target"
              " WHERE s.item = ?1");
    sql_bind_int(&rows, 1, item->id);
    if (sql_row(&rows))
        item->seen_at = sql_int(&rows, 0);
    if (!sql_done(&rows, err))
        return false;
    sql_query(&rows, &query->sql,
              "SELECT t.name FROM sighting s JOIN target t ON t.id = s.target WHERE s.item = ?1 ORDER BY t.name");
    sql_bind_int(&rows, 1, item->id);
    return reading_texts(query, &rows, &item->sources, err);
}

static enum query_value_type type_of(const char *word)
{
    static const struct {
        const char *word;
        enum query_value_type type;
    } types[] = { { "text", QUERY_TEXT },  { "integer", QUERY_INT }, { "true", QUERY_BOOL },
                  { "false", QUERY_BOOL }, { "array", QUERY_LIST },  { "null", QUERY_NONE } };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].word, word) == 0)
            return types[i].type;
    }
    return QUERY_TEXT; /* what no item has; shown as it stands */
}

static bool read_item_facts(struct query *query, struct show *show, size_t number, struct err *err)
{
    const struct query_item *item = &show->items.items[number];
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT e.key, e.type, e.value FROM item i JOIN json_each(i.facts) e WHERE i.id = ?1");
    sql_bind_int(&rows, 1, item->id);
    while (sql_row(&rows)) {
        struct query_fact fact = { .item = number, .read_at = item->seen_at, .type = type_of(sql_text(&rows, 1)) };

        fact.attribute = reading_text(query, &rows, 0);
        fact.number = sql_int(&rows, 2);
        fact.text = reading_text(query, &rows, 2);
        vec_push(&show->facts, fact);
    }
    return sql_done(&rows, err);
}

/* The lists, whose elements the rows above gave as JSON. */
static bool read_lists(struct query *query, struct show *show, struct err *err)
{
    bool good = true;

    vec_each (fact, &show->facts) {
        if (fact->type == QUERY_LIST)
            good = good && reading_json_texts(query, fact->text, &fact->list, err);
    }
    return good;
}

static bool is_within(const char *attribute, const char *prefix)
{
    size_t length = strlen(prefix);

    if (length > 0 && prefix[length - 1] == '.')
        return strncmp(attribute, prefix, length) == 0;
    return strcmp(attribute, prefix) == 0;
}

/* Marks what the last scan could not read; where nothing of it was ever read, that is a fact of its own. */
static void mark_unread(struct show *show, size_t number, const struct query_fact *section)
{
    bool known = false;

    vec_each (fact, &show->facts) {
        if (fact->item != number || !is_within(fact->attribute, section->attribute))
            continue;
        fact->unread = section->unread;
        fact->read_at = section->read_at;
        known = true;
    }
    if (!known)
        vec_push(&show->facts, *section);
}

static bool read_unread(struct query *query, struct show *show, size_t number, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql, "SELECT prefix, why, read_at FROM unread WHERE item = ?1 ORDER BY prefix");
    sql_bind_int(&rows, 1, show->items.items[number].id);
    while (sql_row(&rows)) {
        struct query_fact section = { .type = QUERY_NONE, .item = number, .read_at = sql_int(&rows, 2) };

        section.attribute = reading_text(query, &rows, 0);
        section.unread = reading_text(query, &rows, 1);
        mark_unread(show, number, &section);
    }
    return sql_done(&rows, err);
}

/* Of relations between the asset's own items nothing is to be told. */
static bool add_relations(struct query *query, struct show *show, struct sql_query *rows, bool outward, struct err *err)
{
    size_t before = show->relations.count;

    while (sql_row(rows)) {
        struct query_relation relation = { .outward = outward, .asset = sql_int(rows, 1) };

        if (relation.asset == show->asset)
            continue;
        if (show->relations.count - before == QUERY_MAX_RELATIONS) {
            show->detail->more_relations = true;
            break;
        }
        relation.relation = reading_text(query, rows, 0);
        relation.kind = reading_text(query, rows, 2);
        relation.name = reading_text(query, rows, 3);
        vec_push(&show->relations, relation);
    }
    return sql_done(rows, err);
}

static bool read_relations(struct query *query, struct show *show, int64_t item, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT DISTINCT r.relation, a.id, a.kind, a.name FROM relation r JOIN item f ON f.id = r.far"
              " JOIN asset a ON a.id = f.asset WHERE r.item = ?1");
    sql_bind_int(&rows, 1, item);
    if (!add_relations(query, show, &rows, true, err))
        return false;
    sql_query(&rows, &query->sql,
              "SELECT l.relation, 0, l.kind, coalesce(l.key, l.attribute || ' ' || l.value) FROM link l"
              " WHERE l.item = ?1 AND NOT EXISTS (SELECT 1 FROM item i JOIN item f ON f.scope = i.scope"
              " AND f.kind = l.kind AND f.key = l.key WHERE i.id = l.item AND f.gone_at IS NULL)"
              " AND NOT EXISTS (SELECT 1 FROM claim c JOIN item f ON f.id = c.item WHERE c.fact = l.attribute"
              " AND c.value = lower(l.value) AND f.kind = l.kind AND f.gone_at IS NULL AND " LONE("l", "c", "f") ")");
    sql_bind_int(&rows, 1, item);
    return add_relations(query, show, &rows, true, err);
}

/* Not through the view: its two halves would each be run over all links. */
static bool read_back_relations(struct query *query, struct show *show, int64_t item, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT DISTINCT l.relation, a.id, a.kind, a.name FROM item f"
              " JOIN link l ON l.kind = f.kind AND l.key = f.key"
              " JOIN item i ON i.id = l.item AND i.scope = f.scope AND i.gone_at IS NULL"
              " JOIN asset a ON a.id = i.asset WHERE f.id = ?1 AND f.gone_at IS NULL"
              " UNION SELECT l.relation, a.id, a.kind, a.name FROM item f JOIN claim c ON c.item = f.id"
              " JOIN link l ON l.attribute = c.fact AND lower(l.value) = +c.value AND l.kind = f.kind"
              " JOIN item i ON i.id = l.item AND i.gone_at IS NULL"
              " JOIN asset a ON a.id = i.asset WHERE f.id = ?1 AND f.gone_at IS NULL AND " LONE("l", "c", "f"));
    sql_bind_int(&rows, 1, item);
    return add_relations(query, show, &rows, false, err);
}

static int by_attribute(const void *one, const void *other)
{
    const struct query_fact *a = one, *b = other;
    int order = strcmp(a->attribute, b->attribute);

    return order != 0 ? order : (a->item > b->item) - (a->item < b->item);
}

static int by_relation(const void *one, const void *other)
{
    const struct query_relation *a = one, *b = other;
    int order = a->outward != b->outward ? (a->outward ? -1 : 1) : strcmp(a->relation, b->relation);

    if (order == 0)
        order = strcmp(a->kind, b->kind);
    if (order == 0)
        order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->asset > b->asset) - (a->asset < b->asset);
}

/* Two items of one asset often say the same. */
static void order_relations(struct show *show)
{
    size_t kept = 0;

    if (show->relations.count > 0)
        qsort(show->relations.items, show->relations.count, sizeof *show->relations.items, by_relation);
    for (size_t i = 0; i < show->relations.count; i++) {
        if (kept == 0 || by_relation(&show->relations.items[kept - 1], &show->relations.items[i]) != 0)
            show->relations.items[kept++] = show->relations.items[i];
    }
    show->relations.count = kept;
}

static bool read_item(struct query *query, struct show *show, size_t number, struct err *err)
{
    struct query_item *item = &show->items.items[number];

    return read_item_sources(query, item, err) && read_item_facts(query, show, number, err) &&
           read_unread(query, show, number, err) && read_relations(query, show, item->id, err) &&
           read_back_relations(query, show, item->id, err);
}

static bool read_show(struct query *query, struct show *show, struct err *err)
{
    bool good = read_asset(query, show, err) && read_items(query, show, err);

    for (size_t i = 0; good && i < show->items.count; i++)
        good = read_item(query, show, i, err);
    good = good && read_lists(query, show, err);
    if (show->facts.count > 0)
        qsort(show->facts.items, show->facts.count, sizeof *show->facts.items, by_attribute);
    order_relations(show);
    READING_KEEP(query, &show->items, show->detail->items, show->detail->item_count);
    READING_KEEP(query, &show->facts, show->detail->facts, show->detail->fact_count);
    READING_KEEP(query, &show->relations, show->detail->relations, show->detail->relation_count);
    return good;
}

bool reading_detail(struct query *query, int64_t asset, int64_t now, struct query_detail *detail, struct err *err)
{
    struct show show = { .asset = asset, .now = now, .detail = detail };

    *detail = (struct query_detail){ 0 };
    return read_show(query, &show, err);
}

struct question {
    int64_t asset, now;
    struct query_detail *detail;
};

static bool read_detail(struct query *query, void *context, struct err *err)
{
    const struct question *question = context;

    return reading_detail(query, question->asset, question->now, question->detail, err);
}

bool query_show(struct query *query, int64_t asset, int64_t now, struct arena *arena, struct query_detail *detail,
                struct err *err)
{
    struct question question = { asset, now, detail };

    *detail = (struct query_detail){ 0 };
    return reading_run(query, arena, read_detail, &question, err);
}
