#include "hearing.h"

#include "sql.h"

void hearing_init(struct hearing *hearing, struct sql *sql, const struct basis *basis, const struct occasion *occasion,
                  int64_t now)
{
    struct judge_setting setting = { .matrix = basis->matrix, .estate = basis->estate, .now = now };

    *hearing = (struct hearing){ .now = now, .most = HEARING_MAX_BYTES };
    things_init(&hearing->things, sql);
    findings_init(&hearing->findings, sql, occasion, now);
    protections_init(&hearing->protections, sql, basis, &hearing->findings, now);
    setting.world = &hearing->things.world;
    hearing->judge = judge_create(&setting);
}

void hearing_finish(struct hearing *hearing)
{
    judge_destroy(hearing->judge);
    protections_finish(&hearing->protections);
    findings_finish(&hearing->findings);
    things_finish(&hearing->things);
}

static void forget_much(struct hearing *hearing, size_t limit)
{
    size_t bytes = things_bytes(&hearing->things) + protections_bytes(&hearing->protections);

    if (bytes + judge_arena(hearing->judge)->reserved < limit)
        return;
    protections_forget(&hearing->protections);
    judge_reset(hearing->judge, hearing->now);
    things_forget(&hearing->things);
}

static bool judge_one(struct hearing *hearing, int64_t asset, struct err *err)
{
    const struct thing *thing = things_find(&hearing->things, asset);
    const struct verdict *verdicts = NULL;
    size_t count = 0;

    if (thing != NULL)
        verdicts = judge_thing(hearing->judge, thing, &count);
    if (hearing->things.failed) {
        if (err != NULL)
            *err = hearing->things.err;
        return false;
    }
    hearing->judged += count;
    return protections_write(&hearing->protections, asset, verdicts, count, err);
}

static bool judge_run(struct hearing *hearing, const int64_t *assets, size_t count, struct err *err)
{
    if (!things_load(&hearing->things, assets[0], assets[count - 1], err) ||
        !protections_load(&hearing->protections, assets[0], assets[count - 1], err))
        return false;
    for (size_t i = 0; i < count; i++) {
        /* What was read just now is to be used. */
        forget_much(hearing, HEARING_MAX_BYTES + THINGS_MAX_LOAD);
        if (!judge_one(hearing, assets[i], err))
            return false;
    }
    return true;
}

bool hearing_judge(struct hearing *hearing, const int64_t *assets, size_t count, struct err *err)
{
    for (size_t at = 0, length; at < count; at += length) {
        length = things_together(&assets[at], count - at);
        forget_much(hearing, HEARING_MAX_BYTES);
        if (!judge_run(hearing, &assets[at], length, err))
            return false;
    }
    return protections_flush(&hearing->protections, err);
}

bool hearing_end(struct hearing *hearing, struct err *err)
{
    return findings_write(&hearing->findings, err);
}
