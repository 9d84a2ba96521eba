#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attribute.h"
#include "rvtools_read.h"

#include <string.h>

struct sheet {
    FILE *stream;
    struct csv *csv;
    struct rvtools_table table;
    struct arena arena;
    struct item item;
    struct err err;
};

static bool open_stream(struct sheet *sheet, FILE *stream)
{
    assert_non_null(stream);
    *sheet = (struct sheet){ .stream = stream, .csv = csv_create(stream) };
    arena_init(&sheet->arena, ARENA_PLAIN);
    assert_true(csv_read_header(sheet->csv, &sheet->err));
    return rvtools_recognise(&sheet->table, sheet->csv, &sheet->err);
}

static bool open_text(struct sheet *sheet, const char *text)
{
    return open_stream(sheet, fmemopen((void *)text, strlen(text), "r"));
}

static void open_sample(struct sheet *sheet, const char *path)
{
    assert_true(open_stream(sheet, fopen(path, "r")));
}

static void close_sheet(struct sheet *sheet)
{
    arena_finish(&sheet->arena);
    csv_destroy(sheet->csv);
    fclose(sheet->stream);
}

/* What the dictionary knows must be of its type. */
static void check_item(const struct item *item)
{
    struct err err;

    assert_non_null(kind_find(item->kind));
    for (size_t i = 0; i < item->attribute_count; i++)
        assert_true(attribute_check(item->kind, item->attributes[i].name, &item->attributes[i].value, &err));
    for (size_t i = 0; i < item->link_count; i++)
        assert_non_null(relation_find(item->links[i].relation));
}

static void next(struct sheet *sheet)
{
    assert_int_equal(csv_read(sheet->csv, &sheet->err), CSV_RECORD);
    assert_true(rvtools_row(&sheet->table, &sheet->arena, &sheet->item, &sheet->err));
    check_item(&sheet->item);
}

static bool next_fails(struct sheet *sheet)
{
    assert_int_equal(csv_read(sheet->csv, &sheet->err), CSV_RECORD);
    return !rvtools_row(&sheet->table, &sheet->arena, &sheet->item, &sheet->err);
}

static void assert_text(const struct sheet *sheet, const char *name, const char *text)
{
    const char *found = item_text(&sheet->item, name);

    assert_non_null(found);
    assert_string_equal(found, text);
}

static void assert_number(const struct sheet *sheet, const char *name, int64_t number)
{
    const struct value *value = item_get(&sheet->item, name);

    assert_non_null(value);
    assert_int_equal(value->type, VALUE_INT);
    assert_int_equal(value->number, number);
}

static void assert_truth(const struct sheet *sheet, const char *name, bool truth)
{
    const struct value *value = item_get(&sheet->item, name);

    assert_non_null(value);
    assert_int_equal(value->type, VALUE_BOOL);
    assert_int_equal(value->truth, truth);
}

static void assert_absent(const struct sheet *sheet, const char *name)
{
    assert_null(item_get(&sheet->item, name));
}

static const char *why_unread(const struct sheet *sheet, const char *prefix)
{
    for (size_t i = 0; i < sheet->item.unread_count; i++)
        if (strcmp(sheet->item.unread[i].prefix, prefix) == 0)
            return sheet->item.unread[i].why;
    return "";
}

static bool is_linked(const struct sheet *sheet, const char *relation, const char *kind, const char *key)
{
    for (size_t i = 0; i < sheet->item.link_count; i++) {
        const struct link *link = &sheet->item.links[i];

        if (strcmp(link->relation, relation) == 0 && strcmp(link->kind, kind) == 0 && strcmp(link->key, key) == 0)
            return true;
    }
    return false;
}

static void a_running_windows_machine_is_read_with_all_its_facts(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sample(&sheet, "data/rvtools-4/RVTools_tabvInfo.csv");
    next(&sheet);
    assert_string_equal(sheet.item.kind, "vm");
    assert_string_equal(sheet.item.key, "50170001-aaaa-bbbb-cccc-000000000001");
    assert_text(&sheet, "id.name", "web01");
    assert_text(&sheet, "id.path", "vc01.corp.example/web01");
    assert_text(&sheet, "id.moref", "vm-101");
    assert_text(&sheet, "id.instance_uuid", "50170001-aaaa-bbbb-cccc-000000000001");
    assert_text(&sheet, "id.uuid", "42170001-aaaa-bbbb-cccc-000000000001");
    assert_text(&sheet, "vm.state", "running");
    assert_truth(&sheet, "vm.template", false);
    assert_truth(&sheet, "vm.placeholder", false);
    assert_text(&sheet, "vm.configuration_version", "vmx-13");
    assert_text(&sheet, "vm.folder", "/Main/Web");
    assert_text(&sheet, "vm.vapp", "");
    assert_text(&sheet, "vm.configured_guest_name", "Microsoft Windows Server 2016 or later (64-bit)");
    assert_number(&sheet, "hardware.cpu_count", 2);
    assert_number(&sheet, "hardware.memory", INT64_C(4096) << 20);
    assert_text(&sheet, "guest.fqdn", "web01.corp.example");
    assert_text(&sheet, "guest.family", "windows");
    assert_text(&sheet, "guest.arch", "x64");
    assert_text(&sheet, "guest.build", "10.0.14393");
    assert_string_equal(why_unread(&sheet, "guest."), "");
    assert_true(is_linked(&sheet, "runs_on", "esxi_host", "esx01.corp.example"));
    assert_true(is_linked(&sheet, "may_run_on", "cluster", "Main/Prod"));
    close_sheet(&sheet);
}

static void a_linux_machine_tells_its_distribution(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sample(&sheet, "data/rvtools-4/RVTools_tabvInfo.csv");
    next(&sheet);
    next(&sheet);
    assert_text(&sheet, "guest.family", "linux");
    assert_text(&sheet, "guest.distribution", "Ubuntu");
    assert_text(&sheet, "guest.distribution_version", "16.04");
    assert_absent(&sheet, "guest.build");
    assert_text(&sheet, "vm.vapp", "Shop");
    assert_number(&sheet, "hardware.memory", INT64_C(1024) << 20);
    close_sheet(&sheet);
}

static void what_a_switched_off_machine_does_not_tell_is_unread_not_absent(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sample(&sheet, "data/rvtools-4/RVTools_tabvInfo.csv");
    next(&sheet);
    next(&sheet);
    next(&sheet);
    assert_text(&sheet, "id.name", "off01");
    assert_non_null(strstr(why_unread(&sheet, "guest."), "not running (off)"));
    close_sheet(&sheet);
}

static void what_vcenter_shows_of_a_lost_machines_guest_is_not_taken_for_current(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sample(&sheet, "data/rvtools-4/RVTools_tabvInfo.csv");
    for (int i = 0; i < 4; i++)
        next(&sheet);
    assert_text(&sheet, "vm.connection_state", "orphaned");
    assert_non_null(strstr(why_unread(&sheet, "guest."), "orphaned"));
    assert_absent(&sheet, "guest.fqdn");
    close_sheet(&sheet);
}

static void a_row_without_a_uuid_is_bad_and_says_so(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sample(&sheet, "data/rvtools-4/RVTools_tabvInfo.csv");
    for (int i = 0; i < 4; i++)
        next(&sheet);
    assert_true(next_fails(&sheet));
    assert_non_null(strstr(sheet.err.text, "not a UUID"));
    next(&sheet);
    assert_text(&sheet, "id.name", "tmpl01");
    assert_truth(&sheet, "vm.template", true);
    close_sheet(&sheet);
}

static void an_export_of_version_3_is_read_too(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sample(&sheet, "data/rvtools-3/RVTools_tabvInfo.csv");
    assert_int_equal(sheet.table.tab, RVTOOLS_TAB_INFO);
    assert_false(rvtools_has(&sheet.table, RVTOOLS_SMBIOS_UUID));
    next(&sheet);
    assert_string_equal(sheet.item.key, "42170001-aaaa-bbbb-cccc-0000000000f1");
    /* It is not sure which of the two UUIDs this is. */
    assert_absent(&sheet, "id.uuid");
    assert_absent(&sheet, "id.instance_uuid");
    assert_text(&sheet, "vm.configured_guest_name", "Microsoft Windows Server 2008 R2 (64-bit)");
    assert_text(&sheet, "vm.configuration_version", "vmx-08");
    assert_number(&sheet, "hardware.memory", INT64_C(8192) << 20);
    assert_absent(&sheet, "vm.template");
    next(&sheet);
    assert_text(&sheet, "vm.state", "saved");
    assert_false(rvtools_vcenter(&sheet.table, &sheet.arena, &sheet.item));
    close_sheet(&sheet);
}

static void the_headers_of_dbcolumnnames_are_understood(void **state)
{
    struct sheet sheet;

    (void)state;
    assert_true(open_text(&sheet, "vInfoVMName,vInfoPowerstate,vInfoTemplate,vInfoGuestHostName,vInfoOSTools,vInfoOS,"
                                  "vInfoHost,vInfoCluster,vInfoDataCenter,vInfoUUID\n"
                                  "a,poweredOn,False,a.example,Microsoft Windows Server 2012 (64-bit),other,esx,c,d,"
                                  "50170001-aaaa-bbbb-cccc-000000000001\n"));
    next(&sheet);
    assert_text(&sheet, "id.name", "a");
    assert_text(&sheet, "guest.name", "Microsoft Windows Server 2012 (64-bit)");
    assert_text(&sheet, "vm.configured_guest_name", "other");
    assert_true(is_linked(&sheet, "may_run_on", "cluster", "d/c"));
    close_sheet(&sheet);
}

static void a_custom_attribute_does_not_take_a_columns_place(void **state)
{
    struct sheet sheet;

    (void)state;
    assert_true(open_text(&sheet, "VM,Powerstate,UUID,OS,VM UUID,OS according to the configuration file\n"
                                  "a,poweredOn,asset 4711,of no use,50170001-aaaa-bbbb-cccc-000000000001,Linux\n"));
    next(&sheet);
    assert_text(&sheet, "vm.configured_guest_name", "Linux");
    close_sheet(&sheet);
}

static void a_host_is_read_with_version_build_and_licence(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sample(&sheet, "data/rvtools-4/RVTools_tabvHost.csv");
    assert_int_equal(sheet.table.tab, RVTOOLS_TAB_HOST);
    next(&sheet);
    assert_string_equal(sheet.item.kind, "esxi_host");
    assert_string_equal(sheet.item.key, "esx01.corp.example");
    assert_text(&sheet, "id.fqdn", "esx01.corp.example");
    assert_text(&sheet, "vsphere.version", "6.5.0");
    assert_text(&sheet, "vsphere.build", "5969303");
    assert_text(&sheet, "vsphere.product", "VMware ESXi 6.5.0 build-5969303");
    assert_text(&sheet, "vsphere.license_name", "VMware vSphere 6 Enterprise Plus");
    assert_string_not_equal(why_unread(&sheet, "vsphere.license_edition"), "");
    assert_text(&sheet, "hardware.manufacturer", "Dell Inc.");
    assert_text(&sheet, "hardware.model", "PowerEdge R740");
    assert_text(&sheet, "id.uuid", "4c4c4544-0000-0000-0000-000000000000");
    assert_truth(&sheet, "vsphere.maintenance", false);
    assert_true(is_linked(&sheet, "member_of", "cluster", "Main/Prod"));
    next(&sheet);
    assert_truth(&sheet, "vsphere.maintenance", true);
    close_sheet(&sheet);
}

static void a_host_that_is_known_by_address_has_no_name(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sample(&sheet, "data/rvtools-4/RVTools_tabvHost.csv");
    for (int i = 0; i < 3; i++)
        next(&sheet);
    assert_absent(&sheet, "id.fqdn");
    assert_string_equal(item_get(&sheet.item, "id.addresses")->list.texts[0], "10.1.9.9");
    assert_int_equal(sheet.item.link_count, 0);
    assert_false(rvtools_cluster(&sheet.table, &sheet.arena, &sheet.item));
    close_sheet(&sheet);
}

static void odd_product_names_give_no_version_rather_than_a_wrong_one(void **state)
{
    static const struct {
        const char *product, *version, *build;
    } cases[] = {
        { "VMware ESX 4.1.0 build-260247", "4.1.0", "260247" },
        { "VMware ESXi build-260247", NULL, "260247" },
        { "VMware ESXi 6.5.0", NULL, NULL },
        { "VMware ESXi 6.5.0 Update 1 build-5969303", NULL, "5969303" },
        { "ESXi", NULL, NULL },
    };
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sheet sheet;

        snprintf(text, sizeof text, "Host,ESX Version,Vendor\nesx,%s,Dell\n", cases[i].product);
        assert_true(open_text(&sheet, text));
        next(&sheet);
        assert_text(&sheet, "vsphere.product", cases[i].product);
        if (cases[i].version != NULL)
            assert_text(&sheet, "vsphere.version", cases[i].version);
        else
            assert_absent(&sheet, "vsphere.version");
        if (cases[i].build != NULL)
            assert_text(&sheet, "vsphere.build", cases[i].build);
        else
            assert_absent(&sheet, "vsphere.build");
        close_sheet(&sheet);
    }
}

static void cluster_and_vcenter_follow_from_a_row(void **state)
{
    struct sheet sheet;

    (void)state;
    open_sample(&sheet, "data/rvtools-4/RVTools_tabvInfo.csv");
    next(&sheet);
    assert_true(rvtools_cluster(&sheet.table, &sheet.arena, &sheet.item));
    check_item(&sheet.item);
    assert_string_equal(sheet.item.key, "Main/Prod");
    assert_text(&sheet, "cluster.type", "vsphere");
    assert_true(rvtools_vcenter(&sheet.table, &sheet.arena, &sheet.item));
    check_item(&sheet.item);
    assert_string_equal(sheet.item.key, "b0a7e1d0-5c2f-4f0e-9b1a-3c5d7e9f1a2b");
    assert_text(&sheet, "id.fqdn", "vc01.corp.example");
    assert_text(&sheet, "vsphere.api_version", "6.5");
    assert_absent(&sheet, "vsphere.version");
    assert_string_not_equal(why_unread(&sheet, "vsphere.version"), "");
    close_sheet(&sheet);
}

static void a_host_that_was_asked_itself_is_no_vcenter(void **state)
{
    struct sheet sheet;

    (void)state;
    assert_true(open_text(&sheet,
                          "VM,VM UUID,Powerstate,VI SDK Server,VI SDK Server type\n"
                          "a,50170001-aaaa-bbbb-cccc-000000000001,poweredOn,esx01,VMware ESXi 6.5.0 build-1\n"));
    next(&sheet);
    assert_false(rvtools_vcenter(&sheet.table, &sheet.arena, &sheet.item));
    close_sheet(&sheet);
}

static void numbers_are_read_in_any_locale_or_not_at_all(void **state)
{
    static const struct {
        const char *cell;
        int64_t mib; /* -1: no number */
    } cases[] = {
        { "4096", 4096 },   { "4,096", 4096 }, { "1.048.576", 1048576 }, { "4'096", 4096 }, { "4 096", 4096 },
        { "4096.5", -1 },   { "4,0960", -1 },  { "1,048.576", -1 },      { "-1", -1 },      { "", -1 },
        { "12,34,56", -1 }, { "4096 MB", -1 }, { ",096", -1 },           { "4096,", -1 },   { "99999999999999999", -1 },
    };
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sheet sheet;

        snprintf(text, sizeof text,
                 "VM,VM UUID,Powerstate,Memory\na,50170001-aaaa-bbbb-cccc-000000000001,poweredOn,\"%s\"\n",
                 cases[i].cell);
        assert_true(open_text(&sheet, text));
        next(&sheet);
        if (cases[i].mib >= 0)
            assert_number(&sheet, "hardware.memory", cases[i].mib << 20);
        else
            assert_absent(&sheet, "hardware.memory");
        close_sheet(&sheet);
    }
}

static void text_that_is_not_utf8_is_cleaned_and_noted(void **state)
{
    struct sheet sheet;

    (void)state;
    assert_true(open_text(&sheet, "VM,VM UUID,Powerstate\n"
                                  "Z\xfcrich,50170001-aaaa-bbbb-cccc-000000000001,poweredOn\n"));
    next(&sheet);
    assert_text(&sheet, "id.name", "Z\xef\xbf\xbdrich");
    assert_true(sheet.table.unclean);
    close_sheet(&sheet);
}

static void a_header_of_something_else_is_refused_with_what_is_missing(void **state)
{
    static const char *const headers[] = { "Name,Size\n", "VM,Powerstate\n", "Machine virtuelle,\xc3\x89tat\n" };

    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct sheet sheet;

        assert_false(open_text(&sheet, headers[i]));
        assert_non_null(strstr(sheet.err.text, "VM UUID"));
        close_sheet(&sheet);
    }
}

static void a_uuid_must_look_like_one(void **state)
{
    static const char *const uuids[] = { "",
                                         "vm-101",
                                         "50170001-aaaa-bbbb-cccc-00000000000",
                                         "50170001-aaaa-bbbb-cccc-0000000000011",
                                         "50170001xaaaa-bbbb-cccc-000000000001",
                                         "5017000g-aaaa-bbbb-cccc-000000000001" };
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof uuids / sizeof *uuids; i++) {
        struct sheet sheet;

        snprintf(text, sizeof text, "VM,VM UUID,Powerstate\na,%s,poweredOn\n", uuids[i]);
        assert_true(open_text(&sheet, text));
        assert_true(next_fails(&sheet));
        close_sheet(&sheet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_windows_machine_is_read_with_all_its_facts),
        cmocka_unit_test(a_linux_machine_tells_its_distribution),
        cmocka_unit_test(what_a_switched_off_machine_does_not_tell_is_unread_not_absent),
        cmocka_unit_test(what_vcenter_shows_of_a_lost_machines_guest_is_not_taken_for_current),
        cmocka_unit_test(a_row_without_a_uuid_is_bad_and_says_so),
        cmocka_unit_test(an_export_of_version_3_is_read_too),
        cmocka_unit_test(the_headers_of_dbcolumnnames_are_understood),
        cmocka_unit_test(a_custom_attribute_does_not_take_a_columns_place),
        cmocka_unit_test(a_host_is_read_with_version_build_and_licence),
        cmocka_unit_test(a_host_that_is_known_by_address_has_no_name),
        cmocka_unit_test(odd_product_names_give_no_version_rather_than_a_wrong_one),
        cmocka_unit_test(cluster_and_vcenter_follow_from_a_row),
        cmocka_unit_test(a_host_that_was_asked_itself_is_no_vcenter),
        cmocka_unit_test(numbers_are_read_in_any_locale_or_not_at_all),
        cmocka_unit_test(text_that_is_not_utf8_is_cleaned_and_noted),
        cmocka_unit_test(a_header_of_something_else_is_refused_with_what_is_missing),
        cmocka_unit_test(a_uuid_must_look_like_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
