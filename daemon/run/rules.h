/* What a configuration says of identities, kept for as long as a commit needs it: one in flight may outlive the
 * configuration that it began with. For the loop's thread. */
#ifndef RULES_H
#define RULES_H

struct config;
struct identity_rules;
struct rules;

/* Copies what it needs. One reference is the caller's. */
struct rules *rules_create(const struct config *config);
struct rules *rules_keep(struct rules *rules);

/* NULL is allowed. */
void rules_release(struct rules *rules);

const struct identity_rules *rules_identities(const struct rules *rules);

#endif
