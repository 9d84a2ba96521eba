#include "footprint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MB_OF_KIB (1024 / 1e6)
#define SCANS 2 /* generations beneath the daemon */

/* Adds what one process has. */
static void add_process(struct footprint *footprint, pid_t pid, int generation)
{
    char path[64], line[128];
    double own = 0, shares = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    file = fopen(path, "r");
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        double size = strchr(line, ':') == NULL ? 0 : strtod(strchr(line, ':') + 1, NULL) * MB_OF_KIB;

        if (strncmp(line, "Pss:", 4) == 0)
            shares += size;
        else if (strncmp(line, "Private_", 8) == 0)
            own += size;
    }
    fclose(file);
    footprint->whole += shares;
    if (generation < SCANS)
        return;
    footprint->processes++;
    footprint->scan = own > footprint->scan ? own : footprint->scan;
    footprint->scan_shares = shares > footprint->scan_shares ? shares : footprint->scan_shares;
}

static void add_children(struct footprint *footprint, pid_t pid, int generation)
{
    char path[64];
    FILE *file;
    int child;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    file = fopen(path, "r");
    if (file == NULL)
        return;
    while (fscanf(file, "%d", &child) == 1) {
        add_process(footprint, child, generation);
        if (generation < SCANS)
            add_children(footprint, child, generation + 1);
    }
    fclose(file);
}

void footprint_take(struct footprint *footprint, pid_t daemon)
{
    *footprint = (struct footprint){ 0 };
    add_process(footprint, daemon, 0);
    add_children(footprint, daemon, 1);
}

void footprint_raise(struct footprint *most, const struct footprint *seen)
{
    most->whole = seen->whole > most->whole ? seen->whole : most->whole;
    most->scan = seen->scan > most->scan ? seen->scan : most->scan;
    most->scan_shares = seen->scan_shares > most->scan_shares ? seen->scan_shares : most->scan_shares;
    most->processes = seen->processes > most->processes ? seen->processes : most->processes;
}
