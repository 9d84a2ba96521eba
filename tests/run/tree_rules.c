#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree_rules.h"

#include "config.h"
#include "knowledge.h"
#include "rules.h"

struct rules *tree_rules(const struct config *config)
{
    struct config_problems problems;
    struct knowledge *knowledge;

    config_problems_init(&problems);
    knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_finish(&problems);
    assert_non_null(knowledge);
    return rules_create(config, knowledge);
}
