/* The check of what the organisation ruled: a ruling is for what the page leaves open or contradicts. */
#include "matrix_lint_parts.h"

#include <string.h>

/* A key at one installation. */
struct asked {
    const struct lint *lint;
    const struct ruling *ruling;
    const struct entry_row *const *rows;
    size_t count;
};

static bool is_listed_at(const struct lint *lint, const char *installation)
{
    for (size_t i = 0; i < lint->row_count; i++) {
        if (strcmp(lint->rows[i]->installation, installation) == 0)
            return true;
    }
    return false;
}

static size_t find_rows(struct asked *asked, const char *version, const char *installation)
{
    const struct ruling *ruling = asked->ruling;

    asked->count =
        matrix_rows(asked->lint->matrix, ruling->product, ruling->workload, version, installation, &asked->rows);
    return asked->count;
}

/* Where levels are at-least, the highest that is listed below answers for those that are not. */
static void find_lower(struct asked *asked, const char *installation)
{
    const struct version *version =
        products_version(asked->lint->matrix->products, asked->ruling->workload, asked->ruling->version);
    int best = -1;

    for (size_t i = 0; version != NULL && i < version->family->version_count; i++) {
        const struct version *lower = &version->family->versions[i];
        struct asked tried = *asked;

        if (lower->level >= version->level || lower->level <= best || strcmp(lower->base, version->base) != 0 ||
            (lower->variant_of != NULL) != (version->variant_of != NULL) ||
            find_rows(&tried, lower->name, installation) == 0)
            continue;
        best = lower->level;
        *asked = tried;
    }
}

/* A row that leaves out some editions of Windows leaves them open. */
static bool is_for_all(const struct entry_row *row)
{
    for (size_t i = 0; i < row->condition_count; i++) {
        if (row->conditions[i]->effect == EFFECT_ROW)
            return false;
    }
    return true;
}

/* Whether the rows of the key say the same to all that may ask. */
static bool is_decided(struct asked *asked, const char *installation)
{
    bool for_all = false;

    if (find_rows(asked, asked->ruling->version, installation) == 0 && asked->lint->edition->at_least)
        find_lower(asked, installation);
    if (asked->count == 0)
        return asked->lint->edition->absence_is_no;
    for (size_t i = 0; i < asked->count; i++) {
        for_all |= is_for_all(asked->rows[i]);
        if ((asked->rows[i]->answer == ANSWER_NO) != (asked->rows[0]->answer == ANSWER_NO))
            return false;
    }
    return for_all || asked->lint->edition->absence_is_no;
}

static void tell(struct lint *lint, const struct asked *asked)
{
    const struct ruling *ruling = asked->ruling;
    struct str text = STR_EMPTY;
    struct lint_finding *finding;

    str_format(&text, "The ruling \"%s\" on %s %s for %s %s%s decides what the page decides already: ",
               answer_word(ruling->answer), ruling->workload, ruling->version, ruling->product,
               ruling->installation == NULL ? "anywhere" : "at ",
               ruling->installation == NULL ? "" : ruling->installation);
    if (asked->count == 0)
        str_format(&text, "what %s does not list is not supported.", lint->edition->name);
    else
        str_format(&text, "row %d says %s.", asked->rows[0]->row, answer_word(asked->rows[0]->answer));
    lint_add(lint, LINT_RULING, asked->rows, asked->count, &text);
    finding = &vec_last(&lint->drafts).finding;
    finding->file = ruling->file;
    finding->line = ruling->line;
}

/* Without an installation it is about all that the edition has, and of use where one of them is open. */
static void look_at(struct lint *lint, const struct ruling *ruling)
{
    struct asked asked = { .lint = lint, .ruling = ruling };

    if (ruling->installation != NULL) {
        if (is_decided(&asked, ruling->installation))
            tell(lint, &asked);
        return;
    }
    for (size_t i = 0; installation_words[i] != NULL; i++) {
        struct asked here = { .lint = lint, .ruling = ruling };

        if (!is_listed_at(lint, installation_words[i]))
            continue;
        if (!is_decided(&here, installation_words[i]))
            return;
        asked = asked.count == 0 ? here : asked;
    }
    tell(lint, &asked);
}

void lint_rulings(struct lint *lint)
{
    for (size_t i = 0; i < lint->matrix->ruling_count; i++) {
        if (matrix_edition(lint->matrix, lint->matrix->rulings[i].product) == lint->edition)
            look_at(lint, &lint->matrix->rulings[i]);
    }
}
