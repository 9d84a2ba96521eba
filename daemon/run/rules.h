/* What the daemon decides by and no scan brings: the configuration's identities, backup servers and assign rules, and
 * the protection matrix. Kept for as long as a commit needs it: one in flight may outlive the configuration that it
 * began with. References are for the loop's thread; what they lead to does not change. */
#ifndef RULES_H
#define RULES_H

struct basis;
struct config;
struct hooks;
struct identity_rules;
struct knowledge;
struct maintenance;
struct report_orders;
struct rules;

/* Copies what it needs of the configuration; the knowledge is its own from then on. One reference is the caller's. */
struct rules *rules_create(const struct config *config, struct knowledge *knowledge);
struct rules *rules_keep(struct rules *rules);

/* NULL is allowed. */
void rules_release(struct rules *rules);

const struct identity_rules *rules_identities(const struct rules *rules);
const struct basis *rules_basis(const struct rules *rules);
const struct hooks *rules_hooks(const struct rules *rules);
const struct maintenance *rules_maintenance(const struct rules *rules);
const struct report_orders *rules_reports(const struct rules *rules);

#endif
