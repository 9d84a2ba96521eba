/* Rules of a configuration that a test makes, with the knowledge that comes with the tree. */
#ifndef TREE_RULES_H
#define TREE_RULES_H

struct config;
struct rules;

/* As rules_create. */
struct rules *tree_rules(const struct config *config);

#endif
