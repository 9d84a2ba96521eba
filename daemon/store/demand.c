#include "demand.h"

#include "sql.h"

static const struct demand nothing = { .verdict = "",
                                       .method = "",
                                       .server = "",
                                       .workload = "",
                                       .version = "",
                                       .installation = "",
                                       .product = "",
                                       .ending = "" };

void demands_init(struct demands *demands, struct sql *sql)
{
    *demands = (struct demands){ .sql = sql };
    arena_init(&demands->arena, ARENA_PLAIN);
}

void demands_finish(struct demands *demands)
{
    map_finish(&demands->known);
    arena_finish(&demands->arena);
}

static const char *keep(struct demands *demands, struct sql_query *query, int column)
{
    const char *text = sql_text(query, column);

    return text == NULL || text[0] == '\0' ? "" : arena_text(&demands->arena, text);
}

static struct demand *take(struct demands *demands, struct sql_query *query, int64_t judgement)
{
    struct demand *demand = arena_alloc(&demands->arena, sizeof *demand);

    *demand = nothing;
    demand->id = judgement;
    demand->method = keep(demands, query, 5);
    demand->server = keep(demands, query, 6);
    if (sql_int(query, 3) == 0)
        return demand;
    demand->listed = sql_int(query, 12) != 0;
    demand->parts = sql_int(query, 13) != 0;
    demand->need = need_of_words(sql_text(query, 0), sql_text(query, 1), sql_text(query, 2), false);
    demand->support_end = sql_int(query, 4);
    if (demand->need == NEED_NOTHING && demand->support_end == 0)
        return demand;
    demand->class = verdict_class_find(sql_text(query, 1));
    demand->unlisted = verdict_find(sql_text(query, 0)) == VERDICT_UNLISTED;
    demand->verdict = keep(demands, query, 0);
    demand->workload = keep(demands, query, 7);
    demand->version = keep(demands, query, 8);
    demand->installation = keep(demands, query, 9);
    demand->product = keep(demands, query, 10);
    demand->ending = keep(demands, query, 11);
    return demand;
}

static struct demand *read_one(struct demands *demands, int64_t judgement, struct err *err)
{
    struct demand *demand = NULL;
    struct sql_query query;

    sql_query(&query, demands->sql,
              "SELECT verdict, class, ruled, counts AND excluded IS NULL, support_end, method, server, workload,"
              " version, installation, product, CASE WHEN counts AND excluded IS NULL AND support_end IS NOT NULL "
              "THEN " DEMAND_ENDING " END, by_what = 'dpmdb', by_what = 'parts' FROM judgement j WHERE id = ?1");
    sql_bind_int(&query, 1, judgement);
    if (sql_row(&query)) {
        demand = take(demands, &query, judgement);
        map_put_bytes(&demands->known, (const char *)&demand->id, sizeof demand->id, demand);
    }
    if (!sql_done(&query, err))
        return NULL;
    if (demand == NULL)
        err_set(err, ERR_SYSTEM, "the database has no judgement %lld: restore a copy of the database",
                (long long)judgement);
    return demand;
}

const struct demand *demands_find(struct demands *demands, int64_t judgement, struct err *err)
{
    const struct demand **lately = &demands->lately[(uint64_t)judgement % DEMANDS_LATELY];
    const struct demand *demand = *lately;

    if (judgement == 0)
        return &nothing;
    if (demand != NULL && demand->id == judgement)
        return demand;
    demand = map_get_bytes(&demands->known, (const char *)&judgement, sizeof judgement);
    if (demand == NULL)
        demand = read_one(demands, judgement, err);
    if (demand != NULL)
        *lately = demand;
    return demand;
}

enum finding_kind demand_kind(const struct demand *demand)
{
    if (demand->need == NEED_NOTHING)
        return 0;
    return demand->unlisted ? FINDING_UNLISTED : FINDING_VERDICT;
}

bool demand_has_ended(const struct demand *demand, int64_t at)
{
    return demand->support_end != 0 && demand->support_end <= at;
}

struct finding_key demand_key(const struct demand *demand, enum finding_kind kind)
{
    if (kind == FINDING_LIFECYCLE)
        return (struct finding_key){ .kind = kind, .workload = demand->workload, .version = demand->ending };
    return (struct finding_key){ .kind = kind,
                                 .workload = demand->workload,
                                 .version = demand->version,
                                 .installation = demand->installation,
                                 .product = demand->product };
}

unsigned demand_rank(enum need need, enum verdict_class class)
{
    return (unsigned)need << 8 | (0xffU - (unsigned)class);
}
