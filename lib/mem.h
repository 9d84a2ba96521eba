/* Memory from the heap that is there: allocation never returns NULL. A process that cannot get memory says so on
 * standard error and aborts; it is run again under supervision. */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

/* Zeroed memory for count elements of size bytes, to be freed with free(). */
void *mem_new(size_t count, size_t size);

/* Resizes memory to hold count elements of size bytes; the added part is not cleared. memory may be NULL. */
void *mem_grow(void *memory, size_t count, size_t size);

/* A copy of text on the heap, to be freed with free(). */
char *mem_text(const char *text);

/* Says that size bytes could not be had, and aborts. For other allocators that must not fail either. */
_Noreturn void mem_exhausted(size_t size);

#endif
