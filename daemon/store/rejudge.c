/* Judging everything anew, in slices. */
#include "hearing.h"
#include "judging_state.h"
#include "numbers.h"
#include "sql.h"
#include "store.h"
#include "store_inside.h"

#include <malloc.h>

/* Verdicts that change touch the rows and indexes of most others: where many are judged, pages are kept at hand for as
 * long as that takes. */
enum { MANY = 500 };
static const char wide_cache[] = "PRAGMA cache_size = -12288";
static const char usual_cache[] = "PRAGMA cache_size = " STORE_CACHE;

struct slice {
    const struct basis *basis;
    int64_t now, most;
    bool again;
    struct rejudge_result *result;
};

static const char next_assets[] = "SELECT id FROM asset WHERE id >= ?1 AND gone_at IS NULL AND merged_into IS NULL"
                                  " AND kind NOT IN " JUDGING_NO_SUBJECT " ORDER BY id LIMIT ?2";

static bool find_assets(struct sql *sql, const struct slice *slice, int64_t from, number_vec *assets, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, next_assets);
    sql_bind_int(&query, 1, from);
    sql_bind_int(&query, 2, slice->most);
    while (sql_row(&query))
        vec_push(assets, sql_int(&query, 0));
    return sql_done(&query, err);
}

static bool judge_assets(struct sql *sql, const struct slice *slice, const number_vec *assets, struct err *err)
{
    struct hearing hearing;
    bool good;

    hearing_init(&hearing, sql, slice->basis, slice->now);
    good = hearing_judge(&hearing, assets->items, assets->count, err);
    slice->result->judged = hearing.judged;
    slice->result->changed = hearing.protections.changed;
    hearing_finish(&hearing);
    return good;
}

static bool judge_on(struct sql *sql, const struct slice *slice, struct judging_state *state, struct err *err)
{
    number_vec assets = VEC_EMPTY;
    bool good = find_assets(sql, slice, state->next, &assets, err) &&
                (assets.count < MANY || sql_run(sql, wide_cache, err)) && judge_assets(sql, slice, &assets, err);

    state->done = (int64_t)assets.count < slice->most;
    if (assets.count > 0)
        state->next = vec_last(&assets) + 1;
    vec_finish(&assets);
    good = good && judging_state_write(sql, &slice->basis->hash, state, slice->now, err);
    slice->result->more = !state->done;
    return good;
}

static bool work(struct sql *sql, void *context, struct err *err)
{
    const struct slice *slice = context;
    struct judging_state state;

    if (!judging_state_read(sql, &slice->basis->hash, &state, err))
        return false;
    if (state.begun && state.done && !slice->again)
        return true;
    if (state.done)
        state.next = 0;
    return judge_on(sql, slice, &state, err);
}

/* A daemon that idles is small; between two slices it does not idle. */
static void give_back(struct sql *sql)
{
    sql_run(sql, usual_cache, NULL);
    sqlite3_db_release_memory(sql->handle);
    malloc_trim(0);
}

bool rejudge_slice(struct store *store, const struct basis *basis, int64_t now, size_t assets, bool again,
                   struct rejudge_result *result, struct err *err)
{
    struct slice slice = { basis, now, assets == 0 ? 1 : (int64_t)assets, again, result };
    bool good;

    *result = (struct rejudge_result){ 0 };
    good = store_transaction(store, work, &slice, err);
    if (!good || !result->more)
        give_back(store_sql(store));
    if (good)
        return true;
    *result = (struct rejudge_result){ 0 };
    return err_add(err, "judging everything anew");
}
