#include "examples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge_parts.h"
#include "scene.h"

#include <stdio.h>
#include <string.h>

static const struct condition *named_by(const struct edition *edition, const char *name)
{
    for (size_t i = 0; i < edition->row_count; i++) {
        for (size_t j = 0; j < edition->rows[i].condition_count; j++) {
            if (strcmp(edition->rows[i].conditions[j]->name, name) == 0)
                return edition->rows[i].conditions[j];
        }
    }
    return NULL;
}

const struct condition *example_condition(const struct matrix *matrix, const char *rule)
{
    const char *slash = strchr(rule, '/');

    for (size_t i = 0; slash == NULL && i < matrix->condition_count; i++) {
        if (strcmp(matrix->conditions[i].name, rule) == 0)
            return &matrix->conditions[i];
    }
    for (size_t i = 0; slash != NULL && i < matrix->edition_count; i++) {
        const struct edition *edition = &matrix->editions[i];

        if (strlen(edition->name) == (size_t)(slash - rule) && strncmp(edition->name, rule, strlen(edition->name)) == 0)
            return named_by(edition, slash + 1);
    }
    return NULL;
}

/* Conditions are asked within a verdict, when the judge knows for which server. */
static enum truth ask(const struct matrix *matrix, const struct condition *condition, struct scene *scene)
{
    static const struct estate estate = { .server_count = 0 };
    struct judge_setting setting = { .matrix = matrix, .estate = &estate, .world = &scene->world };
    struct judge *judge = judge_create(&setting);
    struct served server = { .name = "B" };
    enum truth truth;

    if (scene->server != NULL) {
        server.thing = *scene->server;
        judge->server = &server;
    }
    truth = condition_test(judge, condition->test, scene->things[0], NULL);
    judge_destroy(judge);
    return truth;
}

static bool holds(const struct matrix *matrix, const struct example *example)
{
    static const char *const words[] = { "no", "yes", "open" };
    const struct condition *condition = example_condition(matrix, example->rule);
    struct scene scene;
    enum truth truth;

    if (condition == NULL)
        fail_msg("there is no condition %s", example->rule);
    scene_init(&scene);
    for (size_t i = 0; i < EXAMPLE_THINGS && example->things[i] != NULL; i++)
        scene_add(&scene, example->things[i]);
    truth = ask(matrix, condition, &scene);
    scene_finish(&scene);
    if (truth != example->truth)
        fprintf(stderr, "%s is %s, not %s: %s\n", example->rule, words[truth], words[example->truth],
                example->things[1] == NULL ? example->things[0] : example->things[1]);
    return truth == example->truth;
}

size_t examples_wrong(const struct matrix *matrix, const struct example *examples, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++)
        wrong += !holds(matrix, &examples[i]);
    return wrong;
}
