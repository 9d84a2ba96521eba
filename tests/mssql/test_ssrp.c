/* Replies of SQL Server Browser: what makes sense is read, what does not costs itself alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mem.h"
#include "ssrp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEFORE "ServerName;SRV1;InstanceName;"
#define SERVER(name, rest) BEFORE name ";IsClustered;No;Version;14.0.0.0" rest

static struct ssrp_reply reply;
static struct err err;

/* The bytes stand in a block of their own, so that a sanitizer sees what is read beyond them. */
static bool read_as(unsigned char type, size_t told, const char *text, size_t size)
{
    unsigned char *bytes = mem_new(size + 3, 1);
    bool good;

    bytes[0] = type;
    bytes[1] = (unsigned char)told;
    bytes[2] = (unsigned char)(told >> 8);
    memcpy(bytes + 3, text, size);
    err = ERR_EMPTY;
    good = ssrp_read(&reply, bytes, size + 3, &err);
    free(bytes);
    return good;
}

static bool read_text(const char *text)
{
    return read_as(5, strlen(text), text, strlen(text));
}

static void assert_refused(const char *text)
{
    if (read_text(text))
        fail_msg("it was read: %s", text);
    assert_int_equal(err.class, ERR_PROTOCOL);
    assert_int_equal(reply.count, 0);
}

/* ------------------------------------------------------------------------------------------------ what is well ---- */

static void one_instance_is_read_with_all_that_is_told_of_it(void **state)
{
    (void)state;
    assert_true(read_text("ServerName;SRV1;InstanceName;MSSQLSERVER;IsClustered;Yes;Version;10.50.1600.1;tcp;1433;;"));
    assert_int_equal(reply.count, 1);
    assert_int_equal(reply.left_out, 0);
    assert_string_equal(reply.instances[0].name, "MSSQLSERVER");
    assert_string_equal(reply.instances[0].version, "10.50.1600.1");
    assert_true(reply.instances[0].clustered);
    assert_int_equal(reply.instances[0].port, 1433);
}

static void the_order_of_the_protocols_does_not_matter(void **state)
{
    static const char *const texts[] = {
        ";tcp;1433;;",
        ";np;\\\\SRV1\\pipe\\sql\\query;tcp;1433;;",
        ";tcp;1433;np;\\\\SRV1\\pipe\\Sampl\xc3\xa9;via;SRV1 1:1433;rpc;SRV1;spx;MSSQLSERVER;adsp;SQL2000;"
        "bv;item;group;item;group;org;;",
        ";via;SRV1 1:99;bv;item;group;item;group;org;tcp;1433;;",
        ";np;;tcp;1433;;",
        ";newer;thing;tcp;1433;;",
    };
    char text[512];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        snprintf(text, sizeof text, "%s%s", SERVER("A", ""), texts[i]);
        assert_true(read_text(text));
        if (reply.instances[0].port != 1433)
            fail_msg("%s: port %d", text, reply.instances[0].port);
    }
}

static void several_instances_are_read_in_their_order(void **state)
{
    (void)state;
    assert_true(read_text(SERVER("B", ";tcp;50001;;") SERVER("A", ";np;x;;") SERVER("C", ";tcp;50003;;")));
    assert_int_equal(reply.count, 3);
    assert_string_equal(reply.instances[0].name, "B");
    assert_string_equal(reply.instances[1].name, "A");
    assert_int_equal(reply.instances[1].port, 0);
    assert_int_equal(reply.instances[2].port, 50003);
}

static void without_a_port_it_is_an_instance_all_the_same(void **state)
{
    static const char *const texts[] = { SERVER("A", ";;"), SERVER("A", ";"), SERVER("A", ";np;x;;"),
                                         SERVER("A", ";tcp;14"), SERVER("A", ";tcp") };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!read_text(texts[i]))
            fail_msg("%s: %s", texts[i], err.text);
        assert_int_equal(reply.instances[0].port, 0);
    }
    assert_refused(SERVER("A", ""));
}

static void a_version_that_is_none_costs_the_version_alone(void **state)
{
    static const char *const versions[] = { "", "v14", "65535.65535.65.53", "14 ", "\xc3\xa9" };
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        snprintf(text, sizeof text, BEFORE "A;IsClustered;No;Version;%s;tcp;1433;;", versions[i]);
        assert_true(read_text(text));
        assert_string_equal(reply.instances[0].version, "");
        assert_int_equal(reply.instances[0].port, 1433);
    }
    assert_true(read_text(BEFORE "A;IsClustered;No;Version;65535.65535.6.53;;"));
    assert_string_equal(reply.instances[0].version, "65535.65535.6.53");
}

static void names_are_kept_as_they_are(void **state)
{
    static const struct {
        const char *sent, *name;
    } rows[] = {
        { "a\"b'c", "a\"b'c" },
        { "%s%n", "%s%n" },
        { "M\xc3\x9cNCHEN", "M\xc3\x9cNCHEN" },
        { "M\xdcNCHEN", "M\xef\xbf\xbdNCHEN" },
        { "tcp", "tcp" },
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, BEFORE "%s;IsClustered;No;Version;14.0;tcp;1433;;", rows[i].sent);
        assert_true(read_text(text));
        assert_string_equal(reply.instances[0].name, rows[i].name);
    }
}

/* ---------------------------------------------------------------------------------------------- what is not ---- */

static void what_is_no_reply_is_refused(void **state)
{
    const char *good = SERVER("A", ";tcp;1433;;");

    (void)state;
    assert_false(read_as(4, strlen(good), good, strlen(good)));
    assert_int_equal(err.class, ERR_PROTOCOL);
    assert_false(read_as(5, strlen(good) + 1, good, strlen(good)));
    assert_non_null(strstr(err.text, "says"));
    assert_false(read_as(5, 0xffff, good, strlen(good)));
    assert_false(read_as(5, 0, good, strlen(good)));
    assert_false(read_as(5, 6, "\x01\x99\x05", 3));
    assert_false(ssrp_read(&reply, (const unsigned char *)"", 0, &err));
    assert_false(ssrp_read(&reply, (const unsigned char *)"\x05", 1, NULL));
    assert_false(ssrp_read(&reply, (const unsigned char *)"\x05\x00", 2, &err));
}

static void a_reply_that_is_cut_anywhere_is_refused(void **state)
{
    const char *good = SERVER("A", ";tcp;1433;;");

    (void)state;
    for (size_t size = 0; size < strlen(good); size++)
        assert_false(read_as(5, strlen(good), good, size));
}

static void what_makes_no_sense_is_no_instance(void **state)
{
    static const char *const texts[] = {
        "",
        ";;",
        ";;;;;;;;",
        "ServerName",
        "ServerName;",
        "ServerName;;;",
        "InstanceName;A;IsClustered;No;Version;14.0;tcp;1433;;",
        ";InstanceName;A;IsClustered;No;Version;14.0;tcp;1433;;",
        "ServerName;;InstanceName;A;IsClustered;No;Version;14.0;tcp;1433;;",
        "ServerNameSRV1;InstanceNameA;IsClusteredNo;Version14.0;tcp;1433;;",
        "servername;SRV1;instancename;A;isclustered;No;version;14.0;tcp;1433;;",
        "ServerName;S\x01V;InstanceName;A;IsClustered;No;Version;14.0;tcp;1433;;",
        BEFORE ";IsClustered;No;Version;14.0;tcp;1433;;",
        BEFORE "A\nB;IsClustered;No;Version;14.0;tcp;1433;;",
        BEFORE "A\x1b[31m;IsClustered;No;Version;14.0;tcp;1433;;",
        BEFORE "A\x7f;IsClustered;No;Version;14.0;tcp;1433;;",
        BEFORE "A\xe2\x80\xae;IsClustered;No;Version;14.0;tcp;1433;;",
        BEFORE "]; DROP TABLE x--;IsClustered;No;Version;14.0;tcp;1433;;",
        BEFORE "A;Version;14.0;IsClustered;No;tcp;1433;;",
        BEFORE "A;IsClustered;INVALID;Version;14.0;tcp;1433;;",
        BEFORE "A;IsClustered;yes;Version;14.0;tcp;1433;;",
        BEFORE "A;IsClustered;No;tcp;1433;;",
        BEFORE "A;Version;14.0;tcp;1433;;",
        "ServerName;SRV1;IsClustered;No;Version;14.0;tcp;1433;;",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_refused(texts[i]);
}

static void a_port_that_is_none_is_no_instance(void **state)
{
    static const char *const ports[] = {
        "0", "65536", "70000", "-1", "+1", "one", "14 33", "1433,1434", "", "0x599", "99999999999999999999", "00000"
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        snprintf(text, sizeof text, "%s;tcp;%s;;", SERVER("A", ""), ports[i]);
        assert_refused(text);
        assert_int_equal(reply.left_out, 1);
    }
    assert_refused(SERVER("A", ";tcp;1433;tcp;1434;;"));
    assert_true(read_text(SERVER("A", ";tcp;65535;;")));
    assert_int_equal(reply.instances[0].port, 65535);
}

static void a_bad_instance_leaves_the_others_alone(void **state)
{
    (void)state;
    assert_true(read_text(SERVER("A", ";tcp;1433;;") SERVER("B", ";tcp;0;;")
                              SERVER("C", ";tcp;1435;;") "ServerName;;InstanceName;D;;" SERVER("E", ";tcp;1436;;")));
    assert_int_equal(reply.count, 3);
    assert_int_equal(reply.left_out, 2);
    assert_string_equal(reply.instances[1].name, "C");
    assert_string_equal(reply.instances[2].name, "E");
    assert_true(read_text("rubbish;;" SERVER("A", ";tcp;1433;;") "rubbish"));
    assert_int_equal(reply.count, 1);
}

/* Whoever names fewer instances than there are must not have them taken for all. */
static void what_lies_behind_the_told_size_was_left_out(void **state)
{
    const char *text = SERVER("A", ";tcp;1433;;") SERVER("B", ";tcp;1434;;");

    (void)state;
    assert_true(read_as(5, strlen(SERVER("A", ";tcp;1433;;")), text, strlen(text)));
    assert_int_equal(reply.count, 1);
    assert_int_equal(reply.left_out, 1);
}

static void an_instance_that_comes_twice_counts_once(void **state)
{
    (void)state;
    assert_true(read_text(SERVER("Sales", ";tcp;1433;;") SERVER("SALES", ";tcp;1999;;")));
    assert_int_equal(reply.count, 1);
    assert_int_equal(reply.left_out, 0);
    assert_int_equal(reply.instances[0].port, 1433);
}

static void a_name_has_at_most_255_bytes(void **state)
{
    char name[300], text[512];

    (void)state;
    for (size_t length = 255; length <= 256; length++) {
        memset(name, 'a', length);
        name[length] = '\0';
        snprintf(text, sizeof text, BEFORE "%s;IsClustered;No;Version;14.0;tcp;1433;;", name);
        assert_int_equal(read_text(text), length == 255);
        snprintf(text, sizeof text, "ServerName;%s;InstanceName;A;IsClustered;No;Version;14.0;tcp;1433;;", name);
        assert_int_equal(read_text(text), length == 255);
    }
    memset(name, '\xdc', 100); /* each takes three bytes when it is replaced */
    name[100] = '\0';
    snprintf(text, sizeof text, BEFORE "%s;IsClustered;No;Version;14.0;tcp;1433;;", name);
    assert_refused(text);
}

static void no_more_than_fifty_are_taken_and_the_rest_is_counted(void **state)
{
    char *text = mem_new(65536, 1);
    size_t size = 0, count = 0;

    (void)state;
    while (size < 65000) {
        int length = snprintf(text + size, 65536 - size, BEFORE "I%zu;IsClustered;No;Version;14.0;tcp;1433;;", count);

        size += (size_t)length;
        count++;
    }
    assert_true(read_as(5, size, text, size));
    assert_int_equal(reply.count, SSRP_MAX_INSTANCES);
    assert_int_equal(reply.left_out, count - SSRP_MAX_INSTANCES);
    assert_string_equal(reply.instances[49].name, "I49");
    memset(text, ';', 65535);
    assert_false(read_as(5, 65535, text, 65535));
    free(text);
}

static void a_nul_ends_nothing(void **state)
{
    static const char text[] = BEFORE "A\0B;IsClustered;No;Version;1\0002;tcp;1433;;";
    static const char cut[] = "ServerName;SRV1;InstanceName;A;IsClustered;No;Version;1\0002;tcp;14\00033;;";

    (void)state;
    assert_true(read_as(5, sizeof text - 1, text, sizeof text - 1));
    assert_string_equal(reply.instances[0].name, "A\xef\xbf\xbd"
                                                 "B");
    assert_string_equal(reply.instances[0].version, "");
    assert_false(read_as(5, sizeof cut - 1, cut, sizeof cut - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_instance_is_read_with_all_that_is_told_of_it),
        cmocka_unit_test(the_order_of_the_protocols_does_not_matter),
        cmocka_unit_test(several_instances_are_read_in_their_order),
        cmocka_unit_test(without_a_port_it_is_an_instance_all_the_same),
        cmocka_unit_test(a_version_that_is_none_costs_the_version_alone),
        cmocka_unit_test(names_are_kept_as_they_are),
        cmocka_unit_test(what_is_no_reply_is_refused),
        cmocka_unit_test(a_reply_that_is_cut_anywhere_is_refused),
        cmocka_unit_test(what_makes_no_sense_is_no_instance),
        cmocka_unit_test(a_port_that_is_none_is_no_instance),
        cmocka_unit_test(a_bad_instance_leaves_the_others_alone),
        cmocka_unit_test(what_lies_behind_the_told_size_was_left_out),
        cmocka_unit_test(an_instance_that_comes_twice_counts_once),
        cmocka_unit_test(a_name_has_at_most_255_bytes),
        cmocka_unit_test(no_more_than_fifty_are_taken_and_the_rest_is_counted),
        cmocka_unit_test(a_nul_ends_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
