/* One plugin header as a table of numbers, so that two headers with the same names can be compared. */
#ifndef ABI_TABLE_H
#define ABI_TABLE_H

#include <stddef.h>

enum abi_rule {
    ABI_SAME,
    ABI_NOT_LESS,
};

struct abi_row {
    const char *name;
    enum abi_rule rule;
    long long value; /* a constant, a member's offset, a struct's size */
};

struct abi_table {
    const struct abi_row *rows;
    size_t count;
};

extern const struct abi_table abi_table_v1;    /* the frozen header */
extern const struct abi_table abi_table_today; /* plugins/muster_plugin.h */

#endif
