#include "verdict.h"

#include "digest.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const words[] = {
    [VERDICT_SUPPORTED] = "supported",     [VERDICT_DEPRECATED] = "deprecated",
    [VERDICT_CONDITIONAL] = "conditional", [VERDICT_UNKNOWN] = "unknown",
    [VERDICT_UNLISTED] = "unlisted",       [VERDICT_CONTRADICTORY] = "contradictory",
    [VERDICT_UNSUPPORTED] = "unsupported",
};
static const char *const classes[] = {
    [CLASS_NONE] = "",       [CLASS_GAP] = "gap", [CLASS_LEVEL] = "level",     [CLASS_NEWER] = "newer",
    [CLASS_OLDER] = "older", [CLASS_SKU] = "sku", [CLASS_FOREIGN] = "foreign",
};
static const char *const methods[] = {
    [METHOD_AGENT] = "agent", [METHOD_APPLICATION] = "application", [METHOD_IMAGE] = "image", [METHOD_HOST] = "host"
};
static const char *const states[] = {
    [STATE_MET] = "met",           [STATE_UNMET] = "unmet",       [STATE_MISSING] = "missing",
    [STATE_FOOTNOTE] = "footnote", [STATE_ATTESTED] = "attested", [STATE_SCOPE] = "scope",
};

/* "" where an enum holds what it has no word for. */
static const char *word_at(const char *const *table, size_t count, size_t index)
{
    return index < count && table[index] != NULL ? table[index] : "";
}

const char *verdict_word(enum verdict_word word)
{
    return word_at(words, COUNT(words), word);
}

enum verdict_word verdict_find(const char *word)
{
    for (size_t i = VERDICT_SUPPORTED; i < COUNT(words); i++) {
        if (strcmp(words[i], word) == 0)
            return (enum verdict_word)i;
    }
    return 0;
}

const char *verdict_class_word(enum verdict_class class)
{
    return word_at(classes, COUNT(classes), class);
}

enum verdict_class verdict_class_find(const char *word)
{
    enum verdict_class class = CLASS_FOREIGN;

    while (class != CLASS_NONE && strcmp(classes[class], word) != 0)
        class --;
    return class;
}

const char *method_word(enum method method)
{
    return word_at(methods, COUNT(methods), method);
}

const char *condition_state_word(enum condition_state state)
{
    return word_at(states, COUNT(states), state);
}

static void digest_thing(struct digest *digest, const struct thing *thing)
{
    digest_number(digest, thing == NULL ? 0 : thing->id);
    digest_text(digest, thing == NULL ? NULL : thing->kind);
    digest_text(digest, thing == NULL ? NULL : thing->name);
}

static void digest_value(struct digest *digest, const struct value *value)
{
    digest_number(digest, value == NULL ? 0 : (int64_t)value->type);
    if (value == NULL)
        return;
    switch (value->type) {
    case VALUE_TEXT: digest_text(digest, value->text); break;
    case VALUE_INT: digest_number(digest, value->number); break;
    case VALUE_BOOL: digest_number(digest, value->truth); break;
    case VALUE_LIST: digest_texts(digest, value->list.texts, value->list.count); break;
    }
}

/* What condition it is, is said by its texts: its name means nothing to who reads a verdict. */
static void digest_condition(struct digest *digest, const struct verdict_condition *condition)
{
    const struct attestation *attestation = condition->attestation;

    digest_number(digest, condition->state);
    digest_text(digest, condition->condition->id);
    digest_text(digest, condition->condition->text);
    digest_text(digest, condition->condition->remedy);
    digest_thing(digest, condition->cause.thing);
    digest_text(digest, condition->cause.fact);
    digest_number(digest, condition->cause.collection);
    digest_value(digest, condition->cause.value);
    digest_text(digest, condition->cause.why);
    digest_text(digest, attestation == NULL ? NULL : attestation->who);
    digest_text(digest, attestation == NULL ? NULL : attestation->basis);
    digest_number(digest, attestation == NULL ? 0 : attestation->until_at);
}

static void digest_leg(struct digest *digest, const struct leg *leg)
{
    digest_thing(digest, leg->thing);
    digest_text(digest, leg->workload);
    digest_texts(digest, leg->versions, leg->version_count);
    digest_texts(digest, leg->installations, leg->installation_count);
    digest_number(digest, leg->reading);
    digest_number(digest, leg->word);
    digest_number(digest, leg->class);
    digest_number(digest, (int64_t)leg->row_count);
    for (size_t i = 0; i < leg->row_count; i++)
        digest_number(digest, leg->rows[i]->row);
    digest_number(digest, (int64_t)leg->condition_count);
    for (size_t i = 0; i < leg->condition_count; i++)
        digest_condition(digest, &leg->conditions[i]);
    digest_texts(digest, leg->covers, leg->cover_count);
    digest_texts(digest, leg->omits, leg->omit_count);
    digest_text(digest, leg->reason);
    digest_text(digest, leg->missing);
    digest_text(digest, leg->conflict);
    digest_text(digest, leg->first == NULL ? NULL : leg->first->name);
}

static void digest_step(struct digest *digest, const struct step *step)
{
    digest_number(digest, step->type);
    digest_text(digest, step->text);
    digest_text(digest, step->version);
    digest_text(digest, step->product == NULL ? NULL : step->product->name);
    digest_number(digest, step->method);
    digest_number(digest, step->support_end);
}

static void digest_ruling(struct digest *digest, const struct ruling *ruling)
{
    digest_number(digest, ruling == NULL ? 0 : (int64_t)ruling->answer);
    if (ruling == NULL)
        return;
    digest_text(digest, ruling->who);
    digest_text(digest, ruling->basis);
    digest_number(digest, ruling->review_at);
}

static void digest_lifecycle(struct digest *digest, const struct version *version)
{
    digest_text(digest, version == NULL ? NULL : version->name);
    if (version == NULL)
        return;
    digest_number(digest, version->mainstream_end);
    digest_number(digest, version->support_end);
    digest_number(digest, version->paid_end);
}

struct hash128 verdict_digest(const struct verdict *verdict)
{
    const struct edition *edition = verdict->edition;
    const char *const texts[] = {
        verdict->server,
        verdict->product,
        verdict->by,
        verdict->owner,
        verdict->site,
        verdict->criticality,
        verdict->excluded,
        edition == NULL ? NULL : edition->name,
        edition == NULL ? NULL : edition->page,
        edition == NULL ? NULL : edition->date,
    };
    struct digest digest = DIGEST_EMPTY;

    digest_thing(&digest, verdict->thing);
    digest_number(&digest, verdict->method);
    digest_number(&digest, verdict->word);
    digest_number(&digest, verdict->class);
    digest_number(&digest, verdict->counts);
    digest_texts(&digest, texts, COUNT(texts));
    digest_number(&digest, (int64_t)verdict->leg_count);
    for (size_t i = 0; i < verdict->leg_count; i++)
        digest_leg(&digest, &verdict->legs[i]);
    digest_ruling(&digest, verdict->ruling);
    digest_step(&digest, &verdict->step);
    digest_lifecycle(&digest, verdict->lifecycle);
    digest_text(&digest, verdict->lifecycle_of);
    digest_thing(&digest, verdict->cause);
    digest_text(&digest, verdict->server_scanned);
    digest_text(&digest, verdict->server_conflict);
    return digest_end(&digest);
}
