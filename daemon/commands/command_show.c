#include "attribute.h"
#include "call.h"
#include "row.h"
#include "row_protection.h"
#include "unit.h"
#include "view.h"

#include <inttypes.h>
#include <string.h>

static const struct column item_columns[] = {
    { "#", "number", CELL_NUMBER, false },        { "KIND", "kind", CELL_TEXT, false },
    { "KEY", "key", CELL_TEXT, false },           { "SCOPE", "scope", CELL_TEXT, false },
    { "SOURCES", "sources", CELL_LIST, false },   { "SEEN", "seen", CELL_AGE, false },
    { "JOINED BY", "joined", CELL_PROSE, false }, { NULL, "name", CELL_TEXT, false },
    { NULL, "id", CELL_NUMBER, false },           { NULL, "appeared", CELL_TIME, false },
    { NULL, "changed", CELL_TIME, false },        { NULL, "gone", CELL_TIME, false },
    { NULL, "gone_why", CELL_TEXT, false },       { 0 },
};

/* People see a size in its unit; programs the number. */
static const struct column fact_columns[] = {
    { "ATTRIBUTE", "attribute", CELL_TEXT, false },
    { "VALUE", "shown", CELL_TEXT, true },
    { NULL, "value", CELL_NONE, false },
    { "#", "item", CELL_NUMBER, false },
    { NULL, "sources", CELL_LIST, false },
    { "READ", "read", CELL_AGE, false },
    { "NOT READ NOW", "unread", CELL_PROSE, false },
    { 0 },
};

static const struct column relation_columns[] = {
    { "RELATION", "shown", CELL_TEXT, true },
    { NULL, "relation", CELL_TEXT, false },
    { NULL, "direction", CELL_TEXT, false },
    { "ID", "id", CELL_NUMBER, false },
    { "KIND", "kind", CELL_TEXT, false },
    { "NAME", "name", CELL_TEXT, false },
    { 0 },
};

static void add_asset(struct document *document, const struct query_asset *asset)
{
    struct table *table = document_table(document, "asset", row_asset);

    table->single = true;
    row_add_asset(document, table, asset);
}

static void add_items(struct document *document, const struct query_detail *detail)
{
    struct table *table = document_table(document, "items", item_columns);

    table->caption = "What it is made of:";
    for (size_t i = 0; i < detail->item_count; i++) {
        const struct query_item *item = &detail->items[i];
        enum tone tone = item->gone_at != 0 ? TONE_DIM : TONE_PLAIN;

        table_add(table, (struct cell[]){
                             cell_number((int64_t)i + 1),
                             cell_toned(cell_text(item->kind), tone),
                             cell_toned(cell_text(item->key), tone),
                             cell_toned(cell_text(item->scope), tone),
                             row_texts(&document->arena, &item->sources),
                             item->gone_at != 0 ? cell_toned(cell_text("gone"), tone) : cell_age(item->seen_at),
                             cell_text(item->joined),
                             cell_text(item->name),
                             cell_number(item->id),
                             cell_time(item->appeared_at),
                             cell_time(item->changed_at),
                             cell_time(item->gone_at),
                             cell_text(item->gone_why),
                         });
    }
}

static const char *number_shown(struct arena *arena, const char *attribute, int64_t number)
{
    const struct attribute_rule *rule = attribute_find(attribute);
    char size[UNIT_TEXT_SIZE];

    if (rule != NULL && strcmp(rule->unit, "bytes") == 0)
        return arena_text(arena, size_text(number, size));
    return arena_format(arena, "%" PRId64, number);
}

static struct cell value_cell(struct arena *arena, const struct query_fact *fact)
{
    switch (fact->type) {
    case QUERY_NONE: break;
    case QUERY_TEXT: return cell_text(fact->text);
    case QUERY_INT: return cell_number(fact->number);
    case QUERY_BOOL: return cell_truth(fact->number != 0);
    case QUERY_LIST: return row_texts(arena, &fact->list);
    }
    return cell_text(NULL);
}

static struct cell shown_cell(struct arena *arena, const struct query_fact *fact)
{
    if (fact->type == QUERY_INT)
        return cell_text(number_shown(arena, fact->attribute, fact->number));
    return value_cell(arena, fact);
}

static void add_facts(struct document *document, const struct query_detail *detail)
{
    struct table *table = document_table(document, "facts", fact_columns);

    table->caption = "Facts (# is the record above that shows it):";
    for (size_t i = 0; i < detail->fact_count; i++) {
        const struct query_fact *fact = &detail->facts[i];
        enum tone tone = fact->unread != NULL ? TONE_WARN : TONE_PLAIN;

        table_add(table, (struct cell[]){
                             cell_text(fact->attribute),
                             cell_toned(shown_cell(&document->arena, fact), tone),
                             value_cell(&document->arena, fact),
                             cell_number((int64_t)fact->item + 1),
                             row_texts(&document->arena, &detail->items[fact->item].sources),
                             cell_toned(cell_age(fact->read_at), tone),
                             cell_toned(cell_text(fact->unread), tone),
                         });
    }
}

static void add_relations(struct view *view, const struct query_detail *detail)
{
    struct document *document = &view->document;
    struct table *table = document_table(document, "relations", relation_columns);

    table->caption = "Relations:";
    if (view->call->style.format == FORMAT_TABLE)
        table->at_most = 40;
    for (size_t i = 0; i < detail->relation_count; i++) {
        const struct query_relation *relation = &detail->relations[i];
        bool known = relation->asset != 0;

        table_add(table, (struct cell[]){
                             cell_text(arena_format(&document->arena, relation->outward ? "%s ->" : "<- %s",
                                                    relation->relation)),
                             cell_text(relation->relation),
                             cell_text(relation->outward ? "out" : "in"),
                             known ? cell_number(relation->asset) : cell_text(NULL),
                             cell_text(relation->kind),
                             cell_toned(cell_text(relation->name), known ? TONE_PLAIN : TONE_DIM),
                         });
    }
    if (detail->more_relations)
        view->more =
            arena_format(&document->arena, "... and more relations than the %d that are shown of each direction",
                         QUERY_MAX_RELATIONS);
}

static void add_protections(struct view *view, const struct query_explanations *explanations)
{
    struct table *table = document_table(&view->document, "protections", row_own_protections);

    table->spare = row_spare_of_protections;
    table->caption = "Verdicts (muster explain tells why):";
    for (size_t i = 0; i < explanations->count; i++)
        row_add_own_protection(view, table, &explanations->list[i].protection);
}

static enum status show(struct view *view)
{
    struct query_explanations explanations;
    struct query_detail detail;
    struct err err = ERR_EMPTY;
    enum status status;
    int64_t id;

    status = view_find(view, view->call->flags->operands.items[0], &id);
    if (status != STATUS_DONE)
        return status;
    if (!query_show(view->query, id, view->call->style.now, &view->document.arena, &detail, &err) ||
        !query_explain(view->query, id, view->call->style.now, &view->document.arena, &explanations, &err))
        return call_fail(view->call, STATUS_COULD_NOT, &err);
    view->document.main = "facts";
    add_asset(&view->document, &detail.asset);
    add_protections(view, &explanations);
    add_items(&view->document, &detail);
    add_facts(&view->document, &detail);
    add_relations(view, &detail);
    return STATUS_DONE;
}

const struct command command_show = {
    .name = "show",
    .synopsis = "ITEM",
    .summary = "one asset: its verdicts, every fact with its source and age, relations, what it is made of",
    .help = "ITEM is an asset's id, or its name where only one has it (letter case does not matter).\n"
            "What the last scan could not read keeps its last value; READ and NOT READ NOW say when and why.\n"
            "Under a relation, \"->\" is what this asset says of another, \"<-\" what another says of this.\n"
            "CSV has the facts.\n",
    .least = 1,
    .most = 1,
    .view = show,
};
