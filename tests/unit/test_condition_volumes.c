#include "fake_judge.h"

#include "condition.h"

static const struct products products = { 0 };

static int set_up(void **state)
{
    struct judge *judge = mem_new(1, sizeof *judge);

    fake_judge_init(judge, &products);
    *state = judge;
    return 0;
}

static int tear_down(void **state)
{
    fake_judge_finish(*state);
    free(*state);
    return 0;
}

/* ----------------------------------------------------------------------------------- every, some, where, empty ---- */

static const struct test is_ntfs = {
    .type = TEST_FACT,
    .fact = "volume.filesystem",
    .compare = COMPARE_IS,
    .values = (const struct value[]){ { .type = VALUE_TEXT, .text = "NTFS" } },
    .value_count = 1,
};

static struct thing *add_volume(struct judge *judge, struct thing *machine, const char *letter, const char *filesystem)
{
    static const char *const paths[][2] = {
        { "C:\\", NULL }, { "D:\\", NULL }, { "E:\\", NULL }, { "D:\\Mount\\", NULL }
    };
    struct thing *volume = fake_thing(judge, "volume", letter);

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (strncmp(paths[i][0], letter, strlen(letter)) == 0 && strlen(paths[i][0]) == strlen(letter) + 1)
            fake_list(volume, "volume.paths", paths[i]);
    }
    fake_int(volume, "volume.drive_type", 3);
    if (filesystem != NULL)
        fake_text(volume, "volume.filesystem", filesystem);
    fake_tie(judge, volume, "part_of", machine);
    return volume;
}

static enum truth ask_volumes(struct judge *judge, const struct thing *machine, enum test_type type,
                              struct condition_cause *cause)
{
    struct test test = {
        .type = type, .collection = COLLECTION_VOLUMES, .empty = TRUTH_UNKNOWN, .parts = &is_ntfs, .part_count = 1
    };

    return condition_test(judge, &test, machine, cause);
}

static void every_and_some_weigh_all_members(void **state)
{
    struct judge *judge = *state;
    struct thing *machine = fake_thing(judge, "machine", "WEB01"), *other;
    struct condition_cause cause;

    add_volume(judge, machine, "C:", "NTFS");
    assert_int_equal(ask_volumes(judge, machine, TEST_EVERY, NULL), TRUTH_YES);
    assert_int_equal(ask_volumes(judge, machine, TEST_SOME, NULL), TRUTH_YES);
    other = add_volume(judge, machine, "D:", NULL);
    assert_int_equal(ask_volumes(judge, machine, TEST_EVERY, &cause), TRUTH_UNKNOWN);
    assert_ptr_equal(cause.thing, other);
    assert_string_equal(cause.fact, "volume.filesystem");
    assert_null(cause.value);
    assert_int_equal(ask_volumes(judge, machine, TEST_SOME, NULL), TRUTH_YES);
    fake_text(other, "volume.filesystem", "FAT32");
    assert_int_equal(ask_volumes(judge, machine, TEST_EVERY, &cause), TRUTH_NO);
    assert_ptr_equal(cause.thing, other);
    assert_string_equal(cause.value->text, "FAT32");
    assert_int_equal(ask_volumes(judge, machine, TEST_SOME, NULL), TRUTH_YES);
    fake_text(judge->world.things[1], "volume.filesystem", "ReFS");
    assert_int_equal(ask_volumes(judge, machine, TEST_SOME, &cause), TRUTH_NO);
}

static void of_an_empty_collection_the_condition_says_what_it_means(void **state)
{
    struct judge *judge = *state;
    struct thing *machine = fake_thing(judge, "machine", "WEB01");
    struct test test = { .type = TEST_EVERY, .collection = COLLECTION_VOLUMES, .parts = &is_ntfs, .part_count = 1 };
    struct condition_cause cause;

    for (test.type = TEST_EVERY; test.type <= TEST_SOME; test.type++) {
        for (test.empty = TRUTH_NO; test.empty <= TRUTH_UNKNOWN; test.empty++) {
            assert_int_equal(condition_test(judge, &test, machine, &cause), test.empty);
            if (test.empty == TRUTH_UNKNOWN) {
                assert_null(cause.fact);
                assert_int_equal(cause.collection, COLLECTION_VOLUMES);
                assert_ptr_equal(cause.thing, machine);
            }
        }
    }
}

static void where_leaves_members_out(void **state)
{
    struct judge *judge = *state;
    struct thing *machine = fake_thing(judge, "machine", "WEB01"), *data;
    struct value small = { .type = VALUE_INT, .number = 1000 };
    struct test parts[2] = { is_ntfs,
                             { .type = TEST_FACT,
                               .fact = "volume.capacity",
                               .compare = COMPARE_AT_LEAST,
                               .values = &small,
                               .value_count = 1 } };
    struct test test = { .type = TEST_EVERY, .collection = COLLECTION_VOLUMES, .parts = parts, .part_count = 2 };
    struct condition_cause cause;

    data = add_volume(judge, machine, "D:", "FAT32");
    fake_int(data, "volume.capacity", 999);
    test.empty = TRUTH_UNKNOWN;
    assert_int_equal(condition_test(judge, &test, machine, NULL), TRUTH_YES);
    fake_int(data, "volume.capacity", 1000);
    assert_int_equal(condition_test(judge, &test, machine, NULL), TRUTH_NO);
    fake_unset(data, "volume.capacity");
    assert_int_equal(condition_test(judge, &test, machine, &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "volume.capacity");
    fake_text(data, "volume.filesystem", "NTFS");
    assert_int_equal(condition_test(judge, &test, machine, NULL), TRUTH_YES);
    test.type = TEST_SOME;
    assert_int_equal(condition_test(judge, &test, machine, NULL), TRUTH_UNKNOWN);
    fake_int(data, "volume.capacity", 1);
    assert_int_equal(condition_test(judge, &test, machine, NULL), TRUTH_NO);
}

/* ---------------------------------------------------------------------------------------------------- volumes ---- */

static void volumes_are_local_disks_with_a_path(void **state)
{
    static const char *const none[] = { NULL };
    struct judge *judge = *state;
    struct thing *machine = fake_thing(judge, "machine", "WEB01"), *volume;

    add_volume(judge, machine, "C:", "NTFS");
    fake_list(add_volume(judge, machine, "EFI", "FAT32"), "volume.paths", none);
    fake_int(add_volume(judge, machine, "D:", "UDF"), "volume.drive_type", 5);
    assert_string_equal(fake_members(judge, COLLECTION_VOLUMES, machine), "C: ");
    volume = add_volume(judge, machine, "E:", "NTFS");
    fake_unset(volume, "volume.drive_type");
    assert_string_equal(fake_members(judge, COLLECTION_VOLUMES, machine), "C: (E:) ");
    fake_int(volume, "volume.drive_type", 3);
    fake_unset(volume, "volume.paths");
    assert_string_equal(fake_members(judge, COLLECTION_VOLUMES, machine), "C: (E:) ");
}

static void the_missing_fact_of_a_perhaps_member_is_the_cause(void **state)
{
    struct judge *judge = *state;
    struct thing *machine = fake_thing(judge, "machine", "WEB01");
    struct thing *volume = add_volume(judge, machine, "C:", "FAT32");
    struct condition_cause cause;

    fake_unset(volume, "volume.drive_type");
    assert_int_equal(ask_volumes(judge, machine, TEST_EVERY, &cause), TRUTH_UNKNOWN);
    assert_ptr_equal(cause.thing, volume);
    assert_string_equal(cause.fact, "volume.drive_type");
    assert_null(cause.value);
    fake_text(volume, "volume.filesystem", "NTFS");
    assert_int_equal(ask_volumes(judge, machine, TEST_EVERY, &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "volume.drive_type");
}

struct protection {
    struct judge *judge;
    struct thing *machine, *server, *other, *data;
};

static struct protection protect(struct judge *judge)
{
    struct protection made = { .judge = judge, .machine = fake_thing(judge, "machine", "WEB01") };

    made.server = fake_thing(judge, "backup_server", "MABS01");
    made.other = fake_thing(judge, "backup_server", "MABS02");
    judge->server = made.server;
    add_volume(judge, made.machine, "C:", "NTFS");
    made.data = add_volume(judge, made.machine, "D:", "NTFS");
    return made;
}

static void protection_names_the_volumes_that_count(void **state)
{
    static const char *const paths[] = { "d:\\Data\\x", NULL };
    struct protection made = protect(*state);
    struct thing *protected = fake_protected(made.judge, made.machine, made.server, "Volume", "C:\\");

    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: ");
    fake_text(protected, "id.name", "Data");
    fake_list(protected, "protected.paths", paths);
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "D: ");
    fake_text(protected, "protected.state", "unprotected");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: D: ");
}

static void protection_names_the_volumes_of_its_paths_beside_its_own(void **state)
{
    static const char *const paths[] = { "C:\\", "D:\\", NULL };
    struct protection made = protect(*state);
    struct thing *protected = fake_protected(made.judge, made.machine, made.server, "Volume", "C:\\");

    fake_list(protected, "protected.paths", paths);
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: D: ");
}

/* The replica that is left of what is no more protected names no volume that is. */
static void protection_that_has_ended_names_none(void **state)
{
    struct protection made = protect(*state);
    struct thing *ended = fake_protected(made.judge, made.machine, made.server, "Volume", "D:\\");

    fake_protected(made.judge, made.machine, made.server, "Volume", "C:\\");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: D: ");
    fake_text(ended, "protected.state", "stopped");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: ");
    fake_text(ended, "protected.state", "Inactive");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: ");
}

static void protection_by_another_server_names_none(void **state)
{
    struct protection made = protect(*state);

    fake_protected(made.judge, made.machine, made.other, "Volume", "C:\\");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: D: ");
    made.judge->server = NULL;
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: ");
}

static void a_server_that_is_known_by_name_only_is_itself(void **state)
{
    struct protection made = protect(*state);
    struct thing told = { .id = 0, .kind = "backup_server", .name = "mabs01.corp.example" };

    fake_protected(made.judge, made.machine, made.server, "Volume", "C:\\");
    made.judge->server = &told;
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: ");
    told.name = "mabs02";
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: D: ");
}

static void protection_of_the_system_names_no_volume(void **state)
{
    struct protection made = protect(*state);

    fake_protected(made.judge, made.machine, made.server, "System Protection", "System Protection");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: D: ");
    fake_protected(made.judge, made.machine, made.server, "Volume", "D:\\");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "D: ");
}

static void protection_of_what_is_not_known_makes_each_volume_a_perhaps(void **state)
{
    struct protection made = protect(*state);
    struct thing *protected = fake_protected(made.judge, made.machine, made.server, NULL, "something");

    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "(C:) (D:) ");
    fake_text(protected, "protected.type", "Volume");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "(C:) (D:) ");
    fake_protected(made.judge, made.machine, made.server, "Volume", "D:\\");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "(C:) D: ");
}

static void a_path_that_is_on_no_known_volume_may_be_on_any(void **state)
{
    static const char *const share[] = { "\\\\WEB01\\share", NULL };
    struct protection made = protect(*state);

    fake_list(fake_protected(made.judge, made.machine, made.server, "Share", "share"), "protected.paths", share);
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "(C:) (D:) ");
}

static void a_volume_or_a_data_source_that_cannot_be_read_may_be_any(void **state)
{
    static const char *const folder[] = { "D:\\Data", NULL };
    struct protection made = protect(*state);
    struct thing *lost = add_volume(made.judge, made.machine, "E:", "NTFS");
    struct thing *protected = fake_protected(made.judge, made.machine, made.server, "Volume", "Data");

    fake_list(protected, "protected.paths", folder);
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "D: ");
    fake_text(made.data, "volume.filesystem", "FAT32");
    assert_int_equal(ask_volumes(made.judge, made.machine, TEST_EVERY, NULL), TRUTH_NO);
    made.judge->world.hidden = lost;
    assert_int_equal(ask_volumes(made.judge, made.machine, TEST_EVERY, NULL), TRUTH_UNKNOWN);
    made.judge->world.hidden = protected;
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "(C:) (D:) (E:) ");
}

static void a_mount_point_is_not_the_volume_that_it_stands_on(void **state)
{
    static const char *const mounted[] = { "D:\\Mount\\x", NULL, "D:\\", NULL };
    struct protection made = protect(*state);
    struct thing *protected = fake_protected(made.judge, made.machine, made.server, "Volume", "data"), *mount;

    mount = add_volume(made.judge, made.machine, "D:\\Mount", "NTFS");
    fake_list(protected, "protected.paths", mounted);
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "D:\\Mount ");
    fake_unset(mount, "volume.paths");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "(D:) (D:\\Mount) ");
    fake_list(protected, "protected.paths", mounted + 2);
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "D: (D:\\Mount) ");
}

/* Volumes with so many paths each, none of which is protected, and a share of so many folders. */
static struct protection protect_many(struct judge *judge, size_t volumes, size_t paths, size_t folders)
{
    struct protection made = protect(judge);
    const char **texts = arena_alloc(&judge->arena, (paths + folders + 2) * sizeof *texts);

    for (size_t i = 0; i < paths; i++)
        texts[i] = arena_format(&judge->arena, "F:\\mount\\%zu", i);
    texts[paths] = NULL;
    for (size_t i = 0; i < volumes; i++)
        fake_list(add_volume(judge, made.machine, "F:", "ReFS"), "volume.paths", texts);
    texts += paths + 1;
    for (size_t i = 0; i < folders; i++)
        texts[i] = arena_format(&judge->arena, "D:\\Data\\%zu", i);
    texts[folders] = NULL;
    fake_list(fake_protected(judge, made.machine, made.server, "Share", "share"), "protected.paths", texts);
    return made;
}

static void places_times_paths_are_bounded_and_the_rest_is_unknown(void **state)
{
    struct condition_cause cause;
    struct protection made = protect_many(*state, 10, 64, 200);

    assert_int_equal(ask_volumes(made.judge, made.machine, TEST_EVERY, &cause), TRUTH_YES);
    made = protect_many(*state, 100, 64, 200);
    assert_int_equal(ask_volumes(made.judge, made.machine, TEST_EVERY, &cause), TRUTH_UNKNOWN);
    assert_string_equal(cause.fact, "volume.paths");
}

static void a_path_that_is_too_long_is_not_known(void **state)
{
    const char *paths[] = { arena_format(&((struct judge *)*state)->arena, "D:\\%01500d", 1), NULL };
    struct protection made = protect(*state);

    fake_protected(made.judge, made.machine, made.server, "Volume", "C:\\");
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: ");
    fake_list(made.data, "volume.paths", paths);
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: (D:) ");
}

static void a_source_of_too_many_servers_may_be_anybodys(void **state)
{
    struct protection made = protect(*state);
    struct thing *protected = fake_protected(made.judge, made.machine, made.other, "Volume", "C:\\");

    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "C: D: ");
    for (size_t i = 0; i < 100; i++)
        fake_tie(made.judge, protected, "protected_by", fake_thing(made.judge, "backup_server", "MABS03"));
    assert_string_equal(fake_members(made.judge, COLLECTION_VOLUMES, made.machine), "(C:) (D:) ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_and_some_weigh_all_members),
        TEST(places_times_paths_are_bounded_and_the_rest_is_unknown),
        TEST(a_path_that_is_too_long_is_not_known),
        TEST(a_source_of_too_many_servers_may_be_anybodys),
        TEST(of_an_empty_collection_the_condition_says_what_it_means),
        TEST(where_leaves_members_out),
        TEST(volumes_are_local_disks_with_a_path),
        TEST(the_missing_fact_of_a_perhaps_member_is_the_cause),
        TEST(protection_names_the_volumes_that_count),
        TEST(protection_names_the_volumes_of_its_paths_beside_its_own),
        TEST(protection_that_has_ended_names_none),
        TEST(protection_by_another_server_names_none),
        TEST(a_server_that_is_known_by_name_only_is_itself),
        TEST(protection_of_the_system_names_no_volume),
        TEST(protection_of_what_is_not_known_makes_each_volume_a_perhaps),
        TEST(a_path_that_is_on_no_known_volume_may_be_on_any),
        TEST(a_volume_or_a_data_source_that_cannot_be_read_may_be_any),
        TEST(a_mount_point_is_not_the_volume_that_it_stands_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
