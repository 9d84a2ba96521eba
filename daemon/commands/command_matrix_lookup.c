#include "call.h"
#include "estate.h"
#include "explanation.h"
#include "json.h"
#include "judge.h"
#include "published.h"
#include "row.h"
#include "row_protection.h"
#include "text.h"

#include <string.h>
#include <strings.h>

static const struct flag flags[] = {
    { "product", 'p', "PRODUCT", "of the backup server: mabs-v2, ..." },
    { "workload", 'w', "WORKLOAD", "client, server, sql, exchange, sharepoint, hyperv-host, vmware-vm, linux, ..." },
    { "version", 0, "VERSION", "as its vendor writes it: \"Windows Server 2012 R2\"; letter case does not matter" },
    { "installation", 'i', "INSTALLATION", "physical, hyperv-vm, vmware-vm, azure-vm, azure-stack, azure-local-vm" },
    PUBLISHED_FLAGS,
};

static const struct column columns[] = {
    { "product", "product", CELL_TEXT, false },
    { "workload", "workload", CELL_TEXT, false },
    { "version", "version", CELL_TEXT, false },
    { "installation", "installation", CELL_TEXT, false },
    { "which is that of the", "installation_of", CELL_TEXT, false },
    { "verdict", "verdict", CELL_TEXT, false },
    { "class", "class", CELL_TEXT, false },
    { "reason", "reason", CELL_PROSE, false },
    { "rows", "rows", CELL_LIST, false },
    { NULL, "conditions", CELL_LIST, false },
    { NULL, "condition_texts", CELL_JSON, false },
    { "protects", "protects", CELL_LIST, false },
    { "not", "omits", CELL_LIST, false },
    { "recovers", "recovers", CELL_LIST, false },
    { "first listed for", "first_product", CELL_TEXT, false },
    { "ruled", "ruled", CELL_TEXT, false },
    { "step", "step", CELL_PROSE, false },
    { "notes", "notes", CELL_LIST, false },
    { "edition", "edition", CELL_TEXT, false },
    { "date", "date", CELL_TEXT, false },
    { "page", "page", CELL_TEXT, false },
    { 0 },
};

static const struct column condition_columns[] = {
    { "ID", "id", CELL_TEXT, false },
    { "STATE", "state", CELL_TEXT, false },
    { "CONDITION", "text", CELL_PROSE, false },
    { 0 },
};

/* ---------------------------------------------------------------------------------------------------- the key ---- */

/* All versions of a workload; of those only what has the word in it, where it is not NULL. */
static struct query_texts find_versions(struct view *view, const char *workload, const char *word)
{
    const struct products *products = view->matrix->products;
    vec(const char *) found = VEC_EMPTY;
    struct query_texts texts;

    for (size_t i = 0; i < products->family_count; i++) {
        const struct family *family = &products->families[i];

        for (size_t j = 0; j < family->version_count; j++) {
            const char *name = family->versions[j].name;

            if (products_version(products, workload, name) == &family->versions[j] &&
                (word == NULL || strcasestr(name, word) != NULL))
                vec_push(&found, name);
        }
    }
    texts.count = found.count;
    texts.texts = arena_bytes(&view->document.arena, found.items, found.count * sizeof *found.items);
    vec_finish(&found);
    return texts;
}

/* "Windows2008" has its number, if nothing else, in common with what is meant; of "W2K16" it is the longest one. NULL:
 * it has none. */
static const char *number_in(struct arena *arena, const char *word)
{
    static const char digits[] = "0123456789";
    const char *longest = NULL;
    size_t length = 0;

    for (const char *at = strpbrk(word, digits); at != NULL; at = strpbrk(at + strspn(at, digits), digits)) {
        if (strspn(at, digits) > length) {
            length = strspn(at, digits);
            longest = at;
        }
    }
    return longest == NULL ? NULL : arena_bytes(arena, longest, length);
}

/* Where none is near, those that have the word in them may be meant ("2012"), or those that have its number. */
static void name_versions(struct view *view, const struct judge_key *key, const char *word, struct err *err)
{
    const char *number = number_in(&view->document.arena, word);
    struct query_texts all = find_versions(view, key->workload, NULL);
    struct query_texts alike = find_versions(view, key->workload, word);
    char what[64], quote[TEXT_QUOTE_SIZE];

    snprintf(what, sizeof what, "%s version", key->workload);
    if (alike.count == 0 && text_nearest(word, all.texts, all.count) != NULL)
        alike = all;
    if (alike.count == 0 && number != NULL)
        alike = find_versions(view, key->workload, number);
    if (alike.count > 0)
        call_known(what, word, &alike, err);
    else
        err_set(err, ERR_CONFIG, "there is no %s %s; muster matrix list --product %s shows how they are written", what,
                text_quote(quote, word), key->product);
}

static const char *find_version(struct view *view, const struct judge_key *key, const char *word, struct err *err)
{
    const struct version *found = products_version(view->matrix->products, key->workload, word);

    if (found == NULL)
        name_versions(view, key, word, err);
    return found == NULL ? NULL : found->name;
}

static const char *find_word(const char *what, const char *word, const char *const *words, struct err *err)
{
    const struct query_texts known = row_words(words);

    return published_word(what, word, &known, err);
}

static bool find_key(struct view *view, struct judge_key *key, struct err *err)
{
    const struct flags *given = view->call->flags;
    const char *const names[] = { "product", "workload", "version", "installation" };

    for (size_t i = 0; i < 4; i++) {
        if (flags_value(given, names[i]) == NULL)
            return err_set(err, ERR_CONFIG,
                           "--%s is missing: a lookup needs --product, --workload, --version and "
                           "--installation",
                           names[i]);
    }
    key->product = flags_value(given, "product");
    if (published_edition(view, &key->product, err) == NULL)
        return false;
    key->workload = find_word("workload", flags_value(given, "workload"), workload_words, err);
    if (key->workload == NULL)
        return false;
    key->installation = find_word("installation", flags_value(given, "installation"), installation_words, err);
    if (key->installation == NULL)
        return false;
    key->version = find_version(view, key, flags_value(given, "version"), err);
    return key->version != NULL;
}

/* ------------------------------------------------------------------------------------------------- the answer ---- */

static struct query_texts condition_ids(struct arena *arena, const struct leg *leg)
{
    const char **ids = arena_alloc(arena, (leg->condition_count + 1) * sizeof *ids);

    for (size_t i = 0; i < leg->condition_count; i++)
        ids[i] = leg->conditions[i].condition->id;
    return published_ids(ids, leg->condition_count);
}

static struct cell texts_cell(struct arena *arena, const struct leg *leg)
{
    struct str json = STR_EMPTY;
    const char *kept;

    str_add_char(&json, '[');
    for (size_t i = 0; i < leg->condition_count; i++) {
        const struct verdict_condition *condition = &leg->conditions[i];

        str_add(&json, i == 0 ? "{" : ",{");
        json_add_name(&json, "id");
        json_add_text(&json, condition->condition->id);
        json_add_name(&json, "state");
        json_add_text(&json, condition_state_word(condition->state));
        json_add_name(&json, "text");
        json_add_text(&json, condition->condition->text);
        str_add_char(&json, '}');
    }
    str_add_char(&json, ']');
    kept = arena_text(arena, str_text(&json));
    str_finish(&json);
    return cell_json(kept);
}

static struct cell rows_cell(struct arena *arena, const struct leg *leg)
{
    int *numbers = arena_alloc(arena, (leg->row_count + 1) * sizeof *numbers);

    for (size_t i = 0; i < leg->row_count; i++)
        numbers[i] = leg->rows[i]->row;
    return row_numbers(arena, numbers, leg->row_count);
}

static struct cell notes_cell(struct arena *arena, const struct leg *leg)
{
    const char **notes = arena_alloc(arena, (leg->row_count + 1) * sizeof *notes);
    struct query_texts texts = { notes, 0 };

    for (size_t i = 0; i < leg->row_count; i++) {
        if (leg->rows[i]->note != NULL)
            notes[texts.count++] = leg->rows[i]->note;
    }
    return row_texts(arena, &texts);
}

static struct cell list_cell(struct arena *arena, const char *const *texts, size_t count)
{
    const struct query_texts list = { texts, count };

    return row_texts(arena, &list);
}

static bool recovers(const struct entry_row *row, const char *what)
{
    for (size_t i = 0; i < row->recover_count; i++) {
        if (strcmp(row->recovers[i], what) == 0)
            return true;
    }
    return false;
}

/* What every row that answered lists; nothing where nothing is covered. */
static struct cell recovers_cell(struct arena *arena, const struct leg *leg)
{
    const struct entry_row *first = leg->row_count == 0 || leg->cover_count == 0 ? NULL : leg->rows[0];
    const char **found = arena_alloc(arena, (first == NULL ? 1 : first->recover_count + 1) * sizeof *found);
    size_t count = 0;

    for (size_t i = 0; first != NULL && i < first->recover_count; i++) {
        bool all = true;

        for (size_t j = 1; j < leg->row_count; j++)
            all = all && recovers(leg->rows[j], first->recovers[i]);
        if (all)
            found[count++] = first->recovers[i];
    }
    return list_cell(arena, found, count);
}

static void add_answer(struct document *document, const struct judge_key *key, const struct verdict *verdict)
{
    struct table *table = document_table(document, "lookup", columns);
    struct arena *arena = &document->arena;
    const struct leg *leg = &verdict->legs[0];
    const struct query_texts ids = condition_ids(arena, leg);

    table->single = true;
    table_add(table, (struct cell[]){
                         cell_text(key->product),
                         cell_text(key->workload),
                         cell_text(key->version),
                         cell_text(key->installation),
                         cell_text(leg->reading == 0 ? NULL : reading_word(leg->reading)),
                         row_verdict(verdict_word(verdict->word), verdict_class_word(verdict->class)),
                         row_some(verdict_class_word(verdict->class)),
                         cell_text(leg->reason),
                         rows_cell(arena, leg),
                         row_texts(arena, &ids),
                         texts_cell(arena, leg),
                         list_cell(arena, leg->covers, leg->cover_count),
                         list_cell(arena, leg->omits, leg->omit_count),
                         recovers_cell(arena, leg),
                         cell_text(leg->first == NULL ? NULL : leg->first->name),
                         cell_text(verdict->ruling == NULL ? NULL : answer_word(verdict->ruling->answer)),
                         cell_text(verdict->step.text),
                         notes_cell(arena, leg),
                         cell_text(verdict->edition->name),
                         cell_text(verdict->edition->date),
                         cell_text(verdict->edition->page),
                     });
}

/* For people only: to programs the answer is one object. */
static void add_conditions(struct document *document, const struct leg *leg)
{
    struct table *table = document_table(document, "conditions", condition_columns);

    table->caption = "Conditions:";
    for (size_t i = 0; i < leg->condition_count; i++)
        table_add(table, (struct cell[]){
                             cell_text(leg->conditions[i].condition->id),
                             cell_text(explanation_state(condition_state_word(leg->conditions[i].state))),
                             cell_text(leg->conditions[i].condition->text),
                         });
}

/* What the session gave out lies in it: the document is copied out of it by printing. So it ends with the call. */
static enum status lookup(struct view *view)
{
    static const struct estate nobody = { 0 };
    const struct judge_setting setting = { .matrix = view->matrix, .estate = &nobody, .now = view->call->style.now };
    const struct verdict *verdict;
    struct judge_key key = { 0 };
    struct err err = ERR_EMPTY;

    if (!find_key(view, &key, &err))
        return call_fail(view->call, STATUS_USAGE, &err);
    view->judge = judge_create(&setting);
    verdict = judge_key(view->judge, &key);
    add_answer(&view->document, &key, verdict);
    if (view->call->style.format == FORMAT_TABLE)
        add_conditions(&view->document, &verdict->legs[0]);
    return STATUS_DONE;
}

const struct command command_matrix_lookup = {
    .name = "matrix lookup",
    .synopsis = "--product PRODUCT --workload WORKLOAD --version VERSION --installation INSTALLATION",
    .summary = "what the matrix says about one key",
    .help = "No fact of a machine is known here: a yes whose conditions a scan could decide is conditional.\n"
            "JSON is one object. A name that is not known is no verdict: the exit status is 64, and the nearest known\n"
            "ones are named.\n",
    .flags = flags,
    .matrix = lookup,
};
