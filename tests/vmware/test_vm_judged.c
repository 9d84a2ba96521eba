/* What the matrix says of a machine as it was scanned: the method image, rows 57 and 58 of the page of 2018. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge.h"
#include "knowledge.h"
#include "replay.h"
#include "sent_things.h"

#include <stdio.h>
#include <string.h>

#define VCENTER "b0a7e1d0-5c2f-4f0e-9b1a-3c5d7e9f1a2b"
#define DEVICES "config.hardware.device", "ArrayOfVirtualDevice"
#define DISK(store, rest)                                                                                              \
    "<VirtualDevice xsi:type='VirtualDisk'><key>2000</key><backing><fileName>[d] web01/web01.vmdk</fileName>"          \
    "<datastore type='Datastore'>" store "</datastore>" rest "</backing></VirtualDevice>"

static const struct licences paid = { .licence = { "esxEnterprisePlus", "vSphere 6 Enterprise Plus" } },
                             gratis = { .licence = { "esxBasic", "VMware vSphere 6 Hypervisor" } },
                             trial = { .licence = { "eval", "Evaluation Mode" } },
                             half_paid = { .entity = "host-21", .licence = { "esxEnterprisePlus", "Enterprise Plus" } },
                             unread = { .why = "the account lacks Global.Licenses" };

static const struct judged {
    const char *what;
    struct replay_row machine[4];
    const struct licences *licences;
    struct {
        const char *type, *moref;
        struct replay_row rows[4];
    } other;                /* takes the place of what the estate has */
    enum verdict_word word; /* 0: it does not count, for the reason that says has */
    const char *says, *omits;
} cases[] = {
    { "all as the page asks for", { { NULL } }, &paid, { NULL }, VERDICT_SUPPORTED, "row 57", NULL },
    { "the free hypervisor", { { NULL } }, &gratis, { NULL }, VERDICT_UNSUPPORTED, "R12", NULL },
    { "an evaluation", { { NULL } }, &trial, { NULL }, VERDICT_CONDITIONAL, "R12", NULL },
    { "one host without a licence", { { NULL } }, &half_paid, { NULL }, VERDICT_CONDITIONAL, "R12", NULL },
    { "licences that were not read", { { NULL } }, &unread, { NULL }, VERDICT_CONDITIONAL, "R12", NULL },

    { "NFS", { { DEVICES, DISK("datastore-12", "") } }, &paid, { NULL }, VERDICT_SUPPORTED, "row 57", NULL },
    { "local VMFS", { { DEVICES, DISK("datastore-13", "") } }, &paid, { NULL }, VERDICT_UNSUPPORTED, "R12", NULL },
    { "vSAN", { { DEVICES, DISK("datastore-14", "") } }, &paid, { NULL }, VERDICT_CONDITIONAL, "R12", NULL },
    { "a CD on a local datastore",
      { { "datastore", "ArrayOfManagedObjectReference",
          "<ManagedObjectReference type='Datastore'>datastore-11</ManagedObjectReference>"
          "<ManagedObjectReference type='Datastore'>datastore-13</ManagedObjectReference>" } },
      &paid,
      { NULL },
      VERDICT_SUPPORTED,
      "row 57",
      NULL },
    { "a datastore of which the host tells nothing",
      { { NULL } },
      &paid,
      { "Datastore", "datastore-11", { { "name", "string", "san01" }, { "summary.type", "string", "VMFS" } } },
      VERDICT_CONDITIONAL,
      "R12",
      NULL },

    { "a vApp",
      { { "parent", NULL, NULL }, { "parentVApp", "ref VirtualApp", "resgroup-v41" } },
      &paid,
      { NULL },
      VERDICT_UNSUPPORTED,
      "R12",
      NULL },
    { "a vApp that cannot be read",
      { { "parentVApp", "missing", "NoPermission" } },
      &paid,
      { NULL },
      VERDICT_CONDITIONAL,
      "R12",
      NULL },

    { "a host of a version that is not listed",
      { { NULL } },
      &paid,
      { "HostSystem",
        "host-22",
        { { "name", "string", "esx02.corp.example" },
          { "parent", "ref ClusterComputeResource", "domain-c7" },
          { "summary.config.product.version", "string", "5.1.0" } } },
      VERDICT_UNLISTED,
      "5.1",
      NULL },
    { "a lone host of another version",
      { { "runtime.host", "ref HostSystem", "host-31" } },
      &paid,
      { NULL },
      VERDICT_SUPPORTED,
      "row 57",
      NULL },
    { "a host that is not known",
      { { "runtime.host", "ref HostSystem", "host-99" } },
      &paid,
      { NULL },
      VERDICT_UNKNOWN,
      "no host of the virtual machine is known",
      NULL },

    { "a Linux guest",
      { { "guest.guestFamily", "string", "linuxGuest" },
        { "guest.guestFullName", "string", "Ubuntu Linux (64-bit)" },
        { "guest.guestId", "string", "ubuntu64Guest" } },
      &paid,
      { NULL },
      VERDICT_SUPPORTED,
      "row 57",
      "recovery of single files and folders" },
    { "an independent disk",
      { { DEVICES, DISK("datastore-11", "<diskMode>independent_persistent</diskMode>") } },
      &paid,
      { NULL },
      VERDICT_SUPPORTED,
      "row 57",
      "independent disk [d] web01/web01.vmdk" },
    { "a raw device in physical mode",
      { { DEVICES, DISK("datastore-11", "<compatibilityMode>physicalMode</compatibilityMode>") } },
      &paid,
      { NULL },
      VERDICT_SUPPORTED,
      "row 57",
      "raw device in physical mode [d] web01/web01.vmdk" },

    { "a template",
      { { "config.template", "boolean", "true" } },
      &paid,
      { NULL },
      0,
      "it is a template, not a machine",
      NULL },
    { "what only holds a place",
      { { "name", "string", "vCLS (1)" } },
      &paid,
      { NULL },
      0,
      "it only holds a place",
      NULL },
};

static struct knowledge *knowledge;

static int set_up(void **state)
{
    struct config_problems problems;

    (void)state;
    config_problems_init(&problems);
    knowledge = knowledge_load(TREE "/conf/products.conf", TREE "/conf/matrix", SOURCE_READABLE, &problems);
    config_problems_print(&problems);
    config_problems_finish(&problems);
    return knowledge == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    knowledge_unload(knowledge);
    return 0;
}

static bool omits(const struct verdict *verdict, const char *what)
{
    for (size_t i = 0; what != NULL && i < verdict->legs[0].omit_count; i++)
        if (strcmp(verdict->legs[0].omits[i], what) == 0)
            return true;
    return what == NULL;
}

static const struct verdict *image_of(const struct verdict *verdicts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (verdicts[i].method == METHOD_IMAGE)
            return &verdicts[i];
    fail_msg("the machine is not judged as an image");
    return NULL;
}

static bool is_as_judged(const struct judged *one, const struct verdict *verdict)
{
    if (one->word == 0 ? strcmp(verdict->by, "none") == 0 && strcmp(verdict->excluded, one->says) == 0
                       : strcmp(verdict->by, "none") != 0 && verdict->word == one->word &&
                             strstr(verdict->legs[0].reason, one->says) != NULL && omits(verdict, one->omits))
        return true;
    print_error("%s: by %s, %s: %s\n", one->what, verdict->by, verdict_word(verdict->word), verdict->legs[0].reason);
    return false;
}

static bool judges(const struct judged *one)
{
    const struct estate_server server = { "B", .product = "mabs-v2", .installation = "physical" };
    struct estate estate = { .servers = &server, .server_count = 1 };
    struct judge_setting setting = { .matrix = knowledge_matrix(knowledge), .estate = &estate };
    const struct verdict *verdicts;
    struct judge *judge;
    struct replay replay;
    struct sent_things things;
    size_t count;
    bool good;

    replay_init(&replay);
    replay.vcenter = VCENTER;
    replay.licences = one->licences;
    replay_add_estate(&replay);
    if (one->other.type != NULL)
        replay_add(&replay, one->other.type, one->other.moref, one->other.rows);
    replay_add_machine(&replay, "vm-1", one->machine);
    replay_scan(&replay);
    sent_things_init(&things, replay.mock);
    setting.world = &things.world;
    judge = judge_create(&setting);
    verdicts = judge_thing(judge, sent_things_find(&things, replay.mock, "vm", REPLAY_KEY), &count);
    good = is_as_judged(one, image_of(verdicts, count));
    judge_destroy(judge);
    sent_things_finish(&things);
    replay_finish(&replay);
    return good;
}

static void a_scanned_machine_is_judged_by_the_page(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        wrong += !judges(&cases[i]);
    if (wrong > 0)
        fail_msg("%zu are judged in another way", wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_scanned_machine_is_judged_by_the_page) };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
