#include "finding_row.h"

#include "event_row.h"
#include "sql.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

enum {
    SUBJECT_SIZE = 32,
    WORD_SIZE = FINDING_STATE_SIZE / 3, /* of verdicts, classes and needs, which are words of ours */
};

/* A row as it is. */
struct known {
    int64_t id; /* 0: there is none */
    bool open;
    char need[WORD_SIZE], verdict[WORD_SIZE], class[WORD_SIZE];
    int64_t judgement, assets, exempt, exemption;
};

const char *finding_kind_word(enum finding_kind kind)
{
    static const char *const words[] = { [FINDING_VERDICT] = "verdict",
                                         [FINDING_UNLISTED] = "unlisted",
                                         [FINDING_LIFECYCLE] = "lifecycle",
                                         [FINDING_STALE] = "stale" };

    return words[kind];
}

static const char *text_of(const char *text)
{
    return text == NULL ? "" : text;
}

void finding_key_name(struct str *name, const struct finding_key *key)
{
    const char *const parts[] = { finding_kind_word(key->kind), key->workload, key->version, key->installation,
                                  key->product };

    str_clear(name);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        str_add_bytes(name, text_of(parts[i]), strlen(text_of(parts[i])) + 1);
}

/* ----------------------------------------------------------------------------------------------- what there is ---- */

#define KNOWN                                                                                                          \
    "SELECT id, state = 'open', need, verdict, class, judgement, assets, exempt, exemption FROM finding WHERE "

static void find_verdict(struct sql_query *query, struct sql *sql, const struct finding_key *key)
{
    sql_query(query, sql, KNOWN "kind = 'verdict' AND asset = ?1 AND method = ?2 AND server = ?3");
    sql_bind_int(query, 1, key->asset);
    sql_bind_text(query, 2, text_of(key->method));
    sql_bind_text(query, 3, text_of(key->server));
}

static void find_key(struct sql_query *query, struct sql *sql, const struct finding_key *key)
{
    sql_query(query, sql,
              KNOWN "kind = ?1 AND kind IN ('unlisted', 'lifecycle')"
                    " AND workload = ?2 AND version = ?3 AND installation = ?4 AND product = ?5");
    sql_bind_text(query, 1, finding_kind_word(key->kind));
    sql_bind_text(query, 2, text_of(key->workload));
    sql_bind_text(query, 3, text_of(key->version));
    sql_bind_text(query, 4, text_of(key->installation));
    sql_bind_text(query, 5, text_of(key->product));
}

static void find_stale(struct sql_query *query, struct sql *sql, const struct finding_key *key)
{
    sql_query(query, sql, KNOWN "kind = 'stale' AND target = ?1");
    sql_bind_int(query, 1, key->target);
}

static void (*const finds[])(struct sql_query *query, struct sql *sql, const struct finding_key *key) = {
    [FINDING_VERDICT] = find_verdict,
    [FINDING_UNLISTED] = find_key,
    [FINDING_LIFECYCLE] = find_key,
    [FINDING_STALE] = find_stale,
};

static void take_known(struct sql_query *query, struct known *known)
{
    known->id = sql_int(query, 0);
    known->open = sql_int(query, 1) != 0;
    snprintf(known->need, sizeof known->need, "%s", sql_text(query, 2));
    snprintf(known->verdict, sizeof known->verdict, "%s", sql_text(query, 3));
    snprintf(known->class, sizeof known->class, "%s", sql_text(query, 4));
    known->judgement = sql_int(query, 5);
    known->assets = sql_int(query, 6);
    known->exempt = sql_int(query, 7);
    known->exemption = sql_int(query, 8);
}

static bool find(struct sql *sql, const struct finding_key *key, struct known *known, struct err *err)
{
    struct sql_query query;

    *known = (struct known){ 0 };
    finds[key->kind](&query, sql, key);
    if (sql_row(&query))
        take_known(&query, known);
    return sql_done(&query, err);
}

bool finding_sum(struct sql *sql, const struct finding_key *key, struct finding_sum *sum, struct err *err)
{
    struct known known;

    *sum = (struct finding_sum){ 0 };
    if (!find(sql, key, &known, err))
        return err_add(err, "a finding");
    if (!known.open)
        return true;
    *sum = (struct finding_sum){ .open = true,
                                 .need = need_find(known.need),
                                 .class = verdict_class_find(known.class),
                                 .judgement = known.judgement,
                                 .assets = known.assets,
                                 .exempt = known.exempt,
                                 .exemption = known.exemption };
    return true;
}

/* ------------------------------------------------------------------------------------------------------ events ---- */

static const char *subject_of(char text[static SUBJECT_SIZE], int64_t finding)
{
    snprintf(text, SUBJECT_SIZE, "finding %lld", (long long)finding);
    return text;
}

const char *finding_state(char text[static FINDING_STATE_SIZE], const char *need, const char *verdict,
                          const char *class)
{
    snprintf(text, FINDING_STATE_SIZE, "%s%s%s%s%s", need, verdict[0] == '\0' ? "" : " ", verdict,
             class[0] == '\0' ? "" : " ", class);
    return text;
}

/* news: when it became what, and its number. */
static bool tell(struct sql *sql, const struct finding_key *key, const struct event_row *news,
                 const struct occasion *occasion, struct err *err)
{
    static const struct occasion none = { 0 };
    char subject[SUBJECT_SIZE];
    struct event_row event = *news;

    if (occasion == NULL)
        occasion = &none;
    event.subject = subject_of(subject, news->finding);
    event.asset = key->asset;
    event.target = key->target != 0 ? key->target : occasion->target;
    event.journal = occasion->journal;
    event.batch = occasion->batch;
    return event_write(sql, &event, err);
}

/* -------------------------------------------------------------------------------------------------------- rows ---- */

static void bind_sums(struct sql_query *query, const struct finding_now *now)
{
    sql_bind_number(query, 2, now->judgement);
    sql_bind_int(query, 3, now->assets);
    sql_bind_int(query, 4, now->exempt);
    sql_bind_number(query, 5, now->exemption);
}

static void bind_now(struct sql_query *query, const struct finding_now *now, int64_t at)
{
    bind_sums(query, now);
    sql_bind_text(query, 6, need_word(now->need));
    sql_bind_text(query, 7, text_of(now->verdict));
    sql_bind_text(query, 8, text_of(now->class));
    sql_bind_int(query, 9, at);
}

static bool insert(struct sql *sql, const struct finding_key *key, const struct finding_now *now, int64_t at,
                   struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "INSERT INTO finding (judgement, assets, exempt, exemption, need, verdict, class, opened_at, changed_at,"
              " state, kind, asset, method, server, target, workload, version, installation, product) VALUES"
              " (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 'open', ?1, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");
    sql_bind_text(&query, 1, finding_kind_word(key->kind));
    bind_now(&query, now, at);
    sql_bind_number(&query, 10, key->asset);
    sql_bind_text(&query, 11, text_of(key->method));
    sql_bind_text(&query, 12, text_of(key->server));
    sql_bind_number(&query, 13, key->target);
    sql_bind_text(&query, 14, text_of(key->workload));
    sql_bind_text(&query, 15, text_of(key->version));
    sql_bind_text(&query, 16, text_of(key->installation));
    sql_bind_text(&query, 17, text_of(key->product));
    return sql_done(&query, err);
}

static bool reopen(struct sql *sql, int64_t finding, const struct finding_now *now, int64_t at, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE finding SET state = 'open', judgement = ?2, assets = ?3, exempt = ?4, exemption = ?5, need = ?6,"
              " verdict = ?7, class = ?8, times = times + 1, opened_at = ?9, changed_at = ?9, ended_at = NULL"
              " WHERE id = ?1");
    sql_bind_int(&query, 1, finding);
    bind_now(&query, now, at);
    return sql_done(&query, err);
}

static bool update(struct sql *sql, int64_t finding, const struct finding_now *now, int64_t at, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE finding SET judgement = ?2, assets = ?3, exempt = ?4, exemption = ?5, need = ?6, verdict = ?7,"
              " class = ?8, changed_at = ?9 WHERE id = ?1");
    sql_bind_int(&query, 1, finding);
    bind_now(&query, now, at);
    return sql_done(&query, err);
}

/* What people see stays: no index is touched. */
static bool update_sums(struct sql *sql, int64_t finding, const struct finding_now *now, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "UPDATE finding SET judgement = ?2, assets = ?3, exempt = ?4, exemption = ?5 WHERE id = ?1");
    sql_bind_int(&query, 1, finding);
    bind_sums(&query, now);
    return sql_done(&query, err);
}

/* Need, verdict and class stay as what it was; the judgement is what is said from now on, where that is known. */
static bool end(struct sql *sql, int64_t finding, const struct finding_now *now, const char *state, int64_t at,
                struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE finding SET state = ?2, judgement = coalesce(?3, judgement), assets = 0, exempt = 0,"
              " exemption = NULL, ended_at = ?4 WHERE id = ?1");
    sql_bind_int(&query, 1, finding);
    sql_bind_text(&query, 2, state);
    sql_bind_number(&query, 3, now->judgement);
    sql_bind_int(&query, 4, at);
    return sql_done(&query, err);
}

/* What differs is told as opened: who heard of it before it became exempt hears of it again, and of its end in any
 * case. */
static bool renew(struct sql *sql, const struct finding_key *key, int64_t finding, const char *state,
                  const struct occasion *occasion, int64_t at, struct err *err)
{
    char subject[SUBJECT_SIZE];
    struct sql_query query;

    sql_query(&query, sql, "UPDATE told SET state = '' WHERE hook IN (SELECT name FROM hook) AND subject = ?1");
    sql_bind_text(&query, 1, subject_of(subject, finding));
    return sql_done(&query, err) &&
           tell(sql, key,
                &(struct event_row){ .at = at, .what = EVENT_FINDING_OPENED, .state = state, .finding = finding },
                occasion, err);
}

/* ------------------------------------------------------------------------------------------------- transitions ---- */

static const char *end_word(const struct finding_now *now, const struct occasion *occasion)
{
    if (now->gone)
        return "retired";
    return occasion != NULL && occasion->anew ? "superseded" : "resolved";
}

static bool open_it(struct sql *sql, const struct finding_key *key, const struct known *known,
                    const struct finding_now *now, const struct occasion *occasion, int64_t at, struct err *err)
{
    char state[FINDING_STATE_SIZE];
    int64_t finding = known->id;

    if (finding != 0 ? !reopen(sql, finding, now, at, err) : !insert(sql, key, now, at, err))
        return false;
    if (finding == 0)
        finding = sqlite3_last_insert_rowid(sql->handle);
    finding_state(state, need_word(now->need), text_of(now->verdict), text_of(now->class));
    return tell(sql, key,
                &(struct event_row){ .at = at, .what = EVENT_FINDING_OPENED, .state = state, .finding = finding },
                occasion, err);
}

static bool is_told_otherwise(const struct known *known, const struct finding_now *now)
{
    return strcmp(known->need, need_word(now->need)) != 0 || strcmp(known->verdict, text_of(now->verdict)) != 0 ||
           strcmp(known->class, text_of(now->class)) != 0;
}

static bool is_same(const struct known *known, const struct finding_now *now)
{
    return known->judgement == now->judgement && known->assets == now->assets && known->exempt == now->exempt &&
           known->exemption == now->exemption;
}

static bool keep_it(struct sql *sql, const struct finding_key *key, const struct known *known,
                    const struct finding_now *now, const struct occasion *occasion, int64_t at, struct err *err)
{
    bool otherwise = is_told_otherwise(known, now);
    bool returned = known->exempt >= known->assets && now->exempt < now->assets;
    char state[FINDING_STATE_SIZE];

    if (!otherwise && is_same(known, now))
        return true;
    if (otherwise ? !update(sql, known->id, now, at, err) : !update_sums(sql, known->id, now, err))
        return false;
    finding_state(state, need_word(now->need), text_of(now->verdict), text_of(now->class));
    if (returned)
        return renew(sql, key, known->id, state, occasion, at, err);
    return !otherwise ||
           tell(sql, key,
                &(struct event_row){ .at = at, .what = EVENT_FINDING_CHANGED, .state = state, .finding = known->id },
                occasion, err);
}

static bool end_it(struct sql *sql, const struct finding_key *key, const struct known *known,
                   const struct finding_now *now, const struct occasion *occasion, int64_t at, struct err *err)
{
    return end(sql, known->id, now, end_word(now, occasion), at, err) &&
           tell(sql, key,
                &(struct event_row){ .at = at, .what = EVENT_FINDING_RESOLVED, .state = "", .finding = known->id },
                occasion, err);
}

bool finding_set(struct sql *sql, const struct finding_key *key, const struct finding_now *now,
                 const struct occasion *occasion, int64_t at, struct err *err)
{
    struct known known;
    bool good = find(sql, key, &known, err);

    if (!good)
        return err_add(err, "a finding");
    if (!known.open)
        good = now->need == NEED_NOTHING || open_it(sql, key, &known, now, occasion, at, err);
    else if (now->need == NEED_NOTHING)
        good = end_it(sql, key, &known, now, occasion, at, err);
    else
        good = keep_it(sql, key, &known, now, occasion, at, err);
    return good || err_add(err, "a finding");
}

bool finding_move(struct sql *sql, const struct finding_key *key, const struct finding_now *now, bool *done,
                  struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE finding SET judgement = ?7 WHERE kind = 'verdict' AND asset = ?1 AND method = ?2 AND server = ?3"
              " AND state = 'open' AND need = ?4 AND verdict = ?5 AND class = ?6 AND assets = 1 AND exempt = 0"
              " AND exemption IS NULL");
    sql_bind_int(&query, 1, key->asset);
    sql_bind_text(&query, 2, text_of(key->method));
    sql_bind_text(&query, 3, text_of(key->server));
    sql_bind_text(&query, 4, need_word(now->need));
    sql_bind_text(&query, 5, text_of(now->verdict));
    sql_bind_text(&query, 6, text_of(now->class));
    sql_bind_int(&query, 7, now->judgement);
    *done = false;
    if (!sql_done(&query, err))
        return err_add(err, "a finding");
    *done = sqlite3_changes(sql->handle) > 0;
    return true;
}
