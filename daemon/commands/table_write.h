/* The three writers behind document_print. */
#ifndef TABLE_WRITE_H
#define TABLE_WRITE_H

#include "str.h"
#include "table.h"

struct document_writer {
    const struct document *document;
    const struct style *style;
    struct str text; /* what was written and not yet put out */
};

void document_write_table(struct document_writer *writer);
void document_write_json(struct document_writer *writer);
void document_write_csv(struct document_writer *writer);

/* Puts out what there is, so that a large document takes little memory. */
void document_flush(struct document_writer *writer);

#endif
