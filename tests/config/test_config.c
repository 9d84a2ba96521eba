/* A configuration that is right: every key, every default, every form that a value may have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "yard.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)

static void everything_has_its_default(void **state)
{
    const struct config_target *target;

    (void)state;
    yard_load("targets = ( { name = \"a\"; plugin = \"file\"; } );");
    yard_loads();
    yard_count_warnings(0);
    assert_string_equal(yard.config->file, yard_path("musterd.conf"));
    assert_string_equal(yard.config->database, "/var/lib/muster/muster.db");
    assert_string_equal(yard.config->control, "/run/muster/control");
    assert_null(yard.config->readers);
    assert_null(yard.config->operators);
    assert_string_equal(yard.config->landlock, "wanted");
    assert_string_equal(yard.config->seccomp, "wanted");
    assert_int_equal(yard.config->slots, 16);
    assert_true(yard.config->scan_memory == INT64_C(256) << 20);
    assert_true(yard.config->retention_ms == 400 * DAY_MS);
    assert_int_equal(yard.config->log_level, LOG_LEVEL_INFO);
    assert_false(yard.config->log_json);
    target = &yard.config->targets.items[0];
    assert_true(target->every_ms == 3600000 && target->max_age_ms == 0 && target->deadline_ms == 900000);
    assert_true(target->memory_mb == 512 && target->cpu_s == 900);
    assert_string_equal(target->scope, "a");
    assert_null(target->was);
    assert_null(target->credential);
    assert_int_equal(target->tag_count + target->options.count, 0);
    assert_int_equal(yard.config->plugins.items[0].slots, 16);
}

static void what_stands_outside_of_all_lists_is_read(void **state)
{
    (void)state;
    yard_load("database = \"/d\"; control = \"/c\"; matrix = \"m\"; products = \"/p.conf\"; readers = \"r\"; operators "
              "= \"o\"; landlock = \"required\";\n"
              "seccomp = \"off\"; scan_memory = \"1GiB\"; retention = \"52w\";\n"
              "log = { level = \"debug\"; format = \"json\"; };\n"
              "slots = { total = 500; plugins = ( { plugin = \"file\"; slots = 4; } ); };\n"
              "targets = ( { name = \"a\"; plugin = \"file\"; }, { name = \"b\"; plugin = \"vmware\"; } );");
    yard_loads();
    yard_count_warnings(0);
    assert_string_equal(yard.config->database, "/d");
    assert_string_equal(yard.config->control, "/c");
    assert_string_equal(yard.config->matrix, yard_path("m"));
    assert_string_equal(yard.config->products, "/p.conf");
    assert_string_equal(yard.config->readers, "r");
    assert_string_equal(yard.config->operators, "o");
    assert_string_equal(yard.config->landlock, "required");
    assert_string_equal(yard.config->seccomp, "off");
    assert_true(yard.config->scan_memory == INT64_C(1) << 30);
    assert_true(yard.config->retention_ms == 364 * DAY_MS);
    assert_int_equal(yard.config->log_level, LOG_LEVEL_DEBUG);
    assert_true(yard.config->log_json);
    assert_int_equal(yard.config->slots, 500);
    assert_int_equal(yard.config->plugins.count, 2);
    assert_int_equal(yard.config->plugins.items[0].slots, 4);
    assert_int_equal(yard.config->plugins.items[1].slots, 500);
    assert_string_equal(yard.config->plugins.items[1].path, yard_path("plugins/vmware.so"));
    assert_int_equal(yard.config->plugins.items[1].place.line, 5);
    assert_string_equal(yard.config->plugin_host, yard_path("host"));
}

static void a_target_is_read(void **state)
{
    const struct config_target *target;

    (void)state;
    yard_load("credentials = ( { name = \"k\"; username = \"corp\\\\scan\"; password = \"p\"; } );\n"
              "targets = (\n"
              "{ name = \"vc01\"; was = \"old\"; plugin = \"vmware\"; credential = \"k\"; every = \"2h\"; deadline = "
              "\"90s\";\n memory = \"1025kB\" \"\"; } );");
    yard_has(4, "memory: \"1025kB\" is out of bounds: 16MiB to 64GiB is possible");
    yard_load(
        "credentials = ( { name = \"k\"; username = \"corp\\\\scan\"; password = \"p\"; } );\n"
        "targets = (\n"
        "{ name = \"vc01\"; was = \"old\"; plugin = \"vmware\"; credential = \"k\"; every = \"2h\"; deadline = "
        "\"90s\"; max_age = \"1d\";\n memory = \"100MB\"; cpu = \"1500ms\"; scope = \"s\"; tags = [ \"a\", "
        "\"\xC3\xA4\" ];\n"
        "options = {\n url = \"https://vc01/sdk\";\n depth = 3; all = true; some = ( \"x\", 2 ); none = []; }; } );");
    yard_loads();
    target = &yard.config->targets.items[0];
    assert_string_equal(target->name, "vc01");
    assert_string_equal(target->was, "old");
    assert_string_equal(target->plugin, "vmware");
    assert_ptr_equal(target->credential, &yard.config->credentials.items[0]);
    assert_true(target->every_ms == 7200000 && target->max_age_ms == DAY_MS && target->deadline_ms == 90000);
    assert_true(target->memory_mb == 96 && target->cpu_s == 2);
    assert_string_equal(target->scope, "s");
    assert_int_equal(target->tag_count, 2);
    assert_string_equal(target->tags[1], "\xC3\xA4");
    assert_int_equal(target->place.line, 3);
    assert_int_equal(target->options.count, 5);
    assert_string_equal(target->options.given[0].name, "url");
    assert_int_equal(target->option_places[0].line, 6);
    assert_string_equal(target->options.given[1].texts[0], "3");
    assert_int_equal(target->option_places[1].line, 7);
    assert_string_equal(target->options.given[2].texts[0], "true");
    assert_int_equal(target->options.given[3].count, 2);
    assert_string_equal(target->options.given[3].texts[1], "2");
    assert_int_equal(target->options.given[4].count, 0);
}

static void credentials_are_read(void **state)
{
    (void)state;
    yard_load(
        "credentials = ( { name = \"a\"; password_file = \"a.pw\"; }, { name = \"b\"; systemd_credential = \"b\"; "
        "},\n{ name = \"c\"; username = \"u\"; password = \"geheim\"; } );");
    yard_loads();
    assert_string_equal(yard.config->credentials.items[0].password_file, yard_path("a.pw"));
    assert_null(yard.config->credentials.items[0].username);
    assert_string_equal(yard.config->credentials.items[1].systemd_credential, "b");
    assert_string_equal(yard.config->credentials.items[2].password, "geheim");
    assert_int_equal(yard.config->credentials.items[2].place.line, 2);
    yard_warns(2, "password: the password stands in this file");
    assert_false(yard_says("geheim"));
}

static void backup_servers_rules_and_identities_are_read(void **state)
{
    const struct config_assign *assign;

    (void)state;
    yard_load(
        "backup_servers = ( { name = \"m1\"; product = \"mabs-v3-ur1\"; update = \"UR2\"; installation = "
        "\"hyperv-vm\"; os = \"Windows Server 2016\"; domain = \"corp\"; trusts = [ \"a\", \"b\" ]; site = \"x\"; } "
        ");\n"
        "assign = ( { where = { workload = \"sql\"; kind = \"vm\"; name = \"sql*\"; folder = \"/a\"; ou = \"OU=x\"; "
        "attribute = \"os.name\"; value = \"w\"; tag = \"t\"; target = \"vc*\"; };\n"
        "server = \"m1\"; by = \"none\"; owner = \"o\"; site = \"s\"; installation = \"azure-stack\"; criticality = "
        "\"high\"; reason = \"r\"; },\n{ server = \"M1\"; } );\n"
        "identity = ( { join = ( { scope = \"vc\"; kind = \"vm\"; key = \"1\"; }, { kind = \"machine\"; key = \"2\"; "
        "} ); reason = \"moved\"; },\n{ apart = ( { kind = \"vm\"; key = \"1\"; }, { kind = \"vm\"; key = \"3\"; } ); "
        "} );");
    yard_loads();
    assert_string_equal(yard.config->backup_servers.items[0].product, "mabs-v3-ur1");
    assert_string_equal(yard.config->backup_servers.items[0].installation, "hyperv-vm");
    assert_int_equal(yard.config->backup_servers.items[0].trust_count, 2);
    assert_string_equal(yard.config->backup_servers.items[0].trusts[1], "b");
    assign = &yard.config->assigns.items[0];
    assert_string_equal(assign->where.workload, "sql");
    assert_string_equal(assign->where.kind, "vm");
    assert_string_equal(assign->where.target, "vc*");
    assert_string_equal(assign->where.attribute, "os.name");
    assert_string_equal(assign->where.value, "w");
    assert_string_equal(assign->by, "none");
    assert_string_equal(assign->criticality, "high");
    assert_int_equal(yard.config->assigns.count, 2);
    assert_null(yard.config->assigns.items[1].where.name);
    assert_true(yard.config->identities.items[0].join);
    assert_int_equal(yard.config->identities.items[0].count, 2);
    assert_string_equal(yard.config->identities.items[0].items[0].scope, "vc");
    assert_null(yard.config->identities.items[0].items[1].scope);
    assert_false(yard.config->identities.items[1].join);
    assert_string_equal(yard.config->identities.items[1].items[1].key, "3");
}

static void hosts_make_a_target_each(void **state)
{
    const struct config_target *targets;

    (void)state;
    yard_load("targets = ( { name = \"hv\"; was = \"old\"; plugin = \"file\"; hosts = [ \"hv01\", \"hv02.corp\" ];\n"
              "options = { port = 1; }; },\n{ name = \"c\"; plugin = \"file\"; scope = \"cluster\"; hosts = ( \"n1\", "
              "\"n2\" ); } );");
    yard_loads();
    assert_int_equal(yard.config->targets.count, 4);
    targets = yard.config->targets.items;
    assert_string_equal(targets[0].name, "hv/hv01");
    assert_string_equal(targets[0].was, "old/hv01");
    assert_string_equal(targets[0].scope, "hv/hv01");
    assert_int_equal(targets[0].options.count, 2);
    assert_string_equal(targets[0].options.given[0].name, "port");
    assert_string_equal(targets[0].options.given[1].name, "host");
    assert_string_equal(targets[0].options.given[1].texts[0], "hv01");
    assert_int_equal(targets[0].option_places[1].line, 1);
    assert_string_equal(targets[1].options.given[1].texts[0], "hv02.corp");
    assert_string_equal(targets[2].name, "c/n1");
    assert_string_equal(targets[2].scope, "cluster");
    assert_string_equal(targets[3].scope, "cluster");
}

/* A configuration lives on when the one that follows is wrong. */
static void two_configurations_have_nothing_in_common(void **state)
{
    struct config *first;

    (void)state;
    yard_load("targets = ( { name = \"a\"; plugin = \"file\"; } );");
    first = yard.config;
    yard.config = NULL;
    yard_load("targets = ( { name = \"a\"; } );");
    yard_count(1);
    assert_string_equal(first->targets.items[0].name, "a");
    config_unload(first);
    config_unload(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_has_its_default, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_stands_outside_of_all_lists_is_read, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_target_is_read, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(credentials_are_read, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(backup_servers_rules_and_identities_are_read, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(hosts_make_a_target_each, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(two_configurations_have_nothing_in_common, yard_open, yard_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
