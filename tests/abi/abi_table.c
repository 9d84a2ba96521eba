/* Compiled once for each header: ABI_HEADER is its name, ABI_TABLE the table's. That a member has another type, or a
 * function other arguments, is an error of this compilation. */
#include "abi_table.h"

#include ABI_HEADER

#define TYPE_OF(type, member) __typeof__(((struct type *)NULL)->member)

#define ABI_NUMBER(name)
#define ABI_LIMIT(name)
#define ABI_SIZE(type)
#define ABI_MEMBER(type, member, wanted)                                                                               \
    _Static_assert(__builtin_types_compatible_p(TYPE_OF(type, member), __typeof__(wanted)),                            \
                   #type "." #member " has another type");
#define ABI_FUNCTION(type, name, arguments) type name arguments;
#include "abi_v1.def"
#undef ABI_NUMBER
#undef ABI_LIMIT
#undef ABI_SIZE
#undef ABI_MEMBER
#undef ABI_FUNCTION

static const struct abi_row rows[] = {
#define ABI_NUMBER(name) { #name, ABI_SAME, name },
#define ABI_LIMIT(name) { #name, ABI_NOT_LESS, name },
#define ABI_SIZE(type) { "sizeof " #type, ABI_NOT_LESS, sizeof(struct type) },
#define ABI_MEMBER(type, member, wanted) { #type "." #member, ABI_SAME, offsetof(struct type, member) },
#define ABI_FUNCTION(type, name, arguments)
#include "abi_v1.def"
};

const struct abi_table ABI_TABLE = { rows, sizeof rows / sizeof rows[0] };
