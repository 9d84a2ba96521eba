#include "target.h"

#include "fleet.h"
#include "handback.h"
#include "mem.h"

#include <stdlib.h>

struct target *target_create(struct fleet *fleet)
{
    struct target *target = mem_new(1, sizeof *target);

    target->fleet = fleet;
    target->number = ++fleet->last_number;
    list_init(&target->link);
    list_init(&target->watchers);
    target_set_last(target, "never", "", 0, 0);
    return target;
}

bool target_is_free(const struct target *target)
{
    return target->scan == NULL && target->committing == 0;
}

void target_destroy(struct target *target)
{
    token_finish(&target->token);
    origin_release(target->origin);
    free(target->last.result);
    free(target->last.message);
    free(target->name);
    free(target);
}

void target_set_token(struct target *target, struct token *token)
{
    handback_order(target->fleet, target->origin, &target->token);
    token_move(&target->token, token);
}

void target_set_last(struct target *target, const char *result, const char *message, int64_t started_at,
                     int64_t ended_at)
{
    char *old_result = target->last.result, *old_message = target->last.message;

    target->last.result = mem_text(result);
    target->last.message = mem_text(message);
    target->last.started_at = started_at;
    target->last.ended_at = ended_at;
    free(old_result);
    free(old_message);
}

void target_watch(struct target *target, struct watcher *watcher)
{
    list_append(&target->watchers, &watcher->link);
}

void target_unwatch(struct watcher *watcher)
{
    list_remove(&watcher->link);
}

bool target_is_awaited(const struct target *target, enum run_mode mode)
{
    list_each (node, &target->watchers) {
        if (list_entry(node, struct watcher, link)->mode == mode)
            return true;
    }
    return false;
}

/* A watcher that is told may take out any other: the list is never walked past one that was told. */
static struct watcher *take(struct list *from, enum run_mode mode)
{
    list_each (node, from) {
        if (list_entry(node, struct watcher, link)->mode == mode) {
            list_remove(node);
            return list_entry(node, struct watcher, link);
        }
    }
    return NULL;
}

void target_tell(struct target *target, enum run_mode mode, const struct news *news)
{
    struct list told;
    struct watcher *watcher;
    struct list *node;

    list_init(&told);
    while ((watcher = take(&target->watchers, mode)) != NULL)
        list_append(&told, &watcher->link);
    while ((node = list_first(&told)) != NULL) {
        list_remove(node);
        if (news->kind != NEWS_ENDED)
            list_append(&target->watchers, node);
        watcher = list_entry(node, struct watcher, link);
        watcher->told(watcher, target, news);
    }
}
