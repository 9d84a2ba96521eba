/* The checks over keys: contradictions, scopes, gaps. */
#include "matrix_lint_parts.h"

#include <string.h>

static bool has_word(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

static bool has_condition(const struct entry_row *row, const struct condition *condition)
{
    for (size_t i = 0; i < row->condition_count; i++) {
        if (row->conditions[i] == condition)
            return true;
    }
    return false;
}

/* --------------------------------------------------------------------------------------------- contradictions ---- */

static bool disagree(const struct entry_row *const *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (rows[i]->answer != rows[0]->answer)
            return true;
    }
    return false;
}

/* Conditions that not all rows have may be what the difference is about; but none that only takes something out. */
static void add_own_conditions(struct str *out, const struct entry_row *row, const struct entry_row *const *rows,
                               size_t count)
{
    struct str own = STR_EMPTY;

    for (size_t i = 0; i < row->condition_count; i++) {
        size_t having = 0;

        for (size_t k = 0; k < count; k++)
            having += has_condition(rows[k], row->conditions[i]);
        if (having < count && row->conditions[i]->effect != EFFECT_SCOPE)
            lint_list(&own, 0, row->conditions[i]->id);
    }
    if (own.length > 0)
        str_format(out, " under %s", str_text(&own));
    str_finish(&own);
}

static void tell_contradiction(struct lint *lint, const struct entry_row *const *rows, size_t count)
{
    struct str head = STR_EMPTY, tail = STR_EMPTY;

    str_format(&head, "%s %s", rows[0]->workload, rows[0]->version);
    str_format(&tail, "at %s: ", rows[0]->installation);
    for (size_t i = 0; i < count; i++) {
        str_format(&tail, "%srow %d says %s", i == 0 ? "" : ", ", rows[i]->row, answer_word(rows[i]->answer));
        add_own_conditions(&tail, rows[i], rows, count);
    }
    str_add_char(&tail, '.');
    lint_add_product(lint, LINT_CONTRADICTION, rows, count, &head, &tail);
}

void lint_contradictions(struct lint *lint)
{
    for (size_t start = 0, end; start < lint->row_count; start = end) {
        end = lint_group(lint, start, LINT_KEY);
        if (disagree(lint->rows + start, end - start))
            tell_contradiction(lint, lint->rows + start, end - start);
    }
}

/* ----------------------------------------------------------------------------------------------------- scopes ---- */

static bool is_listed_by(const struct entry_row *const *rows, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (has_word(rows[i]->protects, rows[i]->protect_count, word))
            return true;
    }
    return false;
}

/* What other rows of the key list and this one does not. */
static void add_lacks(struct str *out, const struct entry_row *row, const struct entry_row *const *rows, size_t count)
{
    struct str lacks = STR_EMPTY;

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < rows[i]->protect_count; k++) {
            const char *word = rows[i]->protects[k];

            if (!is_listed_by(&row, 1, word) && !is_listed_by(rows, i, word))
                lint_list(&lacks, 0, word);
        }
    }
    if (lacks.length > 0)
        str_format(out, "%srow %d does not list %s", out->length == 0 ? "" : "; ", row->row, str_text(&lacks));
    str_finish(&lacks);
}

/* A no lists nothing, and says so as a contradiction already. */
static void look_at_scope(struct lint *lint, const struct entry_row *const *rows, size_t count)
{
    struct str lacks = STR_EMPTY, head = STR_EMPTY, tail = STR_EMPTY;

    for (size_t i = 0; i < count; i++)
        add_lacks(&lacks, rows[i], rows, count);
    if (lacks.length > 0) {
        str_format(&head, "%s %s", rows[0]->workload, rows[0]->version);
        str_format(&tail, "at %s is listed twice: %s.", rows[0]->installation, str_text(&lacks));
        lint_add_product(lint, LINT_SCOPE, rows, count, &head, &tail);
    }
    str_finish(&lacks);
}

void lint_scopes(struct lint *lint)
{
    for (size_t start = 0, end; start < lint->row_count; start = end) {
        end = lint_group(lint, start, LINT_KEY);
        if (end - start > 1 && !disagree(lint->rows + start, end - start))
            look_at_scope(lint, lint->rows + start, end - start);
    }
}

/* ------------------------------------------------------------------------------------------------------- gaps ---- */

enum { INSTALLATIONS_MAX = 16 };

static void mark(bool used[INSTALLATIONS_MAX], const char *installation)
{
    for (size_t i = 0; i < INSTALLATIONS_MAX && installation_words[i] != NULL; i++) {
        if (strcmp(installation_words[i], installation) == 0)
            used[i] = true;
    }
}

static enum reading reading_of(const struct lint *lint, const char *workload)
{
    size_t index = 0;

    while (workload_words[index] != NULL && strcmp(workload_words[index], workload) != 0)
        index++;
    return workload_words[index] == NULL ? 0 : lint->edition->readings[index];
}

/* Of all workloads whose installations say the same thing. */
static void mark_reading(const struct lint *lint, bool used[INSTALLATIONS_MAX], enum reading reading)
{
    for (size_t i = 0; i < lint->row_count; i++) {
        if (reading_of(lint, lint->rows[i]->workload) == reading)
            mark(used, lint->rows[i]->installation);
    }
}

static void mark_workload(const struct lint *lint, bool used[INSTALLATIONS_MAX], const char *workload)
{
    for (size_t i = 0; i < lint->row_count; i++) {
        if (strcmp(lint->rows[i]->workload, workload) == 0)
            mark(used, lint->rows[i]->installation);
    }
}

static void add_installations(struct str *out, const bool used[INSTALLATIONS_MAX], const bool listed[INSTALLATIONS_MAX],
                              bool wanted)
{
    size_t start = out->length;

    for (size_t i = 0; i < INSTALLATIONS_MAX && installation_words[i] != NULL; i++) {
        if (used[i] && listed[i] == wanted)
            lint_list(out, start, installation_words[i]);
    }
}

static void look_at_gap(struct lint *lint, const struct entry_row *const *rows, size_t count)
{
    bool used[INSTALLATIONS_MAX] = { false }, listed[INSTALLATIONS_MAX] = { false };
    struct str head = STR_EMPTY, tail = STR_EMPTY;

    mark_workload(lint, used, rows[0]->workload);
    for (size_t i = 0; i < count; i++)
        mark(listed, rows[i]->installation);
    if (memcmp(used, listed, sizeof used) == 0)
        return;
    str_format(&head, "%s %s is listed", rows[0]->workload, rows[0]->version);
    str_add(&tail, "at ");
    add_installations(&tail, used, listed, true);
    str_add(&tail, ", not at ");
    add_installations(&tail, used, listed, false);
    str_add_char(&tail, '.');
    lint_add_product(lint, LINT_GAP, rows, count, &head, &tail);
}

/* What no version of a workload has is told once. */
static void look_at_workload(struct lint *lint, const struct entry_row *const *rows, size_t count)
{
    bool used[INSTALLATIONS_MAX] = { false }, listed[INSTALLATIONS_MAX] = { false };
    enum reading reading = reading_of(lint, rows[0]->workload);
    struct str text = STR_EMPTY;

    if (reading == 0)
        return;
    mark_reading(lint, used, reading);
    mark_workload(lint, listed, rows[0]->workload);
    if (memcmp(used, listed, sizeof used) == 0)
        return;
    str_format(&text, "%s is listed at ", rows[0]->workload);
    add_installations(&text, used, listed, true);
    str_add(&text, ", not at ");
    add_installations(&text, used, listed, false);
    str_add(&text, ", where other workloads are.");
    lint_add(lint, LINT_GAP, rows, count, &text);
}

/* Where it means no that a row is missing, a workload that is nowhere at an installation leaves nothing open. */
static void look_at_workloads(struct lint *lint)
{
    for (size_t start = 0, end; start < lint->row_count && !lint->edition->absence_is_no; start = end) {
        end = lint_group(lint, start, LINT_WORKLOAD);
        look_at_workload(lint, lint->rows + start, end - start);
    }
}

void lint_gaps(struct lint *lint)
{
    look_at_workloads(lint);
    for (size_t start = 0, end; start < lint->row_count; start = end) {
        end = lint_group(lint, start, LINT_PRODUCT);
        look_at_gap(lint, lint->rows + start, end - start);
    }
}
