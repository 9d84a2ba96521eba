#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pretend_sql.h"

#include "databases.h"
#include "groups.h"
#include "item_look.h"
#include "mssql.h"
#include "privileges.h"
#include "product.h"

#include <stdio.h>
#include <string.h>

struct instance pretend;

struct answer {
    const char *word, *why; /* why NULL: a row */
    struct mssql_row row;
    bool lacks, over;
};

static struct {
    struct answer answers[64];
    size_t count;
    const char *asked[64];
    size_t asked_count;
    bool lacks, over;
} session;

void pretend_begin(const char *host, const char *name)
{
    memset(&session, 0, sizeof session);
    instance_init(&pretend, NULL, host, name);
    pretend.mssql = (struct mssql *)&session;
    pretend.major = 13;
    pretend.rights = (1U << RIGHT_COUNT) - 1;
    pretend.login = "CORP\\muster";
}

void pretend_end(void)
{
    instance_finish(&pretend);
}

void pretend_forget(void)
{
    session.count = 0;
}

static struct answer *add(const char *word)
{
    assert_true(session.count < 64);
    session.answers[session.count] = (struct answer){ .word = word };
    return &session.answers[session.count++];
}

void pretend_row(const char *word, ...)
{
    struct mssql_row *row = &add(word)->row;
    const char *value;
    va_list values;

    va_start(values, word);
    while ((value = va_arg(values, const char *)) != NULL)
        row->values[row->count++] = strcmp(value, "(null)") == 0 ? NULL : value;
    va_end(values);
}

void pretend_cut(const char *word, unsigned column, size_t count)
{
    struct mssql_row *row = &add(word)->row;

    for (row->count = 0; row->count < count; row->count++)
        row->values[row->count] = "1";
    row->cut = 1U << column;
}

void pretend_failure(const char *word, const char *why, bool lacks, bool over)
{
    struct answer *answer = add(word);

    answer->why = why;
    answer->lacks = lacks;
    answer->over = over;
}

void pretend_look(const struct section *section)
{
    section_look(&pretend, section);
}

size_t pretend_asked(const char *word)
{
    size_t count = 0;

    for (size_t i = 0; i < session.asked_count; i++)
        count += strstr(session.asked[i], word) != NULL;
    return count;
}

/* ---------------------------------------------------------------------------------- in place of the session ---- */

bool mssql_query(struct mssql *mssql, const char *statement, const struct mssql_taker *taker, struct err *err)
{
    assert_ptr_equal(mssql, &session);
    assert_false(session.over);
    assert_true(session.asked_count < 64);
    session.asked[session.asked_count++] = statement;
    session.lacks = false;
    for (size_t i = 0; i < session.count; i++) {
        const struct answer *answer = &session.answers[i];

        if (strstr(statement, answer->word) == NULL)
            continue;
        if (answer->why != NULL) {
            session.lacks = answer->lacks;
            session.over = answer->over;
            return err_set(err, answer->over ? ERR_TIMEOUT : ERR_UNSUPPORTED, "%s", answer->why);
        }
        if (!taker->take(taker->context, &answer->row, err))
            return false;
    }
    return true;
}

bool mssql_lacks_right(const struct mssql *mssql)
{
    (void)mssql;
    return session.lacks;
}

bool mssql_alive(const struct mssql *mssql)
{
    (void)mssql;
    return !session.over;
}

int mssql_number(const struct mssql *mssql)
{
    (void)mssql;
    return 0;
}

bool mssql_prepare(struct err *err)
{
    (void)err;
    return true;
}

bool mssql_check(const struct mssql_settings *settings, struct err *err)
{
    (void)settings;
    (void)err;
    return true;
}

struct mssql *mssql_open(const struct mssql_settings *settings, struct err *err)
{
    (void)settings;
    err_set(err, ERR_UNREACHABLE, "it is made up");
    return NULL;
}

const char *mssql_tls(const struct mssql *mssql)
{
    (void)mssql;
    return "TLSv1.2";
}

const char *mssql_login_word(const struct mssql *mssql)
{
    (void)mssql;
    return "SQL";
}

void mssql_close(struct mssql *mssql)
{
    (void)mssql;
}

/* ---------------------------------------------------------------------------------------------------- looking ---- */

const char *pretend_text(const struct item *item, const char *attribute)
{
    return item_text(item, attribute);
}

int64_t pretend_int(const struct item *item, const char *attribute)
{
    int64_t number;

    return facts_number(item, attribute, &number) ? number : INT64_MIN;
}

int pretend_truth(const struct item *item, const char *attribute)
{
    return item_look_truth(item, attribute);
}

const char *pretend_list(const struct item *item, const char *attribute)
{
    return item_look_list(item, attribute, "|");
}

const char *pretend_unread(const struct item *item, const char *attribute)
{
    return item_look_unread(item, attribute);
}

bool pretend_linked(const struct item *item, const char *relation, const char *kind, const char *end)
{
    for (size_t i = 0; i < item->link_count; i++) {
        const struct link *link = &item->links[i];

        if (strcmp(link->relation, relation) == 0 && strcmp(link->kind, kind) == 0 &&
            strcmp(link->key != NULL ? link->key : link->value, end) == 0)
            return true;
    }
    return false;
}

const struct item *pretend_database(const char *name)
{
    const struct database *database = instance_database_named(&pretend, name);
    struct item *item = arena_alloc(&pretend.scratch, sizeof *item);

    if (database == NULL)
        fail_msg("there is no database %s", name);
    databases_record(&pretend, database, item);
    return item;
}

const struct item *pretend_group(const char *name)
{
    vec_each (group, &pretend.groups) {
        if (strcmp((*group)->name, name) == 0) {
            struct item *item = arena_alloc(&pretend.scratch, sizeof *item);

            groups_record(&pretend, *group, item);
            return item;
        }
    }
    fail_msg("there is no group %s", name);
    return NULL;
}

/* ------------------------------------------------------------------------------------------------- at hand ---- */

void pretend_says(const char *text, const char *part)
{
    if (text == NULL || strstr(text, part) == NULL)
        fail_msg("'%s' does not say '%s'", text == NULL ? "(nothing)" : text, part);
}

void pretend_product(const char *version, const char *engine, const char *clustered, const char *hadr,
                     const char *machine, const char *name)
{
    pretend_row("ProductVersion", version, "SP1", "CU15", "Standard Edition (64-bit)", engine, clustered, hadr, machine,
                "SQL1", name, NULL);
    pretend_look(&product_section);
}

void pretend_databases(void)
{
    pretend_row("source_database_id", "1", "master", "2020-01-01T00:00:00", "ONLINE", "SIMPLE", "0", "(null)", NULL);
    pretend_row("source_database_id", "5", "Sales", "2020-01-01T00:00:00", "ONLINE", "FULL", "0", "(null)", NULL);
    pretend_row("source_database_id", "6", "]; DROP", "2020-01-01T00:00:00", "OFFLINE", "FULL", "1", "(null)", NULL);
    pretend_row("source_database_id", "7", "Sales_snap", "2020-01-01T00:00:00", "ONLINE", "FULL", "1", "5", NULL);
    pretend_look(&databases_section);
}
