#include "judge_parts.h"
#include "sku.h"
#include "text.h"

#include <string.h>

void judge_say_names(struct judge *judge, const char *const *names, size_t count, const char *last)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            str_add(&judge->text, i + 1 < count ? ", " : last);
        str_add(&judge->text, names[i]);
    }
}

/* The page's column is read in one of two ways, and each sentence says in which. */
void judge_say_place(struct judge *judge, enum reading reading, unsigned places)
{
    const char *words[INSTALLATIONS];
    size_t count = 0;

    str_add(&judge->text, reading == READING_SERVER ? "with the backup server installed " : "running ");
    for (unsigned i = 0; i < INSTALLATIONS; i++) {
        if ((places >> i & 1) != 0)
            words[count++] = installation_phrases[i];
    }
    judge_say_names(judge, words, count, " or ");
}

/* rows: each number once. */
void judge_say_rows(struct judge *judge, const struct entry_row *const *rows, size_t count)
{
    str_add(&judge->text, count == 1 ? "row " : "rows ");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            str_add(&judge->text, i + 1 < count ? ", " : " and ");
        str_format(&judge->text, "%d", rows[i]->row);
    }
}

static void say_why(struct judge *judge, const char *why)
{
    char quoted[TEXT_QUOTE_SIZE];

    if (why != NULL)
        str_format(&judge->text, " (%s)", text_quote(quoted, why));
}

void judge_say_server(struct judge *judge)
{
    const char *name = judge->server == NULL ? NULL : judge->server->name;
    char quoted[TEXT_QUOTE_SIZE];

    str_add(&judge->text, "the backup server");
    if (name != NULL && *name != '\0')
        str_format(&judge->text, " %s", text_quote(quoted, name));
}

static void say_server(struct judge *judge)
{
    str_add(&judge->text, " of ");
    judge_say_server(judge);
}

/* Of what is called by its value, nobody wants to read both. */
static bool say_itself(struct judge *judge, const struct condition_cause *cause)
{
    const char *name = cause->thing == NULL ? NULL : cause->thing->name;
    char quoted[TEXT_QUOTE_SIZE];

    if (name == NULL || cause->value == NULL || cause->value->type != VALUE_TEXT ||
        strcasecmp(cause->value->text, name) != 0)
        return false;
    if (strcmp(cause->fact, "id.name") == 0)
        str_format(&judge->text, "it is %s", text_quote(quoted, name));
    else if (strcmp(cause->fact, "protected.type") == 0)
        str_format(&judge->text, "%s is protected", text_quote(quoted, name));
    else
        return false;
    return true;
}

/* What is known by a number only, people know by its name. */
static void say_meaning(struct judge *judge, const struct condition_cause *cause)
{
    const char *name = NULL;

    if (cause->value->type == VALUE_INT && strcmp(cause->fact, "os.sku") == 0)
        name = sku_name(cause->value->number);
    if (name != NULL)
        str_format(&judge->text, " (%s)", name);
}

void judge_say_cause(struct judge *judge, const struct thing *subject, const struct condition_cause *cause)
{
    char quoted[TEXT_QUOTE_SIZE], value[TEXT_QUOTE_SIZE];

    if (cause->fact == NULL) {
        if (cause->collection != COLLECTION_COUNT && cause->why == NULL)
            str_format(&judge->text, "nothing is known of its %s", collection_word(cause->collection));
        else
            str_add(&judge->text, cause->why != NULL ? cause->why : "no fact tells");
        return;
    }
    if (say_itself(judge, cause))
        return;
    str_add(&judge->text, cause->fact);
    if (cause->thing == NULL || (judge->server != NULL && cause->thing == &judge->server->thing))
        say_server(judge);
    else if (cause->thing != subject && cause->thing->name != NULL)
        str_format(&judge->text, " of %s", text_quote(quoted, cause->thing->name));
    if (cause->value == NULL) {
        str_add(&judge->text, " is missing");
        say_why(judge, cause->why);
        return;
    }
    thing_value_text(cause->value, value, sizeof value);
    str_format(&judge->text, " is %s", text_quote(quoted, value));
    say_meaning(judge, cause);
}
