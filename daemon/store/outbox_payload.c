/* The payload, as docs/hooks.md and docs/hook-payload.schema.json describe it. Whatever the fleet is called stands in
 * it as JSON, cut with an ellipsis where it is long. */
#include "clock.h"
#include "json.h"
#include "outbox_parts.h"
#include "utf8.h"

#include <inttypes.h>
#include <string.h>

enum { MAX_NAME = 256, MAX_SENTENCE = 1024 };
#define ELLIPSIS "\xE2\x80\xA6"

static void add_cut(struct str *out, const char *text, size_t size)
{
    char cut[MAX_SENTENCE + sizeof ELLIPSIS] = "";

    if (strnlen(text, size + 1) <= size) {
        json_add_text(out, text);
        return;
    }
    memcpy(cut, text, size);
    utf8_trim(cut);
    memcpy(cut + strlen(cut), ELLIPSIS, sizeof ELLIPSIS);
    json_add_text(out, cut);
}

static void add_text(struct str *out, const char *name, const char *text, size_t size)
{
    json_add_name(out, name);
    if (text == NULL)
        str_add(out, "null");
    else
        add_cut(out, text, size);
}

static void add_name(struct str *out, const char *name, const char *text)
{
    add_text(out, name, text, MAX_NAME);
}

static void add_number(struct str *out, const char *name, int64_t number)
{
    json_add_name(out, name);
    str_format(out, "%" PRId64, number);
}

static void add_time(struct str *out, const char *name, int64_t at)
{
    char text[CLOCK_TEXT_SIZE];

    add_name(out, name, clock_text(at, text));
}

static void add_asset(struct str *out, const char *name, const struct outbox_asset *asset)
{
    json_add_name(out, name);
    if (asset->id == 0) {
        str_add(out, "null");
        return;
    }
    str_add_char(out, '{');
    add_number(out, "id", asset->id);
    add_name(out, "kind", asset->kind);
    add_name(out, "name", asset->name);
    str_add_char(out, '}');
}

/* ----------------------------------------------------------------------------------------------------- entries ---- */

static const char *word_or_null(const char *word)
{
    return word[0] == '\0' ? NULL : word;
}

/* The next word of a state, "act unlisted newer". */
static const char *next_word(char **rest)
{
    char *word = *rest, *blank = strchr(word, ' ');

    if (blank != NULL)
        *blank = '\0';
    *rest = blank == NULL ? word + strlen(word) : blank + 1;
    return word_or_null(word);
}

/* What the hook heard of something that is no finding is not described, nor what it was to hear anew. */
static void add_previous(struct str *out, const struct outbox_face *face)
{
    char state[128], *rest = state;

    json_add_name(out, "previous");
    if (face->heard == NULL || face->heard[0] == '\0' || !event_is_finding(face->what) ||
        strlen(face->heard) >= sizeof state) {
        str_add(out, "null");
        return;
    }
    memcpy(state, face->heard, strlen(face->heard) + 1);
    str_add_char(out, '{');
    add_name(out, "class", next_word(&rest));
    add_name(out, "verdict", next_word(&rest));
    add_name(out, "unlisted", next_word(&rest));
    str_add_char(out, '}');
}

static void add_texts(struct str *out, const char *name, const char *const *texts, size_t count, size_t size)
{
    json_add_name(out, name);
    str_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        str_add(out, i == 0 ? "" : ",");
        add_cut(out, texts[i], size);
    }
    str_add_char(out, ']');
}

static void add_rows(struct str *out, const struct outbox_face *face)
{
    json_add_name(out, "rows");
    str_add_char(out, '[');
    for (size_t i = 0; i < face->row_count; i++)
        str_format(out, "%s%" PRId64, i == 0 ? "" : ",", face->rows[i]);
    str_add_char(out, ']');
}

static void add_finding(struct str *out, const struct outbox_face *face)
{
    json_add_name(out, "finding");
    if (face->finding.id == 0) {
        str_add(out, "null");
        return;
    }
    str_add_char(out, '{');
    add_number(out, "id", face->finding.id);
    add_name(out, "kind", face->finding.kind);
    add_name(out, "state", face->finding.state);
    add_number(out, "assets", face->finding.assets);
    add_number(out, "exempt", face->finding.exempt);
    add_number(out, "times", face->finding.times);
    add_time(out, "opened", face->finding.opened_at);
    str_add_char(out, '}');
}

static void add_key(struct str *out, const struct outbox_face *face)
{
    add_name(out, "class", word_or_null(need_word(face->need)));
    add_asset(out, "asset", &face->asset);
    add_name(out, "method", face->method);
    add_name(out, "workload", face->workload);
    add_name(out, "version", face->version);
    add_name(out, "installation", face->installation);
    add_name(out, "server", face->server);
    add_name(out, "product", face->product);
    add_name(out, "verdict", face->verdict);
    add_name(out, "unlisted", face->unlisted);
}

/* The members from class on, which the alert has of the entry that heads it, and each entry by itself. */
static void add_face(struct str *out, const struct outbox_face *face)
{
    add_key(out, face);
    add_previous(out, face);
    add_rows(out, face);
    add_texts(out, "reasons", face->reasons, face->reason_count, MAX_SENTENCE);
    add_text(out, "step", face->step, MAX_SENTENCE);
    add_asset(out, "cause", &face->cause);
    add_name(out, "owner", face->owner);
    add_name(out, "site", face->site);
    add_name(out, "criticality", face->criticality);
    add_name(out, "coverage", face->coverage);
    add_texts(out, "targets", face->targets, face->target_count, MAX_NAME);
    if (face->more_targets > 0)
        add_number(out, "more_targets", (int64_t)face->more_targets);
    add_finding(out, face);
    json_add_name(out, "detail");
    str_add(out, face->detail == NULL ? "null" : face->detail);
}

/* Whether it fits; the end needs some bytes, too. */
static bool add_entry(struct str *out, struct str *entry, const struct outbox_face *face, bool first)
{
    str_clear(entry);
    str_add(entry, first ? "{" : ",{");
    add_name(entry, "event", event_word(face->what));
    add_face(entry, face);
    str_add_char(entry, '}');
    if (out->length + entry->length + 64 > OUTBOX_MAX_PAYLOAD)
        return false;
    str_add_bytes(out, entry->bytes, entry->length);
    return true;
}

static size_t add_entries(struct str *out, const struct outbox_payload *payload)
{
    struct str entry = STR_EMPTY;
    size_t shown = 0;

    json_add_name(out, "findings");
    str_add_char(out, '[');
    while (shown < payload->shown && add_entry(out, &entry, &payload->faces[shown], shown == 0))
        shown++;
    str_add_char(out, ']');
    str_finish(&entry);
    return shown;
}

char *outbox_payload_write(const struct outbox_payload *payload)
{
    struct str out = STR_EMPTY;
    size_t shown;

    str_add_char(&out, '{');
    add_number(&out, "schema", 1);
    add_name(&out, "id", payload->key);
    add_name(&out, "event", event_word(payload->faces[0].what));
    add_time(&out, "time", payload->at);
    add_name(&out, "hook", payload->hook);
    add_text(&out, "title", payload->title, MAX_SENTENCE);
    add_number(&out, "count", (int64_t)payload->count);
    add_face(&out, &payload->faces[0]);
    shown = add_entries(&out, payload);
    add_number(&out, "more", (int64_t)(payload->count - shown));
    str_add(&out, "}\n");
    return out.bytes;
}
