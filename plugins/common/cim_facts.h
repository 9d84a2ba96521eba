/* What of an instance becomes which fact, as a table. Pure.
 *
 *     static const struct cim_rule rules[] = { { "Caption", "os.name", CIM_FACT_TEXT }, ... };
 *     cim_facts(item, instance, rules, sizeof rules / sizeof *rules);
 *
 * What did not come, is nil or is empty sets nothing. A value that is not what it must be is unread, and says so. */
#ifndef CIM_FACTS_H
#define CIM_FACTS_H

#include "cim.h"
#include "facts.h"

#include <stdbool.h>
#include <stddef.h>

#define CIM_UUID_SIZE 37
#define CIM_MAC_SIZE 18

enum cim_form {
    CIM_FACT_TEXT, /* blanks around it are dropped */
    CIM_FACT_UPPER,
    CIM_FACT_UUID,   /* in lower case, without braces */
    CIM_FACT_NUMBER, /* not negative */
    CIM_FACT_TRUTH,
};

struct cim_rule {
    const char *property, *attribute;
    enum cim_form form;
};

void cim_facts(struct item *item, const struct cim_instance *instance, const struct cim_rule *rules, size_t count);

/* A UUID in lower case without braces. False where the text is none. */
bool cim_uuid(const char *text, char uuid[CIM_UUID_SIZE]);

/* A MAC address in lower case with colons; given with colons, dashes or nothing between. False where the text is none.
 */
bool cim_mac(const char *text, char mac[CIM_MAC_SIZE]);

#endif
