/* Any text as the rulings and attestations beside an edition. */
#include "knowledge_case.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct source_text texts[] = {
        knowledge_case_products,
        knowledge_case_matrix,
        { "fuzz.conf", (const char *)data, size },
    };

    knowledge_case(texts, sizeof texts / sizeof texts[0]);
    return 0;
}
