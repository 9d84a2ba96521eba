/* The same for programs. Every member is always there. */
#include "clock.h"
#include "explanation.h"
#include "json.h"

#include <inttypes.h>

static void add_text(struct str *out, const char *name, const char *text)
{
    json_add_name(out, name);
    if (text == NULL || text[0] == '\0')
        str_add(out, "null");
    else
        json_add_text(out, text);
}

static void add_asset(struct str *out, const char *name, int64_t asset)
{
    json_add_name(out, name);
    if (asset == 0)
        str_add(out, "null");
    else
        str_format(out, "%" PRId64, asset);
}

static void add_time(struct str *out, const char *name, int64_t wall_ms)
{
    char text[CLOCK_TEXT_SIZE];

    add_text(out, name, wall_ms == 0 ? NULL : clock_text(wall_ms, text));
}

static void add_texts(struct str *out, const char *name, const struct query_texts *texts, bool numbers)
{
    json_add_name(out, name);
    str_add_char(out, '[');
    for (size_t i = 0; i < texts->count; i++) {
        str_add(out, i == 0 ? "" : ",");
        if (numbers)
            str_add(out, texts->texts[i]);
        else
            json_add_text(out, texts->texts[i]);
    }
    str_add_char(out, ']');
}

static void add_condition(struct str *out, const struct query_condition *condition, const struct explained_facts *facts)
{
    const struct query_fact *fact = explanation_fact(facts, condition->asset, condition->fact);

    str_add_char(out, '{');
    add_text(out, "id", condition->id);
    add_text(out, "state", condition->state);
    add_text(out, "text", condition->text);
    add_asset(out, "asset", condition->asset);
    add_text(out, "name", condition->name);
    add_text(out, "fact", condition->fact);
    add_text(out, "value", condition->value);
    add_time(out, "read", fact == NULL ? 0 : fact->read_at);
    add_text(out, "unread", fact == NULL ? NULL : fact->unread);
    add_text(out, "why", condition->why);
    add_text(out, "remedy", condition->remedy);
    add_text(out, "attested_who", condition->attested_who);
    add_text(out, "attested_basis", condition->attested_basis);
    add_time(out, "attested_until", condition->attested_until);
    str_add_char(out, '}');
}

static void add_conditions(struct str *out, const struct query_leg *leg, const struct explained_facts *facts)
{
    json_add_name(out, "conditions");
    str_add_char(out, '[');
    for (size_t i = 0; i < leg->condition_count; i++) {
        str_add(out, i == 0 ? "" : ",");
        add_condition(out, &leg->conditions[i], facts);
    }
    str_add_char(out, ']');
}

static void add_leg(struct str *out, const struct query_leg *leg, const struct explained_facts *facts)
{
    str_add_char(out, '{');
    add_asset(out, "asset", leg->asset);
    add_text(out, "kind", leg->kind);
    add_text(out, "name", leg->name);
    add_text(out, "workload", leg->workload);
    add_texts(out, "versions", &leg->versions, false);
    add_texts(out, "installations", &leg->installations, false);
    add_text(out, "installation_of", leg->installation_of);
    add_text(out, "verdict", leg->verdict);
    add_text(out, "class", leg->class);
    add_text(out, "reason", leg->reason);
    add_text(out, "conflict", leg->conflict);
    add_text(out, "missing", leg->missing);
    add_text(out, "first_product", leg->first);
    add_text(out, "edition", leg->edition);
    add_text(out, "page", leg->page);
    add_text(out, "date", leg->date);
    add_texts(out, "rows", &leg->rows, true);
    add_texts(out, "covers", &leg->covers, false);
    add_texts(out, "omits", &leg->omits, false);
    add_conditions(out, leg, facts);
    str_add_char(out, '}');
}

void explanation_legs(struct str *out, const struct query_explanation *explanation, const struct explained_facts *facts)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < explanation->leg_count; i++) {
        str_add(out, i == 0 ? "" : ",");
        add_leg(out, &explanation->legs[i], facts);
    }
    str_add_char(out, ']');
}

static void add_value(struct str *out, const struct query_fact *fact)
{
    json_add_name(out, "value");
    switch (fact->type) {
    case QUERY_NONE: str_add(out, "null"); break;
    case QUERY_TEXT: json_add_text(out, fact->text); break;
    case QUERY_INT: str_format(out, "%" PRId64, fact->number); break;
    case QUERY_BOOL: str_add(out, fact->number != 0 ? "true" : "false"); break;
    case QUERY_LIST:
        str_add_char(out, '[');
        for (size_t i = 0; i < fact->list.count; i++) {
            str_add(out, i == 0 ? "" : ",");
            json_add_text(out, fact->list.texts[i]);
        }
        str_add_char(out, ']');
        break;
    }
}

void explanation_facts(struct str *out, const struct query_explanation *explanation)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < explanation->fact_count; i++) {
        const struct query_fact *fact = &explanation->facts[i];

        str_add(out, i == 0 ? "{" : ",{");
        add_text(out, "attribute", fact->attribute);
        add_value(out, fact);
        add_time(out, "read", fact->read_at);
        add_text(out, "unread", fact->unread);
        str_add_char(out, '}');
    }
    str_add_char(out, ']');
}
