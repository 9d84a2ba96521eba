/* A change's detail, which is JSON, in words: "os.build: 6.1.7601 -> 6.3.9600; no longer runs_on hyperv_host hv01". */
#include "attribute.h"
#include "reading.h"
#include "str.h"
#include "unit.h"

#include <string.h>

/* A JSON value as people read it. */
#define VALUE(type, value) "CASE " type " WHEN 'true' THEN 'yes' WHEN 'false' THEN 'no' ELSE " value " END"
#define MEMBER(name) VALUE("json_type(value, '$." name "')", "json_extract(value, '$." name "')")

static void begin_part(struct str *words)
{
    if (words->length > 0)
        str_add(words, "; ");
}

static const char *or_none(const char *text)
{
    if (text == NULL)
        return "none";
    return text[0] == '\0' ? "empty" : text;
}

/* A value of the attribute as people read it: bytes in their unit. */
static void add_value(struct str *words, const char *name, const char *value)
{
    const struct attribute_rule *rule = name == NULL ? NULL : attribute_find(name);
    char size[UNIT_TEXT_SIZE];
    int64_t bytes;

    if (rule != NULL && strcmp(rule->unit, "bytes") == 0 && value != NULL && int_parse(value, &bytes, NULL))
        str_add(words, size_text(bytes, size));
    else
        str_add(words, or_none(value));
}

static bool add_attributes(struct query *query, const char *detail, struct str *words, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT " MEMBER("name") ", " MEMBER("from") ", " MEMBER(
                  "to") " FROM json_each(?1, '$.attributes') WHERE type = 'object'");
    sql_bind_text(&rows, 1, detail);
    while (sql_row(&rows)) {
        const char *name = sql_text(&rows, 0);

        begin_part(words);
        str_format(words, "%s: ", or_none(name));
        add_value(words, name, sql_text(&rows, 1));
        str_add(words, " -> ");
        add_value(words, name, sql_text(&rows, 2));
    }
    return sql_done(&rows, err);
}

/* An element is an object as lib/json has links, or some text. */
static bool add_links(struct query *query, const char *detail, const char *path, const char *what, struct str *words,
                      struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT CASE type WHEN 'object' THEN joined ELSE value END FROM (SELECT type, value, CASE type WHEN "
              "'object' THEN"
              " json_extract(value, '$.relation') || ' ' || json_extract(value, '$.kind') || ' ' ||"
              " coalesce(json_extract(value, '$.key'), json_extract(value, '$.by'), json_extract(value, '$.value'), '')"
              " END AS joined FROM json_each(?1, ?2))");
    sql_bind_text(&rows, 1, detail);
    sql_bind_text(&rows, 2, path);
    while (sql_row(&rows)) {
        begin_part(words);
        str_format(words, "%s %s", what, or_none(sql_text(&rows, 0)));
    }
    return sql_done(&rows, err);
}

/* Why something is gone is stored as one word; all other reasons are sentences already. */
static const char *reason(const char *why)
{
    static const struct {
        const char *word, *sentence;
    } reasons[] = {
        { "missing", "complete scans do not find it any more" },
        { "reported", "its source says so" },
        { "accepted", "its removal was accepted" },
        { "retired", "no target is configured any more that saw it" },
    };

    for (size_t i = 0; why != NULL && i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(reasons[i].word, why) == 0)
            return reasons[i].sentence;
    }
    return or_none(why);
}

/* All other members, each by its name but for those that speak for themselves. */
static bool add_others(struct query *query, const char *detail, struct str *words, struct err *err)
{
    struct sql_query rows;

    sql_query(&rows, &query->sql,
              "SELECT key, " VALUE("type", "value") " FROM json_each(?1)"
                                                    " WHERE key NOT IN ('attributes', 'links')");
    sql_bind_text(&rows, 1, detail);
    while (sql_row(&rows)) {
        const char *key = sql_text(&rows, 0);
        bool why = strcmp(key, "why") == 0;

        if (strcmp(key, "to") == 0 && words->length > 0)
            str_add_char(words, ' ');
        else
            begin_part(words);
        if (!why)
            str_format(words, "%s ", key);
        str_add(words, why ? reason(sql_text(&rows, 1)) : or_none(sql_text(&rows, 1)));
    }
    return sql_done(&rows, err);
}

bool reading_words(struct query *query, const char *detail, const char **words, struct err *err)
{
    struct str text = STR_EMPTY;
    bool good =
        add_attributes(query, detail, &text, err) && add_links(query, detail, "$.links.added", "now", &text, err) &&
        add_links(query, detail, "$.links.removed", "no longer", &text, err) && add_others(query, detail, &text, err);

    *words = arena_text(query->arena, str_text(&text));
    str_finish(&text);
    return good;
}
