/* Members of a JSON object, as the report writes them. What is not there is null. */
#ifndef JSON_ROW_H
#define JSON_ROW_H

#include "query_report.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum member_type {
    MEMBER_TEXT,    /* const char * */
    MEMBER_WORD,    /* the same, "" being none */
    MEMBER_NUMBER,  /* int64_t */
    MEMBER_ID,      /* the same, 0 being none */
    MEMBER_COUNT,   /* the same, -1 being none */
    MEMBER_TRUTH,   /* bool */
    MEMBER_TIME,    /* int64_t, 0 being none */
    MEMBER_TEXTS,   /* struct query_texts */
    MEMBER_NUMBERS, /* the same, of numbers */
    MEMBER_NEED,    /* enum need */
};

/* Where a member stands in the struct that is written. */
struct member {
    const char *name;
    enum member_type type;
    size_t offset;
};

/* Appends the members to the object that out ends in. */
void json_row_members(struct str *out, const struct member *members, size_t count, const void *from);

/* The whole object, braces and all. */
void json_row(struct str *out, const struct member *members, size_t count, const void *from);

#define JSON_ROW(out, members, from) json_row(out, members, sizeof(members) / sizeof *(members), from)

#endif
