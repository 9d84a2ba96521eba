/* conditions = ( { name; text; test; ... } ) */
#include "knowledge_parts.h"
#include "problem.h"

#include <string.h>

#define AT(member) offsetof(struct condition_draft, member)

static const char *const effects[] = { "verdict", "row", "scope", NULL };
static const char *const missings[] = { "conditional", "footnote", NULL };
static const char *const subjects[] = { "asked", "protected", NULL };
static const char *const steps[] = { "update",  "service-pack", "method", "file-system",
                                     "product", "upgrade",      "other",  NULL };

static const struct key keys[] = {
    { .name = "name", .read = setting_name, .offset = AT(condition.name), .required = true },
    { .name = "id", .read = setting_name, .offset = AT(condition.id) },
    { .name = "text", .read = setting_text, .offset = AT(condition.text), .required = true },
    { .name = "test",
      .read = knowledge_test,
      .offset = AT(condition.test),
      .required = true,
      .example = KNOWLEDGE_TEST_EXAMPLE },
    { .name = "effect", .read = setting_word, .offset = AT(effect), .words = effects },
    { .name = "missing", .read = setting_word, .offset = AT(missing), .words = missings },
    { .name = "of", .read = setting_word, .offset = AT(of), .words = subjects },
    { .name = "omits", .read = setting_text, .offset = AT(condition.omits) },
    { .name = "cannot", .read = setting_text, .offset = AT(condition.cannot) },
    { .name = "step", .read = setting_word, .offset = AT(step), .words = steps },
    { .name = "remedy", .read = setting_text, .offset = AT(condition.remedy) },
};

const struct group knowledge_condition = { "a condition", keys, sizeof keys / sizeof keys[0] };

void knowledge_add_condition(struct reader *reader, const config_setting_t *setting)
{
    struct condition_draft draft = { .place = setting_place(reader, setting) };
    struct condition *condition = &draft.condition;

    setting_group(reader, setting, &knowledge_condition, &draft);
    if (condition->id == NULL)
        condition->id = condition->name;
    condition->effect = draft.effect == NULL ? EFFECT_VERDICT : EFFECT_VERDICT + knowledge_index(effects, draft.effect);
    condition->footnote = draft.missing != NULL && strcmp(draft.missing, "footnote") == 0;
    condition->of_protected = draft.of != NULL && strcmp(draft.of, "protected") == 0;
    if (draft.step != NULL)
        condition->step = step_find(draft.step);
    if (condition->effect == EFFECT_SCOPE && condition->omits == NULL)
        problem_add(reader->problems, draft.place,
                    "a condition with effect = \"scope\" says what is not covered; add: omits = \"...\";");
    if (condition->effect != EFFECT_SCOPE && condition->omits != NULL)
        problem_add(reader->problems, draft.place,
                    "omits: only a condition with effect = \"scope\" leaves something out");
    if (condition->name != NULL)
        vec_push(&lore_of(reader)->sheet->conditions, draft);
}
