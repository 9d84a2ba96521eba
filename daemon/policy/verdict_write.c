/* The reason chain as JSON. What has no value is left out.
 *
 *     {"legs": [ {
 *          "asset": 12, "kind": "hyperv_host", "name": "ANT-HV08",   what the version is that of
 *          "workload": "hyperv-host",
 *          "versions": ["Windows Server 2008 SP2"],                  candidates, as are the next
 *          "installations": ["physical"],
 *          "installation_of": "backup-server",                       or "workload"
 *          "verdict": "unsupported", "class": "gap",
 *          "edition": "azure-backup-server", "page": "https://...", "date": "2018-08-17",
 *          "rows": [56],
 *          "conditions": [ {
 *               "id": "R5", "state": "unmet", "text": "...",         met unmet missing footnote attested scope
 *               "asset": 12, "name": "ANT-HV08",                     of what the fact is; the backup server: its name
 *               "fact": "wmf.version", "value": "2.0",               of a collection its word: "volumes"
 *               "why": "...", "remedy": "...",
 *               "attested": {"who": "...", "basis": "...", "until": 1780000000000} } ],
 *          "covers": ["volume"], "omits": ["system-state"],
 *          "reason": "...", "missing": "os.build", "conflict": "...",
 *          "first": "mabs-v3" } ],                                   of class newer: what lists it first
 *      "step": {"type": "upgrade", "text": "...", "version": "Windows Server 2016", "product": "mabs-v3",
 *               "method": "image",
 *               "support_end": 1800000000000},                       of version or product; no type: no single step
 *      "ruling": {"answer": "yes", "who": "...", "basis": "...", "review": 1780000000000},
 *      "cause": {"asset": 7, "name": "..."},
 *      "lifecycle": {"version": "...", "of": "hyperv_host",              of: whose it is, where not the workload's
 *                    "mainstream_end": 1420000000000, "support_end": 1580000000000, "paid_end": ...},
 *      "server_scanned": "mabs-v2",                                 the product that scans of the server show
 *      "server_conflict": "..."}                                    what scans show against the configuration
 *
 * Times are milliseconds since 1970 (UTC). Names and values are cut at 256 bytes, sentences at 1024, each with "...".
 * Of legs the first 16 are written, of another list the first 64; "more_legs", "more_conditions" and so on beside it
 * say how many others there are.
 */
#include "verdict.h"

#include "json.h"

#include <inttypes.h>
#include <string.h>

/* A leg is a thousand bytes, a cluster's machines have one for each of its nodes, and all are written anew when one of
 * these is another. */
enum { MAX_ENTRIES = 64, MAX_LEGS = 16, MAX_VALUE = 256, MAX_SENTENCE = 1024 };

static void add_number(struct str *out, const char *name, int64_t number)
{
    if (number == 0)
        return;
    json_add_name(out, name);
    str_format(out, "%" PRId64, number);
}

/* Both leave out what has no value; "" has none. */
static void add_cut(struct str *out, const char *name, const char *text, size_t size)
{
    char cut[MAX_SENTENCE + 1];
    const struct value value = { .type = VALUE_TEXT, .text = text };

    if (text == NULL || *text == '\0')
        return;
    json_add_name(out, name);
    json_add_text(out, strnlen(text, size + 1) <= size ? text : thing_value_text(&value, cut, size + 1));
}

static void add_word(struct str *out, const char *name, const char *text)
{
    add_cut(out, name, text, MAX_VALUE);
}

static void add_sentence(struct str *out, const char *name, const char *text)
{
    add_cut(out, name, text, MAX_SENTENCE);
}

/* Starts a list, and says before it how many entries are left out. Returns how many are to be written. */
static size_t open_list(struct str *out, const char *name, size_t count, size_t most)
{
    if (count > most) {
        str_format(out, "%s\"more_%s\":%zu", out->bytes[out->length - 1] == '{' ? "" : ",", name, count - most);
        count = most;
    }
    json_add_name(out, name);
    str_add_char(out, '[');
    return count;
}

static void separate(struct str *out, size_t index)
{
    if (index > 0)
        str_add_char(out, ',');
}

static void add_words(struct str *out, const char *name, const char *const *texts, size_t count)
{
    if (count == 0)
        return;
    count = open_list(out, name, count, MAX_ENTRIES);
    for (size_t i = 0; i < count; i++) {
        separate(out, i);
        json_add_text(out, texts[i]);
    }
    str_add_char(out, ']');
}

static void add_thing(struct str *out, const struct thing *thing)
{
    if (thing == NULL)
        return;
    add_number(out, "asset", thing->id);
    add_word(out, "name", thing->name);
}

/* A list is written as people read it, so that one limit holds for all of it. */
static void add_value(struct str *out, const struct value *value)
{
    char text[MAX_VALUE + 1];

    if (value == NULL)
        return;
    json_add_name(out, "value");
    if (value->type == VALUE_INT || value->type == VALUE_BOOL)
        json_add_value(out, value);
    else
        json_add_text(out, thing_value_text(value, text, sizeof text));
}

/* A condition that is met has no cause. What is known of no thing is one of the backup server, unless nothing is asked
 * of anything. */
static void add_cause(struct str *out, const struct verdict_condition *condition, const char *server)
{
    const struct condition_cause *cause = &condition->cause;
    bool decided = condition->state == STATE_MET || condition->state == STATE_ATTESTED;

    if (decided)
        return;
    add_thing(out, cause->thing);
    if (cause->thing == NULL && cause->fact != NULL)
        add_word(out, "name", server);
    add_word(out, "fact", cause->fact != NULL ? cause->fact : collection_word(cause->collection));
    add_value(out, cause->value);
    add_word(out, "why", cause->why);
    add_sentence(out, "remedy", condition->condition->remedy);
}

static void add_attestation(struct str *out, const struct attestation *attestation)
{
    if (attestation == NULL)
        return;
    json_add_name(out, "attested");
    str_add_char(out, '{');
    add_word(out, "who", attestation->who);
    add_sentence(out, "basis", attestation->basis);
    add_number(out, "until", attestation->until_at);
    str_add_char(out, '}');
}

static void add_condition(struct str *out, const struct verdict_condition *condition, const char *server)
{
    str_add_char(out, '{');
    add_word(out, "id", condition->condition->id);
    add_word(out, "state", condition_state_word(condition->state));
    add_sentence(out, "text", condition->condition->text);
    add_cause(out, condition, server);
    add_attestation(out, condition->attestation);
    str_add_char(out, '}');
}

static void add_conditions(struct str *out, const struct leg *leg, const char *server)
{
    size_t count;

    if (leg->condition_count == 0)
        return;
    count = open_list(out, "conditions", leg->condition_count, MAX_ENTRIES);
    for (size_t i = 0; i < count; i++) {
        separate(out, i);
        add_condition(out, &leg->conditions[i], server);
    }
    str_add_char(out, ']');
}

static void add_rows(struct str *out, const struct leg *leg)
{
    size_t count;

    if (leg->row_count == 0)
        return;
    count = open_list(out, "rows", leg->row_count, MAX_ENTRIES);
    for (size_t i = 0; i < count; i++) {
        separate(out, i);
        str_format(out, "%d", leg->rows[i]->row);
    }
    str_add_char(out, ']');
}

static void add_edition(struct str *out, const struct edition *edition)
{
    if (edition == NULL)
        return;
    add_word(out, "edition", edition->name);
    add_sentence(out, "page", edition->page);
    add_word(out, "date", edition->date);
}

static void add_key(struct str *out, const struct leg *leg)
{
    if (leg->thing != NULL) {
        add_number(out, "asset", leg->thing->id);
        add_word(out, "kind", leg->thing->kind);
        add_word(out, "name", leg->thing->name);
    }
    add_word(out, "workload", leg->workload);
    add_words(out, "versions", leg->versions, leg->version_count);
    add_words(out, "installations", leg->installations, leg->installation_count);
    add_word(out, "installation_of", leg->reading == 0 ? NULL : reading_word(leg->reading));
}

static void add_leg(struct str *out, const struct leg *leg, const struct verdict *verdict)
{
    str_add_char(out, '{');
    add_key(out, leg);
    add_word(out, "verdict", verdict_word(leg->word));
    add_word(out, "class", verdict_class_word(leg->class));
    add_edition(out, verdict->edition);
    add_rows(out, leg);
    add_conditions(out, leg, verdict->server);
    add_words(out, "covers", leg->covers, leg->cover_count);
    add_words(out, "omits", leg->omits, leg->omit_count);
    add_sentence(out, "reason", leg->reason);
    add_word(out, "missing", leg->missing);
    add_sentence(out, "conflict", leg->conflict);
    add_word(out, "first", leg->first == NULL ? NULL : leg->first->name);
    str_add_char(out, '}');
}

static void add_legs(struct str *out, const struct verdict *verdict)
{
    size_t count = open_list(out, "legs", verdict->leg_count, MAX_LEGS);

    for (size_t i = 0; i < count; i++) {
        separate(out, i);
        add_leg(out, &verdict->legs[i], verdict);
    }
    str_add_char(out, ']');
}

static void add_step(struct str *out, const struct step *step)
{
    if (step->text == NULL)
        return;
    json_add_name(out, "step");
    str_add_char(out, '{');
    add_word(out, "type", step->type == STEP_NONE ? NULL : step_word(step->type));
    add_sentence(out, "text", step->text);
    add_word(out, "version", step->version);
    add_word(out, "product", step->product == NULL ? NULL : step->product->name);
    add_word(out, "method", step->method == 0 ? NULL : method_word(step->method));
    add_number(out, "support_end", step->support_end);
    str_add_char(out, '}');
}

static void add_ruling(struct str *out, const struct ruling *ruling)
{
    if (ruling == NULL)
        return;
    json_add_name(out, "ruling");
    str_add_char(out, '{');
    add_word(out, "answer", answer_word(ruling->answer));
    add_word(out, "who", ruling->who);
    add_sentence(out, "basis", ruling->basis);
    add_number(out, "review", ruling->review_at);
    str_add_char(out, '}');
}

static void add_lifecycle(struct str *out, const struct version *version, const char *of)
{
    if (version == NULL)
        return;
    json_add_name(out, "lifecycle");
    str_add_char(out, '{');
    add_word(out, "version", version->name);
    add_word(out, "of", of);
    add_number(out, "mainstream_end", version->mainstream_end);
    add_number(out, "support_end", version->support_end);
    add_number(out, "paid_end", version->paid_end);
    str_add_char(out, '}');
}

void verdict_write(struct str *out, const struct verdict *verdict)
{
    str_add_char(out, '{');
    add_legs(out, verdict);
    add_step(out, &verdict->step);
    add_ruling(out, verdict->ruling);
    if (verdict->cause != NULL) {
        json_add_name(out, "cause");
        str_add_char(out, '{');
        add_thing(out, verdict->cause);
        str_add_char(out, '}');
    }
    add_lifecycle(out, verdict->lifecycle, verdict->lifecycle_of);
    add_word(out, "server_scanned", verdict->server_scanned);
    add_sentence(out, "server_conflict", verdict->server_conflict);
    str_add_char(out, '}');
}
