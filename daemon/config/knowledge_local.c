/* rulings = ( { product; workload; version; ... } ) and attestations = ( { condition; where = { ... }; ... } ): what
 * the organisation itself says. */
#include "clock.h"
#include "knowledge_parts.h"
#include "problem.h"
#include "text.h"

#include <string.h>

#define AT(member) offsetof(struct ruling_draft, ruling.member)
#define SAID(member) offsetof(struct attestation, member)

struct ruling_draft {
    struct ruling ruling;
    const char *word;
};

static const struct key ruling_keys[] = {
    { .name = "product", .read = setting_name, .offset = AT(product), .required = true },
    { .name = "workload", .read = setting_word, .offset = AT(workload), .required = true, .words = workload_words },
    { .name = "version", .read = setting_name, .offset = AT(version), .required = true },
    { .name = "installation", .read = setting_word, .offset = AT(installation), .words = installation_words },
    { .name = "answer",
      .read = setting_word,
      .offset = offsetof(struct ruling_draft, word),
      .required = true,
      .words = knowledge_answers },
    { .name = "who", .read = setting_name, .offset = AT(who), .required = true },
    { .name = "basis", .read = setting_text, .offset = AT(basis), .required = true },
    { .name = "review", .read = setting_day, .offset = AT(review_at), .required = true },
};

const struct group knowledge_ruling = { "a ruling", ruling_keys, sizeof ruling_keys / sizeof ruling_keys[0] };

static const struct key where_keys[] = {
    { .name = "kind", .read = setting_kind, .offset = SAID(kind) },
    { .name = "name", .read = setting_name, .offset = SAID(name) },
    { .name = "target", .read = setting_name, .offset = SAID(target) },
    { .name = "tag", .read = setting_name, .offset = SAID(tag) },
    { .name = "server", .read = setting_name, .offset = SAID(server) },
};

static const struct group where_group = { "where", where_keys, sizeof where_keys / sizeof where_keys[0] };

static const struct key attestation_keys[] = {
    { .name = "condition", .read = setting_name, .offset = SAID(condition), .required = true },
    { .name = "where", .read = setting_inner, .group = &where_group },
    { .name = "who", .read = setting_name, .offset = SAID(who), .required = true },
    { .name = "basis", .read = setting_text, .offset = SAID(basis) },
    { .name = "until", .read = setting_day, .offset = SAID(until_at), .required = true },
};

const struct group knowledge_attestation = { "an attestation", attestation_keys,
                                             sizeof attestation_keys / sizeof attestation_keys[0] };

static void warn_of_lapsed(struct lore *lore, struct config_place place, const char *what, const char *key, int64_t at)
{
    char day[CLOCK_TEXT_SIZE];

    if (at != 0 && at < lore->now_ms)
        warning_add(lore->reader.problems, place,
                    "this %s lapsed with the end of %.10s; look at it again, and give it "
                    "another day (%s) or take it out",
                    what, clock_text(at, day), key);
}

static bool is_key_of(const struct ruling *a, const struct ruling *b)
{
    return strcmp(a->product, b->product) == 0 && strcmp(a->workload, b->workload) == 0 &&
           strcmp(a->version, b->version) == 0 && a->installation == b->installation;
}

static bool is_first(struct lore *lore, const struct ruling *ruling, struct config_place place)
{
    char file[TEXT_QUOTE_SIZE];

    vec_each (other, &lore->rulings) {
        if (is_key_of(other, ruling)) {
            problem_add(lore->reader.problems, place, "there is a ruling for the same key at %s:%d",
                        text_quote(file, other->file), other->line);
            return false;
        }
    }
    return true;
}

void knowledge_add_ruling(struct reader *reader, const config_setting_t *setting)
{
    struct config_place place = setting_place(reader, setting);
    struct lore *lore = lore_of(reader);
    struct ruling_draft draft = { .ruling = { .file = place.file, .line = place.line } };
    struct ruling *ruling = &draft.ruling;
    bool good;

    setting_group(reader, setting, &knowledge_ruling, &draft);
    if (draft.word != NULL)
        ruling->answer = knowledge_answer(draft.word);
    warn_of_lapsed(lore, place, "ruling", "review", ruling->review_at);
    if (ruling->product == NULL || ruling->workload == NULL || ruling->version == NULL)
        return;
    good = knowledge_has_product(lore, place, "product", ruling->product);
    good = knowledge_has_version(lore, place, "version", ruling->workload, &ruling->version) && good;
    if (!good || !is_first(lore, ruling, place))
        return;
    if (lore->rulings.count < KNOWLEDGE_MAX_LOCAL)
        vec_push(&lore->rulings, *ruling);
    else
        problem_add(reader->problems, place, "more than %d rulings", KNOWLEDGE_MAX_LOCAL);
}

void knowledge_add_attestation(struct reader *reader, const config_setting_t *setting)
{
    struct config_place place = setting_place(reader, setting);
    struct attestation attestation = { .file = place.file, .line = place.line };
    struct lore *lore = lore_of(reader);

    setting_group(reader, setting, &knowledge_attestation, &attestation);
    warn_of_lapsed(lore, place, "attestation", "until", attestation.until_at);
    if (attestation.condition == NULL)
        return;
    if (lore->attestations.count < KNOWLEDGE_MAX_LOCAL)
        vec_push(&lore->attestations, attestation);
    else
        problem_add(reader->problems, place, "more than %d attestations", KNOWLEDGE_MAX_LOCAL);
}
