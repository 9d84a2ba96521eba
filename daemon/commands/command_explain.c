#include "call.h"
#include "effects.h"
#include "explanation.h"
#include "row.h"
#include "row_protection.h"
#include "view.h"

#include <inttypes.h>
#include <string.h>

#define MOST_OTHERS 32 /* other assets whose facts are looked up for their age */

static const struct column protection_columns[] = {
    { NULL, "method", CELL_TEXT, false },
    { NULL, "server", CELL_TEXT, false },
    { NULL, "product", CELL_TEXT, false },
    { NULL, "workload", CELL_TEXT, false },
    { NULL, "version", CELL_TEXT, false },
    { NULL, "installation", CELL_TEXT, false },
    { NULL, "verdict", CELL_TEXT, false },
    { NULL, "class", CELL_TEXT, false },
    { NULL, "needs", CELL_TEXT, false },
    { NULL, "reason", CELL_TEXT, false },
    { NULL, "step", CELL_TEXT, false },
    { NULL, "step_type", CELL_TEXT, false },
    { NULL, "ruled", CELL_TEXT, false },
    { NULL, "ruling_who", CELL_TEXT, false },
    { NULL, "ruling_basis", CELL_TEXT, false },
    { NULL, "ruling_review", CELL_TIME, false },
    { NULL, "cause", CELL_NUMBER, false },
    { NULL, "cause_name", CELL_TEXT, false },
    { NULL, "counts", CELL_TRUTH, false },
    { NULL, "by", CELL_TEXT, false },
    { NULL, "excluded", CELL_TEXT, false },
    { NULL, "exemption", CELL_NUMBER, false },
    { NULL, "exempt_until", CELL_TIME, false },
    { NULL, "exempt_reason", CELL_TEXT, false },
    { NULL, "exempt_by", CELL_TEXT, false },
    { NULL, "owner", CELL_TEXT, false },
    { NULL, "site", CELL_TEXT, false },
    { NULL, "criticality", CELL_TEXT, false },
    { NULL, "since", CELL_TIME, false },
    { NULL, "support_end", CELL_TIME, false },
    { NULL, "basis", CELL_TEXT, false },
    { NULL, "legs", CELL_JSON, false },
    { NULL, "more_legs", CELL_NUMBER, false },
    { NULL, "facts", CELL_JSON, false },
    { NULL, "step_support_end", CELL_TIME, false },
    { 0 },
};

static const struct column effect_columns[] = {
    { NULL, "verdict", CELL_TEXT, false },
    { NULL, "method", CELL_TEXT, false },
    { NULL, "assets", CELL_NUMBER, false },
    { 0 },
};

static const struct column judging_columns[] = {
    { NULL, "judged", CELL_TIME, false },
    { 0 },
};

/* ------------------------------------------------------------------------------------------------------ facts ---- */

struct gathered {
    vec(struct explained_fact) facts;
    vec(int64_t) assets; /* whose facts are among them */
};

static bool has_asset(const struct gathered *gathered, int64_t asset)
{
    vec_each (known, &gathered->assets) {
        if (*known == asset)
            return true;
    }
    return false;
}

static bool add_facts(struct view *view, struct gathered *gathered, int64_t asset, struct err *err)
{
    struct query_detail detail;

    if (asset == 0 || has_asset(gathered, asset) || gathered->assets.count == MOST_OTHERS)
        return true;
    if (!query_show(view->query, asset, view->call->style.now, &view->document.arena, &detail, err))
        return false;
    vec_push(&gathered->assets, asset);
    for (size_t i = 0; i < detail.fact_count; i++) {
        struct explained_fact fact = { asset, &detail.facts[i] };

        vec_push(&gathered->facts, fact);
    }
    return true;
}

/* The facts that conditions name are of hosts and backup servers, too; how old they are is with these. */
static bool gather(struct view *view, const struct query_explanations *explanations, struct gathered *gathered,
                   struct err *err)
{
    for (size_t i = 0; i < explanations->count; i++) {
        for (size_t j = 0; j < explanations->list[i].leg_count; j++) {
            const struct query_leg *leg = &explanations->list[i].legs[j];

            for (size_t k = 0; k < leg->condition_count; k++) {
                if (leg->conditions[k].fact[0] != '\0' && !add_facts(view, gathered, leg->conditions[k].asset, err))
                    return false;
            }
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------------ lines ---- */

static bool write_none(struct view *view, struct sheet *sheet, struct err *err)
{
    struct query_verdicts verdicts;
    const char *why;

    if (!query_verdict_state(view->query, &view->document.arena, &verdicts, err))
        return false;
    why = row_nothing_judged(&view->document.arena, &verdicts);
    if (why == NULL && verdicts.waiting > 0)
        why = "It is not judged yet: judging is not done.";
    sheet_line(sheet, 0, NULL, TONE_PLAIN, "%s",
               why != NULL ? why
                           : "There is no protection of it: it is nothing that a backup server protects by itself.");
    return true;
}

static bool write_lines(struct view *view, const struct query_detail *detail,
                        const struct query_explanations *explanations, const struct query_effects *effects,
                        const struct explained_facts *facts, struct err *err)
{
    struct sheet sheet = { &view->text, &view->call->style };
    const struct query_asset *asset = &detail->asset;

    sheet_line(&sheet, 0, NULL, TONE_PLAIN, "%s (%s, asset %" PRId64 ")%s", asset->name, asset->kind, asset->id,
               asset->gone_at != 0 ? ", which is gone" : "");
    if (!effects_lines(view, &sheet, effects, detail, err))
        return false;
    if (explanations->count == 0)
        return write_none(view, &sheet, err);
    if (explanations->judged_at == 0)
        sheet_line(&sheet, 0, NULL, TONE_WARN, "Judging is not done: another verdict may follow.");
    for (size_t i = 0; i < explanations->count; i++) {
        sheet_gap(&sheet);
        explanation_lines(&sheet, &explanations->list[i], facts);
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------------- JSON ---- */

static struct cell kept_json(struct arena *arena, struct str *json)
{
    const char *kept = arena_text(arena, str_text(json));

    str_clear(json);
    return cell_json(kept);
}

static void add_protection(struct document *document, struct table *table, const struct query_explanation *explanation,
                           const struct explained_facts *facts)
{
    const struct query_protection *protection = &explanation->protection;
    enum need need = row_need(protection);
    struct str json = STR_EMPTY;
    struct cell legs, own;

    explanation_legs(&json, explanation, facts);
    legs = kept_json(&document->arena, &json);
    explanation_facts(&json, explanation);
    own = kept_json(&document->arena, &json);
    str_finish(&json);
    table_add(table, (struct cell[]){
                         cell_text(protection->method),
                         cell_text(protection->server),
                         cell_text(protection->product),
                         cell_text(protection->workload),
                         row_some(protection->version),
                         cell_text(protection->installation),
                         cell_text(protection->verdict),
                         row_some(protection->class),
                         row_some(need_word(need)),
                         cell_text(protection->reason),
                         cell_text(protection->step),
                         cell_text(explanation->step_type),
                         cell_text(protection->ruled),
                         cell_text(explanation->ruling_who),
                         cell_text(explanation->ruling_basis),
                         cell_time(explanation->ruling_review_at),
                         protection->cause == 0 ? cell_text(NULL) : cell_number(protection->cause),
                         cell_text(protection->cause_name),
                         cell_truth(protection->counts),
                         cell_text(protection->by),
                         cell_text(protection->excluded),
                         protection->exemption == 0 ? cell_text(NULL) : cell_number(protection->exemption),
                         cell_time(protection->exempt_until),
                         cell_text(protection->exempt_reason),
                         cell_text(protection->exempt_by),
                         cell_text(protection->owner),
                         cell_text(protection->site),
                         cell_text(protection->criticality),
                         cell_time(protection->since_at),
                         cell_time(protection->support_end),
                         cell_text(explanation->basis),
                         legs,
                         cell_number(explanation->more_legs),
                         own,
                         cell_time(protection->step_end),
                     });
}

static void add_tables(struct document *document, const struct query_asset *asset,
                       const struct query_explanations *explanations, const struct query_effects *effects,
                       const struct explained_facts *facts)
{
    struct table *table = document_table(document, "asset", row_asset);

    document->main = "protections";
    table->single = true;
    row_add_asset(document, table, asset);
    table = document_table(document, "judging", judging_columns);
    table->single = true;
    table_add(table, (struct cell[]){ cell_time(explanations->judged_at) });
    table = document_table(document, "protections", protection_columns);
    for (size_t i = 0; i < explanations->count; i++)
        add_protection(document, table, &explanations->list[i], facts);
    table = document_table(document, "decides", effect_columns);
    for (size_t i = 0; i < effects->count; i++)
        table_add(table, (struct cell[]){ cell_text(effects->list[i].verdict), cell_text(effects->list[i].method),
                                          cell_number(effects->list[i].assets) });
}

static bool fill(struct view *view, int64_t id, struct gathered *gathered, struct err *err)
{
    struct arena *arena = &view->document.arena;
    struct query_explanations explanations;
    struct query_effects effects;
    struct explained_facts facts;
    struct query_detail detail;

    if (!query_show(view->query, id, view->call->style.now, arena, &detail, err) ||
        !query_explain(view->query, id, view->call->style.now, arena, &explanations, err) ||
        !query_effects(view->query, id, arena, &effects, err) || !gather(view, &explanations, gathered, err))
        return false;
    facts = (struct explained_facts){ gathered->facts.items, gathered->facts.count };
    if (view->call->style.format == FORMAT_TABLE)
        return write_lines(view, &detail, &explanations, &effects, &facts, err);
    add_tables(&view->document, &detail.asset, &explanations, &effects, &facts);
    return true;
}

static enum status explain(struct view *view)
{
    struct gathered gathered = { .facts = VEC_EMPTY };
    struct err err = ERR_EMPTY;
    enum status status;
    bool good;
    int64_t id;

    status = view_find_judged(view, view->call->flags->operands.items[0], &id);
    if (status != STATUS_DONE)
        return status;
    good = fill(view, id, &gathered, &err);
    vec_finish(&gathered.facts);
    vec_finish(&gathered.assets);
    return good ? STATUS_DONE : call_fail(view->call, STATUS_COULD_NOT, &err);
}

const struct command command_explain = {
    .name = "explain",
    .synopsis = "ITEM",
    .summary = "why the verdicts of one asset are what they are, and what would change them",
    .help = "ITEM is an asset's id, or its name where only one has it, or only one of these has verdicts (letter case "
            "does\n"
            "not matter). Of each way to protect it: which rows of the matrix answered, every condition with the fact "
            "that\n"
            "decides it and its age, what is covered and what is not, and the smallest step forward. CSV has the\n"
            "protections.\n",
    .least = 1,
    .most = 1,
    .view = explain,
};
