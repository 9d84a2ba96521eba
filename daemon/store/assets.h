/* The assets: what the items of all sources are, counted once. Kept in step with the items inside the transaction that
 * changes them; policy/identity.h decides who is one.
 *
 * An asset's number is never used again. Where assets become one, the lowest number stays, and the others lead to it
 * (asset.merged_into; follow it until it is NULL). Where one parts, the number stays with those who were there before
 * this transaction, of them with the lowest item number; the others get a new number. An item that is gone stays in its
 * asset, and comes back into it. A new item that nothing joins to a living one continues the asset of one that is gone
 * with the same UUID, where there is one only, of another source or kind, without another name, and nothing living is
 * in that asset.
 *
 * asset.kind is that of its item with the highest evidence_kind_rank. asset.name is the id.name of its machine, else of
 * its host, else of its vm, else of another item, else a name or a key. asset.gone_at is set while all items are gone.
 * item.joined says in words why an item is in its asset, and why not in another.
 *
 * history gets rows for items that change their asset, or come into one that was there before them:
 *
 *     parted    asset: where the item was, if others stay in it;    detail {"asset": where it is now, "why": "..."}
 *     joined    asset: where the item is now;    detail {"asset": where it was, null for a new item, "why": "..."}
 *
 * Whoever deletes a row of item deletes its rows of claim too. */
#ifndef ASSETS_H
#define ASSETS_H

#include "err.h"
#include "identity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

enum {
    ASSETS_WEB =
        1000, /* items that hang together by what they show; more are left as they are, and joined by nothing */
};

struct assets_item {
    int64_t id;
    bool appeared;         /* new, or back from gone */
    bool identity_changed; /* an attribute for which evidence_is_fact is true, or a same_as link */
    bool gone;             /* item.gone_at was set */
    bool telling;          /* what verdicts depend on is another: its gist, its links (judging.h) */
};

/* Whether it may be one asset with others than before. */
static inline bool assets_item_concerns(const struct assets_item *item)
{
    return item->appeared || item->identity_changed || item->gone;
}

/* Gives the touched items of a transaction their assets. Each item is there once; those of which nothing but
 * telling, or nothing at all, is set are left alone. rules may be NULL. To be called inside a transaction, when the
 * rows of item and link are written. */
bool assets_update(struct sql *sql, int64_t journal, int64_t at, const struct assets_item *items, size_t count,
                   const struct identity_rules *rules, struct err *err);

/* Looks again at all items that the rules name, or that rules named when they were last looked at: to be called in a
 * transaction of its own when the configuration's rules are, or may be, others than before. */
bool assets_apply_rules(struct sql *sql, int64_t journal, int64_t at, const struct identity_rules *rules,
                        struct err *err);

#endif
