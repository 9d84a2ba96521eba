#include "mssql.h"

#include "clock.h"
#include "mem.h"
#include "mssql_place.h"
#include "mssql_session.h"
#include "tls.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FAREWELL_MS 1000 /* for what a driver has to say when a statement or a session ends */

/* A data source that leads nowhere: FreeTDS's driver is loaded, and says that it has no server. */
#define NOWHERE "muster"
#define NOWHERE_SOURCE "[" NOWHERE "]\nDriver = FreeTDS\n"

_Static_assert(ODBC_MAX_VALUE == MSSQL_MAX_VALUE, "values are cut in one place");

int64_t mssql_patience(const struct mssql *mssql, int64_t ms)
{
    const struct mssql_settings *settings = &mssql->settings;
    int64_t left = settings->left_ms != NULL ? settings->left_ms(settings->context) : INT64_MAX;

    return left < 0 ? 0 : left < ms ? left : ms;
}

/* --------------------------------------------------------------------------------------------------- prepare ---- */

static void load_driver(const char *odbc_path)
{
    const struct odbc_login login = { .source = NOWHERE };
    struct odbc_words words;
    struct odbc *odbc;

    mssql_place_set(odbc_path, "/dev/null");
    odbc = odbc_create();
    odbc_connect(odbc, &login, &words);
    odbc_destroy(odbc);
    mssql_place_clear();
}

/* The driver manager remembers the first home that it meets, and reads its .odbcinst.ini from then on: let it be
 * nobody's. */
static bool prepare_driver(struct err *err)
{
    char *home = getenv("HOME") != NULL ? mem_text(getenv("HOME")) : NULL;
    struct mssql_file file = MSSQL_FILE_NONE;
    struct str source = STR_EMPTY;
    bool good;

    str_add(&source, NOWHERE_SOURCE);
    good = mssql_file_write(&file, &source, err);
    if (good) {
        setenv("HOME", "/nonexistent", 1);
        load_driver(file.path);
        if (home != NULL)
            setenv("HOME", home, 1);
        else
            unsetenv("HOME");
    }
    mssql_file_finish(&file);
    str_finish(&source);
    free(home);
    return good;
}

bool mssql_prepare(struct err *err)
{
    tls_prepare();
    kerberos_prepare();
    return prepare_driver(err);
}

/* -------------------------------------------------------------------------------------------------- sessions ---- */

struct mssql *mssql_open(const struct mssql_settings *settings, struct err *err)
{
    struct mssql *mssql = mem_new(1, sizeof *mssql);

    mssql->settings = *settings;
    if (mssql_login(mssql, err))
        return mssql;
    mssql->over = true;
    mssql_close(mssql);
    return NULL;
}

void mssql_close(struct mssql *mssql)
{
    if (mssql == NULL)
        return;
    if (mssql->relay != NULL)
        mssql_relay_begin(mssql->relay, FAREWELL_MS);
    odbc_destroy(mssql->odbc);
    mssql_relay_destroy(mssql->relay);
    kerberos_destroy(mssql->kerberos);
    tds_tls_finish(&mssql->tls);
    str_finish(&mssql->address);
    free(mssql);
}

int mssql_number(const struct mssql *mssql)
{
    return mssql->meaning.number;
}

bool mssql_lacks_right(const struct mssql *mssql)
{
    return mssql->meaning.right;
}

bool mssql_alive(const struct mssql *mssql)
{
    return !mssql->over;
}

const char *mssql_tls(const struct mssql *mssql)
{
    return mssql->tls.version;
}

/* ------------------------------------------------------------------------------------------------ statements ---- */

/* What is done with the rows takes the statement none of its time: whoever takes them may have to wait for others. */
static void begin(struct mssql *mssql)
{
    mssql->since = clock_mono_ms(&clock_system);
    mssql_relay_begin(mssql->relay, mssql_patience(mssql, mssql->spare_ms));
}

static bool end(struct mssql *mssql, enum odbc_step step, struct err *err)
{
    bool late = mssql_relay_end(mssql->relay);

    mssql->spare_ms -= clock_mono_ms(&clock_system) - mssql->since;
    if (late) {
        mssql->over = true;
        return err_set(err, ERR_TIMEOUT, "the statement took longer than %" PRId64 " ms; the session is over",
                       mssql_patience(mssql, mssql->settings.query_ms));
    }
    if (step != ODBC_FAILED)
        return true;
    mssql_error(&mssql->words, false, &mssql->meaning, err);
    mssql->over = mssql->meaning.over;
    return false;
}

struct values {
    struct str text;
    size_t offsets[MSSQL_MAX_COLUMNS];
    bool nulls[MSSQL_MAX_COLUMNS];
    struct mssql_row row;
};

static bool read_value(struct mssql *mssql, struct values *values, size_t column)
{
    bool cut;

    values->offsets[column] = values->text.length;
    if (!odbc_value(mssql->odbc, (int)column + 1, &values->text, &values->nulls[column], &cut, &mssql->words))
        return false;
    str_add_char(&values->text, '\0');
    values->row.cut |= (uint32_t)cut << column;
    return true;
}

static enum odbc_step read_row(struct mssql *mssql, struct values *values)
{
    enum odbc_step step = odbc_fetch(mssql->odbc, &mssql->words);

    str_clear(&values->text);
    values->row.cut = 0;
    for (size_t i = 0; step == ODBC_GOOD && i < values->row.count; i++) {
        if (!read_value(mssql, values, i))
            step = ODBC_FAILED;
    }
    return step;
}

static void point_at_values(struct values *values)
{
    for (size_t i = 0; i < values->row.count; i++)
        values->row.values[i] = values->nulls[i] ? NULL : str_text(&values->text) + values->offsets[i];
}

static bool take_rows(struct mssql *mssql, struct values *values, const struct mssql_taker *taker, struct err *err)
{
    for (size_t rows = 0;; rows++) {
        enum odbc_step step;

        begin(mssql);
        step = read_row(mssql, values);
        if (!end(mssql, step, err))
            return false;
        if (step == ODBC_END)
            return true;
        if (rows == MSSQL_MAX_ROWS)
            return err_set(err, ERR_PROTOCOL, "more than %d rows", MSSQL_MAX_ROWS);
        point_at_values(values);
        if (!taker->take(taker->context, &values->row, err))
            return false;
    }
}

static bool take_result(struct mssql *mssql, int columns, const struct mssql_taker *taker, struct err *err)
{
    struct values *values;
    bool good;

    if (columns > MSSQL_MAX_COLUMNS)
        return err_set(err, ERR_PROTOCOL, "%d columns, where %d are the most", columns, MSSQL_MAX_COLUMNS);
    values = mem_new(1, sizeof *values);
    values->row.count = (size_t)columns;
    good = take_rows(mssql, values, taker, err);
    str_finish(&values->text);
    free(values);
    return good;
}

/* Counts and messages come as results without columns; what follows the first rows is read for its errors. */
static bool take_results(struct mssql *mssql, const char *statement, const struct mssql_taker *taker, struct err *err)
{
    bool taken = false;
    enum odbc_step step;

    begin(mssql);
    step = odbc_execute(mssql->odbc, statement, &mssql->words);
    for (int results = 0; end(mssql, step, err); results++) {
        int columns = step == ODBC_GOOD ? odbc_columns(mssql->odbc) : 0;

        if (results > 0 && step == ODBC_END)
            return taken || err_set(err, ERR_PROTOCOL, "the statement was answered by no columns");
        if (results == MSSQL_MAX_RESULTS)
            return err_set(err, ERR_PROTOCOL, "more than %d results", MSSQL_MAX_RESULTS);
        if (columns > 0 && !taken && !take_result(mssql, columns, taker, err))
            return false;
        taken = taken || columns > 0;
        begin(mssql);
        step = odbc_more(mssql->odbc, &mssql->words);
    }
    return false;
}

bool mssql_query(struct mssql *mssql, const char *statement, const struct mssql_taker *taker, struct err *err)
{
    bool good;

    mssql->meaning = (struct mssql_meaning){ 0 };
    if (mssql->over)
        return err_set(err, ERR_UNREACHABLE, "the session is over");
    mssql->spare_ms = mssql->settings.query_ms;
    good = take_results(mssql, statement, taker, err);
    mssql_relay_begin(mssql->relay, FAREWELL_MS);
    odbc_finish(mssql->odbc);
    mssql->over = mssql_relay_end(mssql->relay) || mssql->over;
    return good;
}
