/* A verdict of which every member has a value, for the tests of what is told about verdicts. A test may change all of
 * it: sample_make gives it back as it was. */
#ifndef VERDICT_SAMPLE_H
#define VERDICT_SAMPLE_H

#include "verdict.h"

struct sample {
    struct thing host, vm, volume;
    struct edition edition;
    struct entry_row row, other_row;
    const struct entry_row *rows[2];
    struct condition condition;
    struct value value;
    struct attestation attestation;
    struct verdict_condition conditions[2];
    const char *versions[1], *installations[2], *covers[2], *omits[1];
    struct product product;
    struct version version;
    struct ruling ruling;
    struct leg legs[2];
    struct verdict verdict;
};

static inline void sample_make_legs(struct sample *s)
{
    s->legs[0] = (struct leg){
        .thing = &s->host,
        .workload = "hyperv-host",
        .versions = s->versions,
        .version_count = 1,
        .installations = s->installations,
        .installation_count = 2,
        .reading = READING_SERVER,
        .word = VERDICT_UNLISTED,
        .class = CLASS_NEWER,
        .rows = s->rows,
        .row_count = 2,
        .conditions = s->conditions,
        .condition_count = 2,
        .covers = s->covers,
        .cover_count = 2,
        .omits = s->omits,
        .omit_count = 1,
        .reason = "Row 56 says no.",
        .missing = "os.build",
        .conflict = "os.build says one thing, os.name another.",
        .first = &s->product,
    };
    s->legs[1] = (struct leg){ .workload = "linux", .word = VERDICT_SUPPORTED };
}

static inline void sample_make_conditions(struct sample *s)
{
    s->condition = (struct condition){ .name = "R5", .id = "R5", .text = "WMF 4.0 is there.", .remedy = "Install it." };
    s->value = (struct value){ .type = VALUE_TEXT, .text = "2.0" };
    s->attestation = (struct attestation){ .who = "ann", .basis = "seen", .until_at = 5 };
    s->conditions[0] = (struct verdict_condition){
        .condition = &s->condition,
        .state = STATE_UNMET,
        .cause = { &s->volume, "wmf.version", COLLECTION_COUNT, &s->value, "switched off" },
    };
    s->conditions[1] = (struct verdict_condition){ .condition = &s->condition,
                                                   .state = STATE_ATTESTED,
                                                   .attestation = &s->attestation };
}

static inline void sample_make(struct sample *s)
{
    *s = (struct sample){
        .host = { .id = 12, .kind = "hyperv_host", .name = "ANT-HV08" },
        .vm = { .id = 13, .kind = "vm", .name = "ANT-VM01" },
        .volume = { .id = 14, .kind = "volume", .name = "D:" },
        .edition = { .name = "edition", .page = "https://page.example/", .date = "2018-08-17" },
        .row = { .row = 56 },
        .other_row = { .row = 57 },
        .versions = { "Windows Server 2008 SP2" },
        .installations = { "physical", "hyperv-vm" },
        .covers = { "vhd", "entire-vm" },
        .omits = { "pass-through disks" },
        .product = { .name = "mabs-v3" },
        .version = { .name = "Windows Server 2008 SP2", .mainstream_end = 1, .support_end = 2, .paid_end = 3 },
        .ruling = { .answer = ANSWER_YES, .who = "bob", .basis = "case 1", .review_at = 7 },
    };
    s->rows[0] = &s->row;
    s->rows[1] = &s->other_row;
    sample_make_conditions(s);
    sample_make_legs(s);
    s->verdict = (struct verdict){
        .thing = &s->vm,
        .method = METHOD_IMAGE,
        .server = "MABS01",
        .product = "mabs-v2",
        .edition = &s->edition,
        .word = VERDICT_UNLISTED,
        .class = CLASS_NEWER,
        .legs = s->legs,
        .leg_count = 2,
        .ruling = &s->ruling,
        .step = { STEP_PRODUCT, "Move to mabs-v3.", "Windows Server 2016", &s->product, METHOD_AGENT, 8 },
        .lifecycle = &s->version,
        .lifecycle_of = "esxi_host",
        .counts = true,
        .by = "any",
        .owner = "dba",
        .site = "north",
        .criticality = "high",
        .excluded = "lab",
        .cause = &s->host,
    };
}

#endif
