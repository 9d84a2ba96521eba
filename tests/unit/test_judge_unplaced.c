/* A backup server of which nothing says where it is installed. */
#include "judge_testing.h"

/* Later pages mean its place by the rows of computers too. */
static void read_as_the_servers_place(void)
{
    struct edition *page_edition = (struct edition *)&fixture.matrix.editions[0];

    page_edition->readings[0] = page_edition->readings[1] = READING_SERVER;
    fixture.servers[0].installation = NULL;
}

static void set_answer(const char *version, const char *place, enum answer answer)
{
    const struct edition *edition = &fixture.matrix.editions[0];

    for (size_t i = 0; i < edition->row_count; i++) {
        struct entry_row *row = (struct entry_row *)&edition->rows[i];
        if (strcmp(row->version, version) == 0 && strcmp(row->installation, place) == 0 &&
            strcmp(row->product, "mabs-v2") == 0 && strcmp(row->workload, "server") == 0)
            row->answer = answer;
    }
}

static const struct test either_hint = TEXT_LEAF("guest.id", COMPARE_IS, "either");

/* Its hint is that of a client and of a server, whose rows name more places than the client's. */
static const struct verdict *client_or_server(void)
{
    struct version *either[] = { &client_versions[0], &server_versions[7] };
    struct fixture_thing *made = thing_add(&fixture, "machine", "PC01");
    const struct verdict *verdict;

    fact_text(made, "os.arch", "x64");
    fact_text(made, "guest.id", "either");
    either[0]->hint = either[1]->hint = &either_hint;
    fixture_judge(&fixture);
    verdict = verdict_by(&fixture, made, METHOD_AGENT);
    either[0]->hint = either[1]->hint = NULL;
    return verdict;
}

static void places_are_those_of_all_candidates(void **state)
{
    const struct verdict *verdict;

    (void)state;
    read_as_the_servers_place();
    set_answer("Windows Server 2016", "azure-stack", ANSWER_NO);
    verdict = client_or_server();
    assert_int_equal(verdict->legs[0].version_count, 2);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_int_equal(verdict->legs[0].installation_count, 5);
}

static void places_of_one_candidate_are_not_held_against_another(void **state)
{
    const struct verdict *verdict;

    (void)state;
    read_as_the_servers_place();
    verdict = client_or_server();
    assert_int_equal(verdict->legs[0].version_count, 2);
    assert_word(verdict->word, VERDICT_CONDITIONAL);
    assert_string_equal(verdict->legs[0].missing, MISSING_SERVER_PLACE);
}

static void a_yes_without_the_servers_place_is_conditional_and_says_so(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV01", "6.3.9600");
    const struct verdict *verdict;

    (void)state;
    fixture.servers[0].installation = NULL;
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_row(verdict, VERDICT_CONDITIONAL, 53);
    assert_int_not_equal(verdict->legs[0].cover_count, 0);
    assert_says(verdict, "nothing says where the backup server backup01 is installed: say it in backup_servers "
                         "(installation = ...), or let it be scanned");
    fixture.servers[0].installation = "azure-vm";
    fixture_judge(&fixture);
    assert_class(verdict_by(&fixture, host, METHOD_HOST), CLASS_GAP);
    fixture.servers[0].installation = "hyperv-vm";
    fixture_judge(&fixture);
    assert_row(verdict_by(&fixture, host, METHOD_HOST), VERDICT_SUPPORTED, 53);
}

static void a_no_without_the_servers_place_stays_one(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV01", "6.0.6002");
    const struct verdict *verdict;

    (void)state;
    fixture.servers[0].installation = NULL;
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_row(verdict, VERDICT_UNSUPPORTED, 56);
    assert_says(verdict, "elsewhere no row names it, and nothing says where");
    assert_string_equal(verdict->legs[0].missing, MISSING_SERVER_PLACE);
}

static void what_no_place_has_a_row_for_does_not_ask_where_the_server_is(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV01", "10.0.17763");
    const struct verdict *verdict;

    (void)state;
    fixture.servers[0].installation = NULL;
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_class(verdict, CLASS_NEWER);
    assert_null(verdict->legs[0].missing);
}

/* A row that turns out not to be about it leaves a variant; where there is none, a gap. */
static void where_only_the_class_would_differ_it_is_unknown(void **state)
{
    struct fixture_thing *host = host_add(&fixture, "HV01", "6.3.9600");
    const struct verdict *verdict;

    (void)state;
    fixture.servers[0].installation = NULL;
    fact_int(host, "os.sku", 18);
    verdict = verdict_by(&fixture, host, METHOD_HOST);
    assert_word(verdict->word, VERDICT_UNKNOWN);
    assert_says(verdict, "unlisted (sku), or ");
    assert_says(verdict, "unlisted (gap)");
    assert_string_equal(verdict->legs[0].missing, MISSING_SERVER_PLACE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(places_are_those_of_all_candidates),
        TEST(places_of_one_candidate_are_not_held_against_another),
        TEST(a_yes_without_the_servers_place_is_conditional_and_says_so),
        TEST(a_no_without_the_servers_place_stays_one),
        TEST(what_no_place_has_a_row_for_does_not_ask_where_the_server_is),
        TEST(where_only_the_class_would_differ_it_is_unknown),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
