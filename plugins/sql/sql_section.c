#include "sql_section.h"

#include "privileges.h"

struct taking {
    struct instance *instance;
    const struct statement *statement;
    size_t count;
};

/* A value that was cut is not the value. */
static bool take(void *context, const struct mssql_row *row, struct err *err)
{
    struct taking *taking = context;

    if (++taking->count > 1 && taking->statement->one)
        return err_set(err, ERR_PROTOCOL, "several rows came in place of one");

    if (row->count != taking->statement->columns)
        return err_set(err, ERR_PROTOCOL, "%zu columns came in place of %zu", row->count, taking->statement->columns);
    if (row->cut != 0 && taking->statement->one)
        return err_set(err, ERR_PROTOCOL, "a value is longer than %d bytes", MSSQL_MAX_VALUE);
    if (row->cut != 0)
        taking->instance->left_out++;
    else
        taking->statement->take(taking->instance, row);
    return true;
}

static bool is_for(const struct statement *statement, int major)
{
    return major >= statement->min && (statement->max == 0 || major <= statement->max);
}

/* What came is no answer. */
static bool is_answered(const struct taking *taking, struct err *err)
{
    if (!taking->statement->one || taking->count == 1)
        return true;
    return err_set(err, ERR_PROTOCOL, "no row came in place of one");
}

/* What a failed statement says of the session; its last words hold for all that follows. */
static void explain(struct instance *instance, const struct section *section, struct err *err)
{
    if (!mssql_alive(instance->mssql))
        instance->over = *err;
    else if (mssql_lacks_right(instance->mssql) && section->rights != 0)
        err_add(err, "it %s", privileges_needs(instance, section->rights));
}

static bool ask(struct instance *instance, const struct section *section, struct err *err)
{
    for (size_t i = 0; i < section->count; i++) {
        struct taking taking = { instance, &section->statements[i], 0 };
        const struct mssql_taker taker = { take, &taking };

        if (!is_for(taking.statement, instance->major))
            continue;
        if (!mssql_query(instance->mssql, taking.statement->text, &taker, err)) {
            explain(instance, section, err);
            return false;
        }
        if (!is_answered(&taking, err))
            return false;
    }
    return true;
}

static void tell_left_out(struct instance *instance, const struct section *section)
{
    if (instance->left_out == 0)
        return;
    instance_warn(instance, "%zu rows of %s were left out: there are too many, or they can not be", instance->left_out,
                  section->name);
    instance->partial |= section->records;
}

void section_fail(struct instance *instance, const struct section *section, const char *why)
{
    for (size_t i = 0; i < SECTION_MAX_UNREAD && section->unread[i] != NULL; i++)
        instance_unread(instance, section->unread[i], why);
    if (section->failed != NULL)
        section->failed(instance, instance_keep(instance, why));
    instance->partial |= section->records;
    if (section->records)
        instance_warn(instance, "could not read %s: %s", section->name, why);
}

void section_look(struct instance *instance, const struct section *section)
{
    struct err err = ERR_EMPTY;

    instance->left_out = 0;
    if (section->applies != NULL && !section->applies(instance))
        return;
    if (instance->over.class != ERR_NONE) {
        section_fail(instance, section, instance->over.text);
        return;
    }
    if (!privileges_allows(instance, section->rights)) {
        section_fail(instance, section, privileges_needs(instance, section->rights));
        return;
    }
    if (!ask(instance, section, &err)) {
        section_fail(instance, section, err.text);
        return;
    }
    tell_left_out(instance, section);
    if (section->finish != NULL)
        section->finish(instance);
}
