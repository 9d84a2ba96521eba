/* knowledge_measure PRODUCTS MATRIX: reads products.conf and the folder matrix/, says what is wrong with them, else
 * what they hold and what that costs. */
#include "knowledge.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* What is resident, in KiB; 0 where it cannot be told. */
static long resident_kib(void)
{
    char line[256];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        sscanf(line, "VmRSS: %ld", &kib);
    if (file != NULL)
        fclose(file);
    return kib;
}

static void tell(const struct knowledge *knowledge, double took)
{
    const struct matrix *matrix = knowledge_matrix(knowledge);
    const struct products *products = knowledge_products(knowledge);
    size_t count, versions = 0;
    const struct knowledge_file *files = knowledge_files(knowledge, &count);

    for (size_t i = 0; i < products->family_count; i++)
        versions += products->families[i].version_count;
    for (size_t i = 0; i < count; i++)
        printf("%s: %s, %zu rows of the page\n", files[i].path,
               files[i].edition == NULL ? "no edition" : files[i].edition, files[i].rows);
    for (size_t i = 0; i < matrix->edition_count; i++)
        printf("edition %s: %zu rows\n", matrix->editions[i].name, matrix->editions[i].row_count);
    printf("%zu products, %zu families with %zu versions; %zu common conditions, %zu rulings, %zu attestations\n",
           products->product_count, products->family_count, versions, matrix->condition_count, matrix->ruling_count,
           matrix->attestation_count);
    printf("%zu bytes, read in %.1f ms\n", knowledge_bytes(knowledge), took);
}

int main(int argc, char **argv)
{
    struct config_problems problems;
    struct knowledge *knowledge;
    long before = resident_kib();
    double start = now_ms(), took;

    if (argc != 3) {
        fputs("usage: knowledge_measure PRODUCTS MATRIX\n", stderr);
        return EXIT_FAILURE;
    }
    config_problems_init(&problems);
    knowledge = knowledge_load(argv[1], argv[2], SOURCE_READABLE, &problems);
    took = now_ms() - start;
    config_problems_print(&problems);
    if (knowledge != NULL)
        tell(knowledge, took);
    printf("%ld KiB more are resident, of the program and its libraries too\n", resident_kib() - before);
    knowledge_unload(knowledge);
    config_problems_finish(&problems);
    return knowledge != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
