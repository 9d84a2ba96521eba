#include "change.h"

#include "history.h"
#include "json.h"
#include "str.h"
#include "utf8.h"

#include <inttypes.h>
#include <string.h>

#define CUT 256 /* bytes shown of what is too long */

static const char *const words[] = {
    [CHANGE_APPEARED] = "appeared", [CHANGE_CHANGED] = "changed",   [CHANGE_MOVED] = "moved",
    [CHANGE_GONE] = "gone",         [CHANGE_RETURNED] = "returned",
};

/* ----------------------------------------------------------------------------------------------------- capped ---- */

static void add_cut(struct str *out, const char *text, size_t size)
{
    const struct hash128 hash = hash128(&hash_stable_key, text, size);
    char start[CUT + 1] = "";

    memcpy(start, text, size < CUT ? size : CUT);
    utf8_trim(start);
    str_add(out, "{\"cut\":");
    json_add_text(out, start);
    str_format(out, ",\"bytes\":%zu,\"hash\":\"%016" PRIx64 "%016" PRIx64 "\"}", size, hash.high, hash.low);
}

static void add_value(struct str *out, const struct value *value)
{
    size_t start = out->length;
    struct str whole = STR_EMPTY;

    if (value == NULL) {
        str_add(out, "null");
        return;
    }
    if (value->type == VALUE_TEXT && strlen(value->text) > CHANGE_MAX_VALUE) {
        add_cut(out, value->text, strlen(value->text));
        return;
    }
    json_add_value(out, value);
    if (out->length - start <= CHANGE_MAX_VALUE)
        return;
    str_add_bytes(&whole, out->bytes + start, out->length - start);
    out->length = start;
    if (value->type == VALUE_TEXT)
        add_cut(out, value->text, strlen(value->text));
    else
        add_cut(out, whole.bytes, whole.length);
    str_finish(&whole);
}

/* ---------------------------------------------------------------------------------------------------- details ---- */

/* A detail that grows up to its limit; one entry is put together at a time. */
struct detail {
    struct str text, entry;
    size_t more;
    bool first;
};

static void open_list(struct detail *detail, const char *text)
{
    str_add(&detail->text, text);
    detail->first = true;
}

/* The rest of the limit is for the brackets at the end and the count. */
static void add_entry(struct detail *detail)
{
    if (detail->more > 0 || detail->text.length + detail->entry.length + 128 > CHANGE_MAX_DETAIL) {
        detail->more++;
    } else {
        if (!detail->first)
            str_add_char(&detail->text, ',');
        str_add_bytes(&detail->text, detail->entry.bytes, detail->entry.length);
        detail->first = false;
    }
    str_clear(&detail->entry);
}

static void add_attribute(struct detail *detail, const struct delta_attribute *attribute)
{
    str_add(&detail->entry, "{\"name\":");
    json_add_text(&detail->entry, attribute->name);
    str_add(&detail->entry, ",\"from\":");
    add_value(&detail->entry, attribute->from);
    str_add(&detail->entry, ",\"to\":");
    add_value(&detail->entry, attribute->to);
    str_add_char(&detail->entry, '}');
    add_entry(detail);
}

static void add_link(struct detail *detail, const struct link *link)
{
    struct str whole = STR_EMPTY;

    json_add_link(&whole, link);
    if (whole.length <= CHANGE_MAX_VALUE)
        str_add_bytes(&detail->entry, whole.bytes, whole.length);
    else
        add_cut(&detail->entry, whole.bytes, whole.length);
    str_finish(&whole);
    add_entry(detail);
}

static void add_links(struct detail *detail, const struct delta *delta, const struct delta_link *links, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!delta_is_move(delta, links[i].link))
            add_link(detail, links[i].link);
    }
}

static const char *changed_detail(struct arena *arena, const struct delta *delta)
{
    struct detail detail = { 0 };
    const char *text;

    open_list(&detail, "{\"attributes\":[");
    for (size_t i = 0; i < delta->attribute_count; i++)
        add_attribute(&detail, &delta->attributes[i]);
    open_list(&detail, "],\"links\":{\"added\":[");
    add_links(&detail, delta, delta->added, delta->added_count);
    open_list(&detail, "],\"removed\":[");
    add_links(&detail, delta, delta->removed, delta->removed_count);
    str_add(&detail.text, "]}");
    if (detail.more > 0)
        str_format(&detail.text, ",\"more\":%zu", detail.more);
    str_add_char(&detail.text, '}');
    text = arena_text(arena, str_text(&detail.text));
    str_finish(&detail.text);
    str_finish(&detail.entry);
    return text;
}

static const char *one_text(struct arena *arena, const char *name, const char *value)
{
    struct str detail = STR_EMPTY;
    const char *text;

    str_format(&detail, "{\"%s\":", name);
    json_add_text(&detail, value);
    str_add_char(&detail, '}');
    text = arena_text(arena, str_text(&detail));
    str_finish(&detail);
    return text;
}

static void add_end(struct str *detail, const char *name)
{
    const struct value value = { .type = VALUE_TEXT, .text = name };

    add_value(detail, &value);
}

static const char *moved_detail(struct arena *arena, const char *from, const char *to)
{
    struct str detail = STR_EMPTY;
    const char *text;

    str_add(&detail, "{\"from\":");
    add_end(&detail, from);
    str_add(&detail, ",\"to\":");
    add_end(&detail, to);
    str_add_char(&detail, '}');
    text = arena_text(arena, str_text(&detail));
    str_finish(&detail);
    return text;
}

/* ----------------------------------------------------------------------------------------------------- noting ---- */

static const struct link *copy_link(struct arena *arena, const struct link *link)
{
    struct link *copy = arena_alloc(arena, sizeof *copy);

    copy->kind = arena_text(arena, link->kind);
    copy->key = link->key == NULL ? NULL : arena_text(arena, link->key);
    copy->value = link->value == NULL ? NULL : arena_text(arena, link->value);
    return copy;
}

void change_note_delta(struct work *work, int64_t item, const struct delta *delta)
{
    struct change change = { .item = item };

    if (delta_is_change(delta)) {
        change.what = CHANGE_CHANGED;
        change.detail = changed_detail(&work->arena, delta);
        work_note(work, &change);
    }
    if (delta->moved_to != NULL) {
        change.what = CHANGE_MOVED;
        change.detail = NULL;
        change.from = copy_link(&work->arena, delta->moved_from);
        change.to = copy_link(&work->arena, delta->moved_to);
        work_note(work, &change);
    }
}

void change_note_move(struct work *work, int64_t item, const char *from, const char *to)
{
    const struct change change = {
        .item = item,
        .what = CHANGE_MOVED,
        .detail = moved_detail(&work->arena, from, to),
    };

    work_note(work, &change);
}

void change_note_gone(struct work *work, int64_t item, const char *why)
{
    const struct change change = {
        .item = item,
        .what = CHANGE_GONE,
        .detail = one_text(&work->arena, "why", why),
    };

    work_note(work, &change);
}

/* ---------------------------------------------------------------------------------------------------- writing ---- */

/* The far end's name where the scope has it, else what the link calls it. */
static bool name_end(struct work *work, const struct link *link, const char **name, struct err *err)
{
    struct sql_query query;

    *name = link->key == NULL ? link->value : link->key;
    if (link->key == NULL)
        return true;
    sql_query(&query, work->sql, "SELECT name FROM item WHERE scope = ?1 AND kind = ?2 AND key = ?3");
    sql_bind_int(&query, 1, work->target.scope);
    sql_bind_text(&query, 2, link->kind);
    sql_bind_text(&query, 3, link->key);
    if (sql_row(&query))
        *name = arena_text(&work->arena, sql_text(&query, 0));
    return sql_done(&query, err);
}

/* Only now are all the items of the transaction there to be asked for their names. */
static bool finish_move(struct work *work, struct change *change, struct err *err)
{
    const char *from, *to;

    if (!name_end(work, change->from, &from, err) || !name_end(work, change->to, &to, err))
        return false;
    change->detail = moved_detail(&work->arena, from, to);
    return true;
}

static bool write_one(struct work *work, struct change *change, struct err *err)
{
    struct history_row row = {
        .journal = work->result->journal,
        .at = work->at,
        .item = change->item,
        .what = words[change->what],
    };

    if (change->from != NULL && !finish_move(work, change, err))
        return false;
    row.detail = change->detail == NULL ? "{}" : change->detail;
    return history_write(work->sql, &row, err);
}

bool change_write(struct work *work, struct err *err)
{
    vec_each (change, &work->changes) {
        if (!write_one(work, change, err))
            return false;
    }
    return true;
}
