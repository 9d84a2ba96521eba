#include "verbs_exemption.h"

#include "act.h"
#include "clock.h"
#include "exemption_act.h"
#include "item.h"
#include "json.h"
#include "retire.h"
#include "unit.h"

#include <inttypes.h>
#include <string.h>

/* ----------------------------------------------------------------------------------------------------- exempt ---- */

static bool read_line(struct act *act, const char *line, struct exemption_wish *wish, const char **asset_name,
                      struct err *err)
{
    struct item item;

    item_init(&item, &act->arena, "exemption", "line");
    return json_read_facts(line, strlen(line), &item, err) && exemption_read(&item, wish, asset_name, err);
}

static bool read_all(struct act *act, struct exemption_wishes *wishes, struct err *err)
{
    struct exemption_wish *list = arena_alloc(&act->arena, act->count * sizeof *list);
    const char **asset_names = arena_alloc(&act->arena, act->count * sizeof *asset_names);

    *wishes = (struct exemption_wishes){ list, asset_names, act->count };
    for (size_t i = 0; i < act->count; i++) {
        if (!read_line(act, act->arguments[i], &list[i], &asset_names[i], err))
            return act->count > 1 ? err_add(err, "exemption %zu of %zu", i + 1, act->count) : false;
    }
    return true;
}

static void tell_one(struct act *act, const struct exemption_wish *wish, const struct exemption_result *result)
{
    char until[CLOCK_TEXT_SIZE], findings[COUNT_TEXT_SIZE];

    str_format(&act->answer, "exemption %" PRId64 "%s until %s covers %s%s", result->id,
               result->known ? " is in force already, and" : "", clock_text(wish->until_at, until),
               result->covered == 0 ? "nothing" : count_text((uint64_t)result->covered, "open finding", findings),
               result->covered == 0 ? ": no open finding is like that" : "");
}

static void tell_all(struct act *act, const struct exemption_result *results)
{
    char text[COUNT_TEXT_SIZE];
    size_t made = 0, idle = 0;

    for (size_t i = 0; i < act->count; i++) {
        made += !results[i].known;
        idle += results[i].covered == 0;
    }
    str_format(&act->answer, "%s made", count_text(made, "exemption", text));
    if (made < act->count)
        str_format(&act->answer, "; %zu in force already", act->count - made);
    if (idle > 0)
        str_format(&act->answer, "; %zu cover nothing now", idle);
}

static bool run_exempt(struct act *act, struct err *err)
{
    struct exemption_result *results;
    struct exemption_wishes wishes;

    if (act->count == 0 || act->count > EXEMPTION_MAX_AT_ONCE)
        return err_set(err, ERR_CONFIG, "exempt takes 1 to %d exemptions at once", EXEMPTION_MAX_AT_ONCE);
    results = arena_alloc(&act->arena, act->count * sizeof *results);
    if (!read_all(act, &wishes, err) || !exemption_make(act->store, &wishes, &act->by, act->now, results, err))
        return false;
    if (act->count == 1)
        tell_one(act, &wishes.list[0], &results[0]);
    else
        tell_all(act, results);
    return true;
}

void verbs_exempt(void *context, struct peer *peer, const struct control_request *request)
{
    act_start(context, peer, request, run_exempt);
}

/* ------------------------------------------------------------------------------------------- number and reason ---- */

static bool read_number(const struct act *act, const char *what, int64_t *number, struct err *err)
{
    if (act->count != 2)
        return err_set(err, ERR_CONFIG, "this takes the number of an %s and a reason", what);
    if (!int_parse(act->arguments[0], number, err))
        return err_add(err, "the number of an %s", what);
    return *number > 0 || err_set(err, ERR_CONFIG, "the number of an %s is above 0", what);
}

static bool run_exempt_end(struct act *act, struct err *err)
{
    int64_t id = 0;

    if (!read_number(act, "exemption", &id, err) ||
        !exemption_end(act->store, id, act->arguments[1], &act->by, act->now, err))
        return false;
    str_format(&act->answer, "exemption %" PRId64 " ended", id);
    return true;
}

void verbs_exempt_end(void *context, struct peer *peer, const struct control_request *request)
{
    act_start(context, peer, request, run_exempt_end);
}

static bool run_retire(struct act *act, struct err *err)
{
    struct retire_result result;
    char items[COUNT_TEXT_SIZE];
    int64_t asset = 0;

    if (!read_number(act, "asset", &asset, err) ||
        !retire_asset(act->store, asset, act->arguments[1], &act->by, act->now, &result, err))
        return false;
    act->unjudged = result.unjudged;
    str_format(&act->answer, "asset %" PRId64 " is retired: %s marked gone", asset,
               count_text(result.items, "item", items));
    return true;
}

void verbs_retire(void *context, struct peer *peer, const struct control_request *request)
{
    act_start(context, peer, request, run_retire);
}
