/* Judging everything anew, in slices. */
#include "coverage_row.h"
#include "event_row.h"
#include "hearing.h"
#include "judging_state.h"
#include "meta.h"
#include "numbers.h"
#include "sql.h"
#include "store.h"
#include "store_inside.h"

#include <malloc.h>
#include <stdio.h>

/* Verdicts that change touch the rows and indexes of most others: where many are judged, pages are kept at hand for as
 * long as that takes. */
enum { MANY = 500, BATCH_SIZE = 32 };
#define BATCH "basis %lld"
#define MS_DAY INT64_C(86400000)
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

/* What another basis makes of the fleet is told as one. */
static bool name_batch(struct hearing *hearing, struct occasion *occasion, char text[static BATCH_SIZE],
                       struct err *err)
{
    int64_t basis;

    if (!occasion->anew || hearing->findings.notes.count == 0)
        return true;
    if (!protections_basis(&hearing->protections, &basis, err))
        return false;
    snprintf(text, BATCH_SIZE, BATCH, (long long)basis);
    occasion->batch = text;
    return true;
}

static bool judge_assets(struct sql *sql, const struct slice *slice, bool anew, const number_vec *assets,
                         struct err *err)
{
    struct occasion occasion = { .anew = anew, .sliced = true };
    struct hearing hearing;
    char batch[BATCH_SIZE];
    bool good;

    hearing_init(&hearing, sql, slice->basis, &occasion, slice->now);
    good = hearing_judge(&hearing, assets->items, assets->count, err) && name_batch(&hearing, &occasion, batch, err) &&
           hearing_end(&hearing, err);
    slice->result->judged = hearing.judged;
    slice->result->changed = hearing.protections.changed;
    hearing_finish(&hearing);
    return good;
}

/* The files that verdicts rest on from now on, which everything that follows from them is told together with. */
static bool tell_files(struct sql *sql, int64_t basis, int64_t at, struct err *err)
{
    char state[BATCH_SIZE];
    struct event_row event = {
        .at = at, .what = EVENT_MATRIX_CHANGED, .subject = "matrix", .state = state, .batch = state
    };
    struct sql_query query;
    bool good;

    snprintf(state, sizeof state, BATCH, (long long)basis);
    sql_query(&query, sql, "SELECT json_object('files', json(files)) FROM basis WHERE id = ?1");
    sql_bind_int(&query, 1, basis);
    event.detail = sql_row(&query) ? sql_text(&query, 0) : NULL;
    good = event_write(sql, &event, err);
    return sql_done(&query, good ? err : NULL) && good;
}

static bool tell_basis(struct sql *sql, const struct slice *slice, struct err *err)
{
    struct protections protections;
    int64_t basis;
    bool good;

    protections_init(&protections, sql, slice->basis, NULL, slice->now);
    good = protections_basis(&protections, &basis, err) && tell_files(sql, basis, slice->now, err);
    protections_finish(&protections);
    return good;
}

/* "" where nothing rests on it. */
static bool find_batch(struct sql *sql, const struct slice *slice, char text[static BATCH_SIZE], struct err *err)
{
    struct sql_query query;

    text[0] = '\0';
    sql_query(&query, sql, "SELECT id FROM basis WHERE hash = ?1");
    sql_bind_bytes(&query, 1, &slice->basis->hash, sizeof slice->basis->hash);
    if (sql_row(&query))
        snprintf(text, BATCH_SIZE, BATCH, (long long)sql_int(&query, 0));
    return sql_done(&query, err);
}

/* All that follows from another basis is told together, also what time or a change of names has brought meanwhile. */
static bool recount(struct sql *sql, const struct slice *slice, struct err *err)
{
    struct occasion occasion = { .anew = true };
    char batch[BATCH_SIZE];

    if (!find_batch(sql, slice, batch, err))
        return false;
    if (batch[0] != '\0')
        occasion.batch = batch;
    return findings_recount(sql, &occasion, slice->now, err);
}

static bool judge_on(struct sql *sql, const struct slice *slice, struct judging_state *state, struct err *err)
{
    number_vec assets = VEC_EMPTY;
    bool anew = state->anew;
    bool good = (!state->other || tell_basis(sql, slice, err)) && find_assets(sql, slice, state->next, &assets, err) &&
                (assets.count < MANY || sql_run(sql, wide_cache, err)) && judge_assets(sql, slice, anew, &assets, err);

    state->done = (int64_t)assets.count < slice->most;
    if (assets.count > 0)
        state->next = vec_last(&assets) + 1;
    vec_finish(&assets);
    good = good && judging_state_write(sql, &slice->basis->hash, state, slice->now, err) &&
           (!state->done || !anew || recount(sql, slice, err)) &&
           (!state->done || coverage_sweep(sql, slice->now, err));
    slice->result->more = !state->done;
    return good;
}

/* A day has begun since everything was judged, while nobody was there to say so. */
static bool is_of_a_former_day(struct sql *sql, const struct slice *slice, bool *former, struct err *err)
{
    int64_t done_at;

    if (!meta_read_number(sql, "judging_done_at", &done_at, err))
        return false;
    *former = done_at != 0 && done_at / MS_DAY < slice->now / MS_DAY;
    return true;
}

static bool work(struct sql *sql, void *context, struct err *err)
{
    const struct slice *slice = context;
    struct judging_state state;
    bool former;

    if (!judging_state_read(sql, &slice->basis->hash, &state, err) || !is_of_a_former_day(sql, slice, &former, err))
        return false;
    if (state.begun && state.done && !slice->again && !former)
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
