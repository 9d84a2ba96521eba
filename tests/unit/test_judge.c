#include "judge_fixture.h"

static struct fixture fixture;

static int setup(void **state)
{
    (void)state;
    fixture_init(&fixture);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_finish(&fixture);
    return 0;
}

static void assert_word(enum verdict_word found, enum verdict_word wanted)
{
    assert_string_equal(verdict_word(found), verdict_word(wanted));
}

static void assert_row(const struct verdict *verdict, enum verdict_word word, int row)
{
    assert_non_null(verdict);
    assert_word(verdict->word, word);
    assert_int_not_equal(verdict->legs[0].row_count, 0);
    assert_int_equal(verdict->legs[0].rows[0]->row, row);
}

static void assert_class(const struct verdict *verdict, enum verdict_class class)
{
    assert_non_null(verdict);
    assert_word(verdict->word, VERDICT_UNLISTED);
    assert_string_equal(verdict_class_word(verdict->class), verdict_class_word(class));
}

static void assert_says(const struct verdict *verdict, const char *part)
{
    if (strstr(verdict->legs[0].reason, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, verdict->legs[0].reason);
}

static const struct verdict *agent(const char *build, const char *manufacturer, const char *model)
{
    struct fixture_thing *made = machine_add(&fixture, "SRV01", build);

    fact_text(made, "hardware.manufacturer", manufacturer);
    fact_text(made, "hardware.model", model);
    return verdict_by(&fixture, made, METHOD_AGENT);
}

#define PHYSICAL "Dell Inc.", "PowerEdge R640"
#define VMWARE "VMware, Inc.", "VMware Virtual Platform"

/* --------------------------------------------------------------------------------------------- worked examples ---- */

static void a_2008_guest_is_fine_by_image_on_2012_r2_and_not_by_agent(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV03", "6.3.9600");
    struct fixture_thing *guest = guest_add(&fixture, "LEG01", "6.0.6002");

    (void)state;
    tie_add(guest, "runs_on", host);
    assert_row(verdict_by(&fixture, guest, METHOD_IMAGE), VERDICT_SUPPORTED, 53);
    assert_row(verdict_by(&fixture, guest, METHOD_AGENT), VERDICT_UNSUPPORTED, 20);
}

static void a_2008_guest_on_a_2008_host_is_lost_both_ways(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV08", "6.0.6002");
    struct fixture_thing *guest = guest_add(&fixture, "SHIP01", "6.0.6002");
    const struct verdict *image;

    (void)state;
    tie_add(guest, "runs_on", host);
    image = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(image, VERDICT_UNSUPPORTED, 56);
    assert_ptr_equal(image->cause, &host->thing);
    assert_row(verdict_by(&fixture, guest, METHOD_AGENT), VERDICT_UNSUPPORTED, 20);
}

static struct fixture_thing *esxi_add(const char *name, const char *version, const char *license)
{
    struct fixture_thing *host = thing_add(&fixture, "esxi_host", name);

    fact_text(host, "vsphere.version", version);
    fact_text(host, "vsphere.license_edition", license);
    return host;
}

static void a_2008_guest_on_esxi_is_fine_both_ways(void **state)
{
    struct fixture_thing *host = esxi_add("esx01", "6.0.0", "esxEnterprisePlus");
    struct fixture_thing *guest = guest_add(&fixture, "LEG02", "6.0.6002");

    (void)state;
    tie_add(guest, "runs_on", host);
    fact_text(guest, "id.instance_uuid", "4217");
    assert_row(verdict_by(&fixture, guest, METHOD_IMAGE), VERDICT_SUPPORTED, 57);
    assert_row(verdict_by(&fixture, guest, METHOD_AGENT), VERDICT_SUPPORTED, 21);
}

/* ------------------------------------------------------------------------------------------------------ one key ----
 */

static void rows_that_disagree_are_cited_both(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "STK01", "6.0.6002");
    const struct verdict *verdict;

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .where.name = "STK*", .installation = "azure-stack" };
    fixture.estate.rule_count = 1;
    fixture_judge(&fixture);
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_CONTRADICTORY, 20);
    assert_int_equal(verdict->legs[0].row_count, 2);
    assert_says(verdict, "row 21 says yes and row 20 says no");
}

static void what_only_some_of_the_rows_protect_is_omitted(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "STK02", "6.3.9600");
    const struct verdict *verdict;

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .where.name = "STK*", .installation = "azure-stack" };
    fixture.estate.rule_count = 1;
    fixture_judge(&fixture);
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_SUPPORTED, 9);
    assert_int_equal(verdict->legs[0].cover_count, 2);
    assert_int_equal(verdict->legs[0].omit_count, 1);
    assert_string_equal(verdict->legs[0].omits[0], "system-state");
}

static void an_unmet_condition_makes_unsupported_and_names_the_value(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "APP02", "6.1.7601");
    const struct verdict *verdict;

    (void)state;
    fact_text(made, "wmf.version", "2.0");
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_UNSUPPORTED, 14);
    assert_says(verdict, "R5 is not met");
    assert_says(verdict, "wmf.version is 2.0");
}

static void a_missing_fact_makes_conditional_and_says_why(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "APP03", "6.1.7601");
    const struct verdict *verdict;

    (void)state;
    for (size_t i = 0; i < made->thing.fact_count; i++) {
        if (strcmp(made->facts[i].name, "wmf.version") == 0)
            fact_remove(made, i);
    }
    made->unread[0] = (struct unread){ "wmf.", "access denied" };
    made->thing.unread_count = 1;
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_CONDITIONAL, 14);
    assert_says(verdict, "wmf.version is missing (access denied)");
}

static void an_edition_that_no_row_names_is_unlisted_as_sku(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "HIST01", "6.1.7601");
    const struct verdict *verdict;

    (void)state;
    fact_int(made, "os.sku", 18);
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_class(verdict, CLASS_SKU);
    assert_says(verdict, "os.sku is 18");
}

static void where_a_row_may_not_name_it_at_all_an_unmet_one_is_unknown(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "HIST02", "6.1.7601");

    (void)state;
    for (size_t i = 0; i < made->thing.fact_count; i++) {
        if (strcmp(made->facts[i].name, "os.sku") == 0)
            fact_remove(made, i);
    }
    assert_row(verdict_by(&fixture, made, METHOD_AGENT), VERDICT_CONDITIONAL, 14);
    fact_text(made, "wmf.version", "2.0");
    judge_reset(fixture.judge, NOW);
    assert_row(verdict_by(&fixture, made, METHOD_AGENT), VERDICT_UNKNOWN, 14);
    assert_string_equal(verdict_by(&fixture, made, METHOD_AGENT)->legs[0].missing, "os.sku");
}

static void a_condition_of_scope_omits_and_leaves_the_word(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "FS01", "6.3.9600");
    struct fixture_thing *volume = thing_add(&fixture, "volume", "D:");
    static const char *const paths[] = { "D:\\" };
    struct value list = { .type = VALUE_LIST };
    const struct verdict *verdict;

    (void)state;
    list.list.texts = paths;
    list.list.count = 1;
    fact_text(made, "hardware.manufacturer", "VMware, Inc.");
    fact_bool(volume, "volume.dedup", true);
    fact_int(volume, "volume.drive_type", 3);
    fact_set(volume, "volume.paths", list);
    tie_add(volume, "part_of", made);
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_row(verdict, VERDICT_SUPPORTED, 10);
    assert_int_equal(verdict->legs[0].omit_count, 1);
    assert_string_equal(verdict->legs[0].omits[0], "deduplicated volumes");
}

static void a_footnote_can_be_attested_for_a_time(void **state)
{
    static struct attestation attestation = {
        .condition = "R16", .kind = "hyperv_host", .name = "HV*", .who = "me", .until_at = NOW + DAY
    };
    struct fixture_thing *host = host_add(&fixture, "HV01", "10.0.14393");
    const struct verdict *verdict = verdict_by(&fixture, host, METHOD_HOST);

    (void)state;
    assert_row(verdict, VERDICT_SUPPORTED, 52);
    assert_int_equal(verdict->legs[0].conditions[0].state, STATE_FOOTNOTE);
    fixture.matrix.attestations = &attestation;
    fixture.matrix.attestation_count = 1;
    fixture_judge(&fixture);
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_int_equal(verdict->legs[0].conditions[0].state, STATE_ATTESTED);
    assert_ptr_equal(verdict->legs[0].conditions[0].attestation, &attestation);
    judge_reset(fixture.judge, NOW + 2 * DAY);
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_int_equal(verdict->legs[0].conditions[0].state, STATE_FOOTNOTE);
}

/* ---------------------------------------------------------------------------------------------------- unlisted ---- */

static void what_is_listed_elsewhere_is_a_gap(void **state)
{
    const struct verdict *verdict = agent("6.3.9600", PHYSICAL);

    (void)state;
    assert_class(verdict, CLASS_GAP);
    assert_says(verdict, "in an Azure virtual machine");
    assert_says(verdict, "running on physical hardware");
}

static void newer_names_the_first_product_that_lists_it(void **state)
{
    const struct verdict *verdict = agent("10.0.17763", PHYSICAL);

    (void)state;
    assert_class(verdict, CLASS_NEWER);
    assert_non_null(verdict->legs[0].first);
    assert_string_equal(verdict->legs[0].first->name, "mabs-v3");
}

static void what_is_older_or_foreign_is_called_so(void **state)
{
    struct fixture_thing *bsd = machine_add(&fixture, "FW01", "x");

    (void)state;
    assert_class(agent("5.2.3790", PHYSICAL), CLASS_OLDER);
    fact_text(bsd, "os.family", "other");
    fact_text(bsd, "os.name", "FreeBSD");
    judge_reset(fixture.judge, NOW);
    assert_class(verdict_by(&fixture, bsd, METHOD_AGENT), CLASS_FOREIGN);
}

static void a_variant_of_what_is_listed_is_no_listed_one(void **state)
{
    struct fixture_thing *nas = machine_add(&fixture, "NAS01", "x");

    (void)state;
    fact_text(nas, "os.name", "Windows Storage Server 2008");
    assert_class(verdict_by(&fixture, nas, METHOD_AGENT), CLASS_SKU);
}

static struct fixture_thing *sql_add(const char *build)
{
    struct fixture_thing *machine = machine_add(&fixture, "SQLM", "10.0.14393");
    struct fixture_thing *instance = thing_add(&fixture, "sql_instance", "SQL01");

    fact_text(instance, "sql.build", build);
    tie_add(instance, "hosted_on", machine);
    return instance;
}

static void a_level_that_is_not_listed_is_called_so(void **state)
{
    struct fixture_thing *instance = sql_add("11.0.7001.0");
    const struct verdict *verdict = verdict_by(&fixture, instance, METHOD_APPLICATION);

    (void)state;
    assert_class(verdict, CLASS_LEVEL);
    assert_says(verdict, "SQL Server 2012");
}

static void where_levels_are_at_least_the_highest_listed_one_judges(void **state)
{
    struct fixture_thing *instance = sql_add("11.0.7001.0");
    struct fixture_thing *database = thing_add(&fixture, "database", "Payroll");
    const struct verdict *verdict;

    (void)state;
    fixture.servers[0].product = "mabs-v3";
    fact_bool(database, "database.on_csv", false);
    tie_add(database, "part_of", instance);
    verdict = verdict_by(&fixture, database, METHOD_APPLICATION);
    assert_row(verdict, VERDICT_SUPPORTED, 4);
    assert_says(verdict, "judged as SQL Server 2012");
    assert_ptr_equal(verdict->legs[0].thing, &instance->thing);
}

static void where_absence_is_a_no_what_is_not_listed_is_unsupported(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "SRV", "10.0.14393");

    (void)state;
    fixture.servers[0].product = "dpm-strict";
    assert_word(agent("6.0.6002", PHYSICAL)->word, VERDICT_UNSUPPORTED);
    assert_says(agent("6.0.6002", PHYSICAL), "what strict does not list is not supported");
    fact_int(made, "os.sku", 1);
    assert_word(verdict_by(&fixture, made, METHOD_AGENT)->word, VERDICT_UNSUPPORTED);
}

static void an_edition_in_part_gives_nothing_better_than_conditional(void **state)
{
    (void)state;
    fixture.servers[0].product = "dpm-partly";
    assert_row(agent("10.0.14393", PHYSICAL), VERDICT_CONDITIONAL, 1);
    assert_row(agent("6.3.9600", PHYSICAL), VERDICT_CONDITIONAL, 2);
}

static void what_is_ending_is_deprecated(void **state)
{
    (void)state;
    fixture.servers[0].product = "mabs-v3";
    assert_row(agent("6.3.9600", PHYSICAL), VERDICT_DEPRECATED, 3);
}

/* --------------------------------------------------------------------------------------------------- candidates ----
 */

static struct fixture_thing *hinted(const char *name)
{
    struct fixture_thing *guest = thing_add(&fixture, "vm", name);

    fact_text(guest, "id.instance_uuid", name);
    fact_text(guest, "guest.id", "windows7Server64Guest");
    fact_text(guest, "guest.family", "windows");
    return guest;
}

static void candidates_that_differ_are_unknown_and_name_the_fact(void **state)
{
    const struct verdict *verdict = verdict_by(&fixture, hinted("AMB02"), METHOD_AGENT);

    (void)state;
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_int_equal(verdict->legs[0].version_count, 2);
    assert_string_equal(verdict->legs[0].missing, "os.build");
}

static void candidates_that_agree_have_their_verdict(void **state)
{
    (void)state;
    fixture.servers[0].product = "dpm-strict";
    assert_word(verdict_by(&fixture, hinted("AMB03"), METHOD_AGENT)->word, VERDICT_UNSUPPORTED);
}

static void a_machine_of_which_nothing_is_known_is_unknown(void **state)
{
    struct fixture_thing *made = thing_add(&fixture, "machine", "APP09");
    const struct verdict *verdict = verdict_by(&fixture, made, METHOD_AGENT);

    (void)state;
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_non_null(verdict->legs[0].missing);
}

static void a_microsoft_virtual_machine_may_be_in_three_places(void **state)
{
    const struct verdict *verdict = agent("6.0.6002", "Microsoft Corporation", "Virtual Machine");

    (void)state;
    assert_int_equal(verdict->legs[0].installation_count, 3);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_string_equal(verdict->legs[0].missing, "hardware.asset_tag");
    assert_row(agent("10.0.14393", "Microsoft Corporation", "Virtual Machine"), VERDICT_SUPPORTED, 8);
}

static void a_virtual_machine_of_another_hypervisor_is_not_physical(void **state)
{
    (void)state;
    assert_true(agent("6.1.7600", "QEMU", "Standard PC")->legs[0].installation_count > 1);
}

/* -------------------------------------------------------------------------------------------------------- image ----
 */

static void every_host_that_may_run_it_counts(void **state)
{
    struct fixture_thing *good = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *bad = host_add(&fixture, "HV2", "6.0.6002");
    struct fixture_thing *guest = guest_add(&fixture, "VM1", "10.0.14393");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", good);
    tie_add(guest, "may_run_on", good);
    tie_add(guest, "may_run_on", bad);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(verdict, VERDICT_UNSUPPORTED, 56);
    assert_int_equal(verdict->leg_count, 2);
    assert_ptr_equal(verdict->cause, &bad->thing);
}

static void a_cluster_stands_for_its_hosts(void **state)
{
    struct fixture_thing *cluster = thing_add(&fixture, "cluster", "CL");
    struct fixture_thing *one = esxi_add("esx1", "6.0.0", "esxEnterprisePlus");
    struct fixture_thing *other = esxi_add("esx2", "6.7.0", "esxEnterprisePlus");
    struct fixture_thing *guest = guest_add(&fixture, "VM2", "10.0.14393");
    const struct verdict *verdict;

    (void)state;
    tie_add(one, "member_of", cluster);
    tie_add(other, "member_of", cluster);
    tie_add(guest, "may_run_on", cluster);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_class(verdict, CLASS_NEWER);
    assert_int_equal(verdict->leg_count, 2);
    assert_ptr_equal(verdict->cause, &other->thing);
}

static void a_vcenter_is_asked_too(void **state)
{
    struct fixture_thing *vcenter = thing_add(&fixture, "vcenter", "vc");
    struct fixture_thing *host = esxi_add("esx1", "6.0.0", "esxEnterprisePlus");
    struct fixture_thing *guest = guest_add(&fixture, "VM3", "10.0.14393");

    (void)state;
    fact_text(vcenter, "vsphere.version", "6.7.0");
    tie_add(host, "managed_by", vcenter);
    tie_add(guest, "runs_on", host);
    assert_ptr_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->cause, &vcenter->thing);
}

static void an_unlicensed_host_is_the_cause(void **state)
{
    struct fixture_thing *host = esxi_add("esx9", "6.0.0", "esxBasic");
    struct fixture_thing *guest = guest_add(&fixture, "CAM01", "10.0.14393");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", host);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(verdict, VERDICT_UNSUPPORTED, 57);
    assert_says(verdict, "R12 is not met");
    assert_ptr_equal(verdict->cause, &host->thing);
}

static void a_linux_guest_needs_its_own_row_too(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *guest = thing_add(&fixture, "vm", "lnx01");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", host);
    fact_text(guest, "guest.family", "linux");
    fact_text(guest, "guest.arch", "ia64");
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(verdict, VERDICT_UNSUPPORTED, 58);
    assert_int_equal(verdict->leg_count, 2);
    assert_null(verdict->cause);
}

static void whether_a_guest_is_a_linux_matters_only_where_its_row_is_worse(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *guest = thing_add(&fixture, "vm", "OFF01");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", host);
    fact_text(guest, "guest.arch", "x64");
    assert_row(verdict_by(&fixture, guest, METHOD_IMAGE), VERDICT_SUPPORTED, 52);
    fact_text(guest, "guest.arch", "ia64");
    judge_reset(fixture.judge, NOW);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_string_equal(verdict->legs[0].missing, "os.family");
}

static void disks_that_no_image_holds_are_named(void **state)
{
    static const char *const disks[] = { "Disk 4" };
    struct fixture_thing *host = host_add(&fixture, "HV1", "10.0.14393");
    struct fixture_thing *guest = guest_add(&fixture, "SCAN01", "6.3.9600");
    struct value list = { .type = VALUE_LIST };
    const struct verdict *verdict;

    (void)state;
    list.list.texts = disks;
    list.list.count = 1;
    fact_set(guest, "vm.pass_through_disks", list);
    tie_add(guest, "runs_on", host);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_row(verdict, VERDICT_SUPPORTED, 52);
    assert_int_equal(verdict->legs[0].omit_count, 1);
    assert_string_equal(verdict->legs[0].omits[0], "pass-through disk Disk 4");
}

static void a_machine_without_a_known_host_is_unknown_and_says_which_tie(void **state)
{
    struct fixture_thing *guest = guest_add(&fixture, "LOST01", "10.0.14393");
    struct fixture_thing *dangling = guest_add(&fixture, "LOST02", "10.0.14393");
    const struct verdict *verdict = verdict_by(&fixture, guest, METHOD_IMAGE);

    (void)state;
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_says(verdict, "no tie runs_on");
    tie_put(dangling,
            (struct thing_tie){ .relation = "runs_on", .outward = true, .kind = "hyperv_host", .name = "HV9" });
    verdict = verdict_by(&fixture, dangling, METHOD_IMAGE);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_says(verdict, "HV9");
}

static void a_machine_that_runs_on_itself_is_told(void **state)
{
    struct fixture_thing *guest = guest_add(&fixture, "SELF", "10.0.14393");
    struct fixture_thing *host = host_add(&fixture, "NESTED", "10.0.14393");
    const struct verdict *verdict;

    (void)state;
    tie_add(guest, "runs_on", host);
    tie_add(host, "runs_on", guest);
    verdict = verdict_by(&fixture, guest, METHOD_IMAGE);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_says(verdict, "run on itself");
}

/* ------------------------------------------------------------------------------------------------------ servers ----
 */

static struct fixture_thing *protect(struct fixture_thing *made, struct fixture_thing *server, const char *type)
{
    struct fixture_thing *source = thing_add(&fixture, "protected", "source");

    fact_text(source, "protected.type", type);
    tie_add(source, "protects", made);
    tie_add(source, "protected_by", server);
    return source;
}

static void each_server_that_protects_it_gives_a_verdict(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
    struct fixture_thing *one = thing_add(&fixture, "backup_server", "BACKUP01.corp.example");
    struct fixture_thing *other = thing_add(&fixture, "backup_server", "OLD");
    const struct verdict *verdicts;
    size_t count;

    (void)state;
    fact_text(other, "backup.version", "11.0.50.0");
    protect(made, one, "Volume");
    protect(made, one, "System Protection");
    protect(made, other, "Volume");
    verdicts = judge_thing(fixture.judge, &made->thing, &count);
    assert_int_equal(count, 2);
    assert_string_equal(verdicts[0].server, "backup01");
    assert_row(&verdicts[0], VERDICT_UNSUPPORTED, 20);
    assert_string_equal(verdicts[1].server, "OLD");
    assert_string_equal(verdicts[1].product, "mabs-v1");
    assert_row(&verdicts[1], VERDICT_SUPPORTED, 20);
    assert_string_equal(verdicts[0].by, "dpmdb");
}

static void a_server_whose_product_is_not_known_is_said_to_be(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
    const struct verdict *verdict;

    (void)state;
    protect(made, thing_add(&fixture, "backup_server", "STRANGE"), "Volume");
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_null(verdict->product);
    assert_says(verdict, "STRANGE is not known");
}

static void without_a_backup_server_there_is_no_verdict(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "ERP01", "6.0.6002");
    size_t count;

    (void)state;
    fixture.estate.server_count = 0;
    judge_thing(fixture.judge, &made->thing, &count);
    assert_int_equal(count, 0);
}

static void what_is_no_workload_has_no_verdict(void **state)
{
    static const char *const kinds[] = { "volume", "datastore", "cluster", "esxi_host", "protected", "backup_server" };
    struct fixture_thing *system = thing_add(&fixture, "database", "tempdb");
    size_t count;

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        judge_thing(fixture.judge, &thing_add(&fixture, kinds[i], "x")->thing, &count);
        assert_int_equal(count, 0);
    }
    fact_bool(system, "database.system", true);
    judge_thing(fixture.judge, &system->thing, &count);
    assert_int_equal(count, 0);
}

static void the_servers_own_system_decides_where_a_condition_asks(void **state)
{
    (void)state;
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_SUPPORTED, 11);
    fixture.servers[0].os = "Windows Server 2012";
    judge_reset(fixture.judge, NOW);
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_UNSUPPORTED, 11);
    assert_says(agent("6.2.9200", PHYSICAL), "of the backup server");
    fixture.servers[0].os = NULL;
    judge_reset(fixture.judge, NOW);
    assert_row(agent("6.2.9200", PHYSICAL), VERDICT_CONDITIONAL, 11);
}

/* --------------------------------------------------------------------------------------------------- what counts ----
 */

static struct fixture_thing *leg01(void)
{
    struct fixture_thing *host = host_add(&fixture, "HV03", "6.3.9600");
    struct fixture_thing *guest = guest_add(&fixture, "LEG01", "6.0.6002");

    tie_add(guest, "runs_on", host);
    return guest;
}

static void one_whole_machine_method_suffices(void **state)
{
    struct fixture_thing *guest = leg01();

    (void)state;
    assert_true(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_false(verdict_by(&fixture, guest, METHOD_AGENT)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->by, "any");
}

static void what_dpmdb_shows_counts_before_a_rule(void **state)
{
    struct fixture_thing *guest = leg01(), *server = thing_add(&fixture, "backup_server", "backup01");

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .by = "agent" };
    fixture.estate.rule_count = 1;
    assert_true(verdict_by(&fixture, guest, METHOD_AGENT)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_AGENT)->by, "rule");
    protect(guest, server, "Microsoft Hyper-V");
    judge_reset(fixture.judge, NOW);
    assert_true(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_false(verdict_by(&fixture, guest, METHOD_AGENT)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->by, "dpmdb");
}

static void a_known_source_that_is_in_no_group_shows_nothing(void **state)
{
    struct fixture_thing *guest = leg01(), *server = thing_add(&fixture, "backup_server", "backup01");

    (void)state;
    fact_text(protect(guest, server, "Volume"), "protected.state", "unprotected");
    assert_true(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
}

static void a_rule_for_a_method_that_it_has_not_leaves_nothing_uncounted(void **state)
{
    struct fixture_thing *made = machine_add(&fixture, "PHY", "10.0.14393");

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .by = "image" };
    fixture.estate.rule_count = 1;
    assert_true(verdict_by(&fixture, made, METHOD_AGENT)->counts);
}

static void none_is_out_of_scope_with_its_reason(void **state)
{
    struct fixture_thing *guest = leg01(), *instance = sql_add("11.0.2100.0");

    (void)state;
    fixture.rules[0] = (struct estate_rule){ .by = "none", .reason = "it is rebuilt daily" };
    fixture.estate.rule_count = 1;
    assert_false(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_false(verdict_by(&fixture, instance, METHOD_APPLICATION)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->excluded, "it is rebuilt daily");
}

static void a_template_is_out_of_scope_by_itself(void **state)
{
    struct fixture_thing *guest = leg01();

    (void)state;
    fact_bool(guest, "vm.template", true);
    assert_false(verdict_by(&fixture, guest, METHOD_IMAGE)->counts);
    assert_string_equal(verdict_by(&fixture, guest, METHOD_IMAGE)->by, "none");
}

/* ------------------------------------------------------------------------------------------------ databases, rest ----
 */

static void each_database_has_its_own_verdict(void **state)
{
    struct fixture_thing *instance = sql_add("11.0.5058.0");
    struct fixture_thing *good = thing_add(&fixture, "database", "Good"),
                         *bad = thing_add(&fixture, "database", "Yard");

    (void)state;
    fact_bool(good, "database.on_csv", false);
    fact_bool(bad, "database.on_csv", true);
    tie_add(good, "part_of", instance);
    tie_add(bad, "part_of", instance);
    assert_row(verdict_by(&fixture, good, METHOD_APPLICATION), VERDICT_SUPPORTED, 27);
    assert_row(verdict_by(&fixture, bad, METHOD_APPLICATION), VERDICT_UNSUPPORTED, 27);
    assert_null(verdict_by(&fixture, bad, METHOD_APPLICATION)->cause);
}

static void a_database_without_its_instance_is_unknown(void **state)
{
    struct fixture_thing *database = thing_add(&fixture, "database", "Lost");

    (void)state;
    assert_word(verdict_by(&fixture, database, METHOD_APPLICATION)->word, VERDICT_UNKNOWN);
}

static void a_ruling_stands_beside_the_published_word_until_its_review(void **state)
{
    static struct ruling ruling = { .product = "mabs-v2",
                                    .workload = "server",
                                    .version = "Windows Server 2012 R2",
                                    .installation = "physical",
                                    .answer = ANSWER_YES,
                                    .who = "me",
                                    .review_at = NOW + DAY };

    (void)state;
    fixture.matrix.rulings = &ruling;
    fixture.matrix.ruling_count = 1;
    fixture_judge(&fixture);
    assert_class(agent("6.3.9600", PHYSICAL), CLASS_GAP);
    assert_ptr_equal(agent("6.3.9600", PHYSICAL)->ruling, &ruling);
    assert_null(agent("6.3.9600", VMWARE)->ruling);
    judge_reset(fixture.judge, NOW + 2 * DAY);
    assert_null(agent("6.3.9600", PHYSICAL)->ruling);
}

static void the_end_of_support_is_told_beside_the_word(void **state)
{
    const struct verdict *verdict = agent("6.1.7600", PHYSICAL);

    (void)state;
    assert_row(verdict, VERDICT_SUPPORTED, 17);
    assert_non_null(verdict->lifecycle);
    assert_string_equal(verdict->lifecycle->name, "Windows Server 2008 R2");
    assert_null(agent("10.0.14393", PHYSICAL)->lifecycle);
}

static void a_key_by_itself_is_judged_without_any_fact(void **state)
{
    struct judge_key no = { "mabs-v2", "server", "Windows Server 2008 SP2", "physical" };
    struct judge_key yes = { "mabs-v2", "server", "Windows Server 2008 SP2", "vmware-vm" };
    struct judge_key open = { "mabs-v2", "server", "Windows Server 2008 R2 SP1", "physical" };
    struct judge_key host = { "mabs-v2", "hyperv-host", "Windows Server 2008 SP2", "physical" };

    (void)state;
    assert_row(judge_key(fixture.judge, &no), VERDICT_UNSUPPORTED, 20);
    assert_row(judge_key(fixture.judge, &yes), VERDICT_SUPPORTED, 21);
    assert_row(judge_key(fixture.judge, &open), VERDICT_CONDITIONAL, 14);
    assert_row(judge_key(fixture.judge, &host), VERDICT_UNSUPPORTED, 56);
    assert_null(judge_key(fixture.judge, &host)->thing);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_2008_guest_is_fine_by_image_on_2012_r2_and_not_by_agent),
        TEST(a_2008_guest_on_a_2008_host_is_lost_both_ways),
        TEST(a_2008_guest_on_esxi_is_fine_both_ways),
        TEST(rows_that_disagree_are_cited_both),
        TEST(what_only_some_of_the_rows_protect_is_omitted),
        TEST(an_unmet_condition_makes_unsupported_and_names_the_value),
        TEST(a_missing_fact_makes_conditional_and_says_why),
        TEST(an_edition_that_no_row_names_is_unlisted_as_sku),
        TEST(where_a_row_may_not_name_it_at_all_an_unmet_one_is_unknown),
        TEST(a_condition_of_scope_omits_and_leaves_the_word),
        TEST(a_footnote_can_be_attested_for_a_time),
        TEST(what_is_listed_elsewhere_is_a_gap),
        TEST(newer_names_the_first_product_that_lists_it),
        TEST(what_is_older_or_foreign_is_called_so),
        TEST(a_variant_of_what_is_listed_is_no_listed_one),
        TEST(a_level_that_is_not_listed_is_called_so),
        TEST(where_levels_are_at_least_the_highest_listed_one_judges),
        TEST(where_absence_is_a_no_what_is_not_listed_is_unsupported),
        TEST(an_edition_in_part_gives_nothing_better_than_conditional),
        TEST(what_is_ending_is_deprecated),
        TEST(candidates_that_differ_are_unknown_and_name_the_fact),
        TEST(candidates_that_agree_have_their_verdict),
        TEST(a_machine_of_which_nothing_is_known_is_unknown),
        TEST(a_microsoft_virtual_machine_may_be_in_three_places),
        TEST(a_virtual_machine_of_another_hypervisor_is_not_physical),
        TEST(every_host_that_may_run_it_counts),
        TEST(a_cluster_stands_for_its_hosts),
        TEST(a_vcenter_is_asked_too),
        TEST(an_unlicensed_host_is_the_cause),
        TEST(a_linux_guest_needs_its_own_row_too),
        TEST(whether_a_guest_is_a_linux_matters_only_where_its_row_is_worse),
        TEST(disks_that_no_image_holds_are_named),
        TEST(a_machine_without_a_known_host_is_unknown_and_says_which_tie),
        TEST(a_machine_that_runs_on_itself_is_told),
        TEST(each_server_that_protects_it_gives_a_verdict),
        TEST(a_server_whose_product_is_not_known_is_said_to_be),
        TEST(without_a_backup_server_there_is_no_verdict),
        TEST(what_is_no_workload_has_no_verdict),
        TEST(the_servers_own_system_decides_where_a_condition_asks),
        TEST(one_whole_machine_method_suffices),
        TEST(what_dpmdb_shows_counts_before_a_rule),
        TEST(a_known_source_that_is_in_no_group_shows_nothing),
        TEST(a_rule_for_a_method_that_it_has_not_leaves_nothing_uncounted),
        TEST(none_is_out_of_scope_with_its_reason),
        TEST(a_template_is_out_of_scope_by_itself),
        TEST(each_database_has_its_own_verdict),
        TEST(a_database_without_its_instance_is_unknown),
        TEST(a_ruling_stands_beside_the_published_word_until_its_review),
        TEST(the_end_of_support_is_told_beside_the_word),
        TEST(a_key_by_itself_is_judged_without_any_fact),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
