/* Any text as the one file of matrix/. */
#include "knowledge_case.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct source_text texts[] = {
        knowledge_case_products,
        { "fuzz.conf", (const char *)data, size },
    };

    knowledge_case(texts, sizeof texts / sizeof texts[0]);
    return 0;
}
