#include "matrix_diff.h"

#include "str.h"
#include "vec.h"

#include <stdlib.h>
#include <string.h>

/* What a product's rows of one key say together. */
enum say { SAY_NOTHING, SAY_NO, SAY_BOTH, SAY_DEPRECATED, SAY_YES };

struct side {
    const char *product;
    const struct edition *edition; /* NULL: it has none */
    const struct entry_row *const *rows;
    size_t count;
    enum say say;
};

struct diff {
    const struct matrix *matrix;
    struct arena *arena;
    struct side from, to;
    const struct entry_row *key; /* any row of the key */
    vec(struct diff_change) changes;
};

const char *diff_kind_word(enum diff_kind kind)
{
    static const char *const words[] = {
#define X(name, word) word,
        DIFF_KINDS(X)
#undef X
    };

    return kind < DIFF_COUNT ? words[kind] : "";
}

/* ----------------------------------------------------------------------------------------------- what they say ---- */

static enum say what_rows_say(const struct entry_row *const *rows, size_t count)
{
    size_t answers[ANSWER_DEPRECATED + 1] = { 0 };

    for (size_t i = 0; i < count; i++)
        answers[rows[i]->answer]++;
    if (count == 0)
        return SAY_NOTHING;
    if (answers[ANSWER_NO] == count)
        return SAY_NO;
    if (answers[ANSWER_NO] > 0)
        return SAY_BOTH;
    return answers[ANSWER_DEPRECATED] > 0 ? SAY_DEPRECATED : SAY_YES;
}

static bool is_yes(enum say say)
{
    return say == SAY_DEPRECATED || say == SAY_YES;
}

/* The rows of the highest level below the version's own. */
static void take_lower_level(const struct diff *diff, struct side *side)
{
    const struct entry_row *key = diff->key;
    const struct version *version = products_version(diff->matrix->products, key->workload, key->version);
    int highest = -1;

    for (size_t i = 0; version != NULL && i < version->family->version_count; i++) {
        const struct version *lower = &version->family->versions[i];
        const struct entry_row *const *rows;
        size_t count;

        if (lower->level >= version->level || lower->level <= highest || strcmp(lower->base, version->base) != 0)
            continue;
        count = matrix_rows(diff->matrix, side->product, key->workload, lower->name, key->installation, &rows);
        if (count > 0) {
            highest = lower->level;
            side->rows = rows;
            side->count = count;
        }
    }
}

static void ask(const struct diff *diff, struct side *side)
{
    const struct entry_row *key = diff->key;

    side->rows = NULL;
    side->count = side->edition == NULL ? 0
                                        : matrix_rows(diff->matrix, side->product, key->workload, key->version,
                                                      key->installation, &side->rows);
    if (side->count == 0 && side->edition != NULL && side->edition->at_least)
        take_lower_level(diff, side);
    side->say = what_rows_say(side->rows, side->count);
}

static void add_say(struct str *out, const struct side *side)
{
    static const char *const words[] = {
        [SAY_NOTHING] = "has no row",
        [SAY_NO] = "says no",
        [SAY_BOTH] = "says both yes and no",
        [SAY_YES] = "says yes",
        [SAY_DEPRECATED] = "says yes, but deprecated",
    };

    str_format(out, "%s %s", side->product, words[side->say]);
    for (size_t i = 0; i < side->count; i++)
        str_format(out, "%s%d", i > 0 ? ", " : side->count > 1 ? " (rows " : " (row ", side->rows[i]->row);
    if (side->count > 0)
        str_add_char(out, ')');
    if (side->say == SAY_NOTHING && side->edition != NULL && side->edition->absence_is_no)
        str_add(out, ", which there means no");
}

/* ---------------------------------------------------------------------------------------------------- changes ---- */

static void add_change(struct diff *diff, enum diff_kind kind, struct str *text)
{
    vec_push(&diff->changes, (struct diff_change){
                                 .kind = kind,
                                 .workload = diff->key->workload,
                                 .version = diff->key->version,
                                 .installation = diff->key->installation,
                                 .from = diff->from.rows,
                                 .from_count = diff->from.count,
                                 .to = diff->to.rows,
                                 .to_count = diff->to.count,
                                 .text = arena_bytes(diff->arena, str_text(text), text->length),
                             });
    str_finish(text);
}

static void tell_answer(struct diff *diff, enum diff_kind kind)
{
    struct str text = STR_EMPTY;

    add_say(&text, &diff->from);
    str_add(&text, "; ");
    add_say(&text, &diff->to);
    str_add_char(&text, '.');
    add_change(diff, kind, &text);
}

static bool protects(const struct entry_row *const *rows, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < rows[i]->protect_count; k++) {
            if (strcmp(rows[i]->protects[k], word) == 0)
                return true;
        }
    }
    return false;
}

static void add_word(struct str *out, const char *word)
{
    if (out->length > 0)
        str_add(out, ", ");
    str_add(out, word);
}

/* What the one protects and the other does not. */
static void tell_scope(struct diff *diff, enum diff_kind kind, const struct side *has, const struct side *lacks)
{
    struct str words = STR_EMPTY, text = STR_EMPTY;

    for (size_t i = 0; i < has->count; i++) {
        for (size_t k = 0; k < has->rows[i]->protect_count; k++) {
            const char *word = has->rows[i]->protects[k];

            if (!protects(lacks->rows, lacks->count, word) && !protects(has->rows, i, word))
                add_word(&words, word);
        }
    }
    if (words.length > 0) {
        str_format(&text, "%s protects %s, which %s does not list.", has->product, str_text(&words), lacks->product);
        add_change(diff, kind, &text);
    }
    str_finish(&words);
}

/* Editions write the same condition down each for itself: what counts is what it says. */
static bool asks(const struct entry_row *const *rows, size_t count, const struct condition *condition)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < rows[i]->condition_count; k++) {
            if (strcmp(rows[i]->conditions[k]->text, condition->text) == 0)
                return true;
        }
    }
    return false;
}

static void tell_conditions(struct diff *diff)
{
    const struct side *from = &diff->from, *to = &diff->to;
    struct str news = STR_EMPTY, text = STR_EMPTY;

    for (size_t i = 0; i < to->count; i++) {
        for (size_t k = 0; k < to->rows[i]->condition_count; k++) {
            const struct condition *condition = to->rows[i]->conditions[k];

            if (asks(from->rows, from->count, condition) || asks(to->rows, i, condition))
                continue;
            str_format(&news, " %s: %s", condition->id, condition->text);
        }
    }
    if (news.length > 0) {
        str_format(&text, "%s asks for more.%s", to->product, str_text(&news));
        add_change(diff, DIFF_CONDITIONS, &text);
    }
    str_finish(&news);
}

static void compare_yes(struct diff *diff)
{
    if (diff->from.say == SAY_YES && diff->to.say == SAY_DEPRECATED)
        tell_answer(diff, DIFF_DEPRECATED);
    tell_scope(diff, DIFF_SCOPE_LOST, &diff->from, &diff->to);
    tell_scope(diff, DIFF_SCOPE_GAINED, &diff->to, &diff->from);
    tell_conditions(diff);
}

static void compare(struct diff *diff)
{
    bool was = is_yes(diff->from.say), is = is_yes(diff->to.say);

    if (was && is)
        compare_yes(diff);
    else if (was || is)
        tell_answer(diff, was ? DIFF_LOST : DIFF_GAINED);
    else if (diff->from.say == SAY_BOTH || diff->to.say == SAY_BOTH)
        tell_answer(diff, DIFF_ANSWER);
    else
        tell_answer(diff, DIFF_ABSENCE);
}

/* ------------------------------------------------------------------------------------------------------- keys ---- */

static bool has_key(const struct side *side, const struct entry_row *row, const struct matrix *matrix)
{
    const struct entry_row *const *rows;

    return side->edition != NULL &&
           matrix_rows(matrix, side->product, row->workload, row->version, row->installation, &rows) > 0;
}

static bool is_first(const struct diff *diff, const struct entry_row *row)
{
    const struct entry_row *const *rows;

    return matrix_rows(diff->matrix, row->product, row->workload, row->version, row->installation, &rows) > 0 &&
           rows[0] == row;
}

/* Each key of the side once; but not those that `done` had already. */
static void compare_keys(struct diff *diff, const struct side *side, const struct side *done)
{
    for (size_t i = 0; side->edition != NULL && i < side->edition->row_count; i++) {
        const struct entry_row *row = &side->edition->rows[i];

        if (strcmp(row->product, side->product) != 0 || !is_first(diff, row))
            continue;
        if (done != NULL && has_key(done, row, diff->matrix))
            continue;
        diff->key = row;
        ask(diff, &diff->from);
        ask(diff, &diff->to);
        if (diff->from.say != diff->to.say || is_yes(diff->to.say))
            compare(diff);
    }
}

static void sort_by_kind(const struct diff *diff, struct diff_change *sorted)
{
    for (enum diff_kind kind = 0; kind < DIFF_COUNT; kind++) {
        for (size_t i = 0; i < diff->changes.count; i++) {
            if (diff->changes.items[i].kind == kind)
                *sorted++ = diff->changes.items[i];
        }
    }
}

size_t matrix_diff(const struct matrix *matrix, const char *from, const char *to, struct arena *arena,
                   const struct diff_change **changes)
{
    struct diff diff = {
        .matrix = matrix,
        .arena = arena,
        .from = { .product = from, .edition = matrix_edition(matrix, from) },
        .to = { .product = to, .edition = matrix_edition(matrix, to) },
    };
    struct diff_change *sorted;
    size_t count;

    compare_keys(&diff, &diff.from, NULL);
    compare_keys(&diff, &diff.to, &diff.from);
    count = diff.changes.count;
    sorted = arena_alloc(arena, (count + 1) * sizeof *sorted);
    sort_by_kind(&diff, sorted);
    vec_finish(&diff.changes);
    *changes = sorted;
    return count;
}
