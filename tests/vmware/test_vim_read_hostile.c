/* Replies that are cut off, too large, out of order, or no replies at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dump.h"
#include "recording.h"
#include "vim_read.h"
#include "xml.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static bool reads(const struct str *bytes, struct err *err)
{
    struct vim_reader *reader = vim_reader_create(NULL, NULL);
    bool good = vim_reader_feed(reader, bytes->bytes, bytes->length, err) && vim_reader_end(reader, err);

    vim_reader_destroy(reader);
    return good;
}

static void assert_reads(const struct str *bytes)
{
    struct err err = ERR_EMPTY;

    if (!reads(bytes, &err))
        fail_msg("%s", err.text);
}

/* Refused with class protocol and these words in the sentence. */
static void assert_refused(const struct str *bytes, const char *words)
{
    struct err err = ERR_EMPTY;

    assert_false(reads(bytes, &err));
    assert_int_equal(err.class, ERR_PROTOCOL);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, err.text);
}

static struct str text_of(const char *text)
{
    return (struct str){ .bytes = (char *)text, .length = strlen(text) };
}

/* ------------------------------------------------------------------------------------------------- no reply ---- */

static void what_is_no_reply_is_quoted(void **state)
{
    static const char *const others[][2] = {
        { "", "the reply is empty" },
        { " \n", "begins with \" \\n\"" },
        { "503 Service Unavailable (Failed to connect to endpoint: [N7Vmacore4Http20NamedPipeServiceSpecE]",
          "a proxy" },
        { "503 Service Unavailable", "begins with \"503 Service Unavailable\"" },
        { "{\"error\": 1}", "begins with \"{\"error\": 1}\"" },
        { "<html><head><title>Sign in</title></head></html>",
          "a proxy or another service perhaps, and begins with <html>" },
        { "<html><br>not well-formed</html>", "a proxy or another service perhaps, and begins with <html>" },
        { "<!DOCTYPE html>\n<html/>", "begins with \"<!DOCTYPE html>\\n<html/>\"" },
        { "<!DOCTYPE html>\n<html/>", "DOCTYPE, which" },
        { "<?xml version=\"1.0\"?>", "begins with \"<?xml version" },
        { "\x1b]0;title\a<a>", "begins with \"\\x1B]0;title\\x07<a>\"" },
        { "<a xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"/>", "begins with <a>" },
        { "<Envelope/>", "an Envelope of \"\", not one of SOAP 1.1" },
        { "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body/></s:Envelope>",
          "an Envelope of \"http://www.w3.org/2003/05/soap-envelope\"" },
        { "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"/>", "Body is empty" },
        { ENVELOPE(""), "Body is empty" },
        { ENVELOPE("LoginResponse"), "Body is empty" },
        { ENVELOPE("<LoginResponse/>"), "holds <LoginResponse> of \"\"" },
        { ENVELOPE("<LoginResponse xmlns=\"urn:vim2\"/>"), "holds <LoginResponse> of \"urn:vim2\", not a reply" },
        { ENVELOPE("<Fault/>"), "holds <Fault> of \"\"" },
        { ENVELOPE("<aResponse xmlns=\"urn:vim25\"/><bResponse xmlns=\"urn:vim25\"/>"), "more than one element" },
        { ENVELOPE("<aResponse xmlns=\"urn:vim25\"/><s:Fault/>"), "more than one element" },
        { ENVELOPE("<s:Fault/><s:Fault/>"), "more than one element" },
        { ENVELOPE("</s:Body><s:Body>"), "more than one Body" },
        { ENVELOPE("<LogoutResponse xmlns=\"urn:vim25\"/>") "x", "XML, line 1" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct str bytes = text_of(others[i][0]);

        assert_refused(&bytes, others[i][1]);
    }
}

static void a_quote_stays_short(void **state)
{
    struct str bytes = STR_EMPTY;
    struct err err = ERR_EMPTY;

    (void)state;
    for (int i = 0; i < 2000; i++)
        str_add(&bytes, "%s%n\xff");
    assert_false(reads(&bytes, &err));
    assert_non_null(strstr(err.text, "begins with \"%s%n\\xFF%s%n"));
    assert_true(strlen(err.text) < 400);
    str_finish(&bytes);
}

static void a_reply_that_is_cut_off_anywhere_is_refused(void **state)
{
    static const char *const names[] = { "made-07-updates", "made-13-nested-fault", "fleet-13-bad-property",
                                         "v24-09-Logout" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str bytes = recording_load(names[i]);
        size_t whole = bytes.length;

        while (bytes.bytes[whole - 1] != '>')
            whole--;
        assert_reads(&bytes);
        for (bytes.length = 0; bytes.length < whole; bytes.length++)
            assert_refused(&bytes, "");
        str_finish(&bytes);
    }
}

/* ---------------------------------------------------------------------------------------------- incomplete ---- */

static void what_lacks_its_necessary_parts_is_refused(void **state)
{
    static const char *const replies[][2] = {
        { RETRIEVED("<objects><obj>vm-1</obj></objects>"), "an object without its reference and type" },
        { RETRIEVED("<objects><obj type=\"VirtualMachine\"/></objects>"), "an object without its reference" },
        { RETRIEVED("<objects><obj type=\"VirtualMachine\"><a/>vm-1</obj></objects>"), "an object without its" },
        { RETRIEVED("<objects/>"), "an object without its reference" },
        { RETRIEVED("<objects><obj type=\"Folder\">g-1</obj><propSet><val/></propSet></objects>"),
          "Folder g-1: a property without its name" },
        { RETRIEVED("<objects><obj type=\"Folder\">g-1</obj><missingSet/></objects>"),
          "Folder g-1: a missing property without its name" },
        { UPDATED("<version>1</version><filterSet><objectSet><obj type=\"Folder\">g</obj></objectSet></filterSet>"),
          "Folder g: an update without its kind" },
        { UPDATED("<version>1</version><filterSet><objectSet><kind>arrive</kind></objectSet></filterSet>"),
          "unknown kind \"arrive\"" },
        { UPDATED("<truncated>false</truncated>"), "without its version" },
        { UPDATED("<version/>"), "without its version" },
        { UPDATED("<version>1</version><truncated>maybe</truncated>"), "truncated is \"maybe\"" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        struct str bytes = text_of(replies[i][0]);

        assert_refused(&bytes, replies[i][1]);
    }
}

/* --------------------------------------------------------------------------------------------------- limits ---- */

static void add_many(struct str *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        str_add(out, text);
}

/* count x between the two. */
static struct str stuffed(const char *before, size_t count, const char *behind)
{
    struct str bytes = STR_EMPTY;

    str_add(&bytes, before);
    add_many(&bytes, "x", count);
    str_add(&bytes, behind);
    return bytes;
}

/* The frame in two halves, where the text stands between them, and what says that it is too long. */
struct limit {
    const char *before, *behind;
    size_t max;
    const char *words;
};

#define ENVELOPE_OPEN "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
#define RETRIEVED_OPEN ENVELOPE_OPEN "<RetrievePropertiesExResponse xmlns=\"urn:vim25\"><returnval>"
#define RETRIEVED_CLOSE "</returnval></RetrievePropertiesExResponse></s:Body></s:Envelope>"
#define UPDATED_OPEN ENVELOPE_OPEN "<WaitForUpdatesExResponse xmlns=\"urn:vim25\"><returnval>"
#define UPDATED_CLOSE "</returnval></WaitForUpdatesExResponse></s:Body></s:Envelope>"
#define VM "<objects><obj type=\"VirtualMachine\">vm-1</obj>"

static void texts_have_their_largest_size(void **state)
{
    static const struct limit limits[] = {
        { RETRIEVED_OPEN "<token>", "</token>" RETRIEVED_CLOSE, VIM_MAX_REFERENCE, "a token has more than 1024" },
        { RETRIEVED_OPEN "<objects><obj type=\"Folder\">", "</obj></objects>" RETRIEVED_CLOSE, VIM_MAX_REFERENCE,
          "the reference of an object has more than 1024" },
        { RETRIEVED_OPEN VM "<propSet><name>", "</name></propSet></objects>" RETRIEVED_CLOSE, VIM_MAX_REFERENCE,
          "VirtualMachine vm-1: the name of a property has more than 1024" },
        { RETRIEVED_OPEN VM "<missingSet><path>", "</path></missingSet></objects>" RETRIEVED_CLOSE, VIM_MAX_REFERENCE,
          "VirtualMachine vm-1: the name of a property has more than 1024" },
        { RETRIEVED_OPEN VM "<propSet><name>config.annotation</name><val>",
          "</val></propSet></objects>" RETRIEVED_CLOSE, VIM_MAX_TEXT,
          "VirtualMachine vm-1: property config.annotation: the text of <val> has more than 1048576 bytes" },
        { RETRIEVED_OPEN VM "<propSet><name>guest.net</name><val><a><mac>",
          "</mac></a></val></propSet></objects>" RETRIEVED_CLOSE, VIM_MAX_TEXT,
          "VirtualMachine vm-1: property guest.net: the text of <mac> has more than 1048576 bytes" },
        { UPDATED_OPEN "<version>", "</version>" UPDATED_CLOSE, VIM_MAX_REFERENCE, "a version has more than 1024" },
        { ENVELOPE_OPEN "<LoginResponse xmlns=\"urn:vim25\"><returnval><key>",
          "</key></returnval></LoginResponse></s:Body></s:Envelope>", VIM_MAX_TEXT, "the text of <key> has more" },
        { ENVELOPE_OPEN "<s:Fault><faultstring>", "</faultstring></s:Fault></s:Body></s:Envelope>", VIM_MAX_TEXT,
          "the text of a fault has more than 1048576" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct str fits = stuffed(limits[i].before, limits[i].max, limits[i].behind);
        struct str over = stuffed(limits[i].before, limits[i].max + 1, limits[i].behind);

        assert_reads(&fits);
        assert_refused(&over, limits[i].words);
        str_finish(&fits);
        str_finish(&over);
    }
}

static void words_have_their_largest_size_too(void **state)
{
    static const struct limit limits[] = {
        { UPDATED_OPEN "<filterSet><objectSet><kind>", "</kind></objectSet></filterSet>" UPDATED_CLOSE, 0,
          "the kind of an update has more than 1024" },
        { UPDATED_OPEN "<filterSet><objectSet><changeSet><op>",
          "</op></changeSet></objectSet></filterSet>" UPDATED_CLOSE, 0, "the op of a change has more than 1024" },
        { UPDATED_OPEN "<truncated>", "</truncated>" UPDATED_CLOSE, 0, "truncated has more than 1024" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct str over = stuffed(limits[i].before, VIM_MAX_REFERENCE + 1, limits[i].behind);

        assert_refused(&over, limits[i].words);
        str_finish(&over);
    }
}

static void texts_that_nobody_reads_may_be_of_any_length(void **state)
{
    static const char *const places[][2] = {
        { ENVELOPE_OPEN, "<LogoutResponse xmlns=\"urn:vim25\"/></s:Body></s:Envelope>" },
        { RETRIEVED_OPEN "<later><a/>", "</later>" RETRIEVED_CLOSE },
        { RETRIEVED_OPEN VM, "</objects>" RETRIEVED_CLOSE },
        { RETRIEVED_OPEN VM "<propSet><name>name</name><val><a/>", "</val></propSet></objects>" RETRIEVED_CLOSE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct str bytes = stuffed(places[i][0], 2 * (size_t)VIM_MAX_TEXT, places[i][1]);

        assert_reads(&bytes);
        str_finish(&bytes);
    }
}

/* The head, count times the part, the tail. */
static struct str repeated(const char *head, const char *part, size_t count, const char *tail)
{
    struct str bytes = STR_EMPTY;

    str_add(&bytes, head);
    add_many(&bytes, part, count);
    str_add(&bytes, tail);
    return bytes;
}

static void an_object_has_so_many_properties(void **state)
{
    static const char *const parts[][2] = {
        { "<propSet><name>name</name><val>a</val></propSet>",
          "VirtualMachine vm-1: property name: more than 256 properties" },
        { "<missingSet><path>name</path></missingSet>",
          "VirtualMachine vm-1: property name: more than 256 missing properties" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct str fits =
            repeated(RETRIEVED_OPEN VM, parts[i][0], VIM_MAX_PROPERTIES, "</objects>" VM "</objects>" RETRIEVED_CLOSE);
        struct str over =
            repeated(RETRIEVED_OPEN VM, parts[i][0], VIM_MAX_PROPERTIES + 1, "</objects>" RETRIEVED_CLOSE);

        assert_reads(&fits);
        assert_refused(&over, parts[i][1]);
        str_finish(&fits);
        str_finish(&over);
    }
}

/* A place that may be filled until VIM_MAX_OBJECT bytes are taken: once with less of it, once with more. */
static void assert_memory_ends(const char *head, const struct str *part, const char *tail, const char *words)
{
    struct str fits = repeated(head, str_text(part), VIM_MAX_OBJECT / 65536 - 2, tail);
    struct str over = repeated(head, str_text(part), VIM_MAX_OBJECT / 65536 + 1, tail);

    assert_reads(&fits);
    assert_refused(&over, words);
    str_finish(&fits);
    str_finish(&over);
}

static void an_object_takes_so_much_memory(void **state)
{
    struct str part = stuffed("<a>", 65536, "</a>");

    (void)state;
    assert_memory_ends(RETRIEVED_OPEN VM "<propSet><name>guest.net</name><val>", &part,
                       "</val></propSet></objects>" RETRIEVED_CLOSE,
                       "VirtualMachine vm-1: property guest.net: the object takes more than 8388608 bytes");
    str_finish(&part);
}

static void a_result_takes_so_much_memory(void **state)
{
    struct str result = stuffed("<returnval>", 65536, "</returnval>"), detail = stuffed("<a><b>", 65536, "</b></a>");

    (void)state;
    assert_memory_ends(ENVELOPE_OPEN "<QueryResponse xmlns=\"urn:vim25\">", &result,
                       "</QueryResponse></s:Body></s:Envelope>", "the result takes more than 8388608 bytes");
    assert_memory_ends(ENVELOPE_OPEN "<s:Fault><detail>", &detail, "</detail></s:Fault></s:Body></s:Envelope>",
                       "the result takes more than 8388608 bytes");
    str_finish(&result);
    str_finish(&detail);
}

static void a_thing_said_again_and_again_takes_no_more_either(void **state)
{
    struct str token = stuffed("<token>", 1024, "</token>"), obj = stuffed("<obj type=\"Folder\">", 1024, "</obj>");
    struct str tokens = repeated(RETRIEVED_OPEN, str_text(&token), VIM_MAX_OBJECT / 1024, RETRIEVED_CLOSE);
    struct str references =
        repeated(RETRIEVED_OPEN "<objects>", str_text(&obj), VIM_MAX_OBJECT / 1024, "</objects>" RETRIEVED_CLOSE);

    (void)state;
    assert_refused(&tokens, "the result takes more than 8388608 bytes");
    assert_refused(&references, "the object takes more than 8388608 bytes");
    str_finish(&tokens);
    str_finish(&references);
    str_finish(&token);
    str_finish(&obj);
}

/* An Envelope, a Body, a response, a returnval, an object, a propSet and a val are 7 of them. */
static void a_value_is_so_deep(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        size_t depth = XML_MAX_DEPTH - 7 + more;
        struct str bytes = STR_EMPTY;

        str_add(&bytes, RETRIEVED_OPEN VM "<propSet><name>snapshot</name><val>");
        add_many(&bytes, "<a>", depth);
        add_many(&bytes, "</a>", depth);
        str_add(&bytes, "</val></propSet></objects>" RETRIEVED_CLOSE);
        if (more == 0)
            assert_reads(&bytes);
        else
            assert_refused(&bytes, "deeper than 64");
        str_finish(&bytes);
    }
}

/* ---------------------------------------------------------------------------------------------------- memory ---- */

static size_t in_use(void)
{
    return mallinfo2().uordblks + mallinfo2().hblkhd;
}

static bool count(void *context, const struct vim_object *object, struct err *err)
{
    (void)object, (void)err;
    ++*(size_t *)context;
    return true;
}

static void feed(struct vim_reader *reader, const char *text)
{
    struct err err = ERR_EMPTY;

    if (!vim_reader_feed(reader, text, strlen(text), &err))
        fail_msg("%s", err.text);
}

static void memory_does_not_grow_with_the_reply(void **state)
{
    static const char object[] = VM "<propSet><name>guest.net</name><val><a>1</a><b>2</b></val></propSet><missingSet>"
                                    "<path>config.uuid</path></missingSet></objects>";
    size_t taken = 0, before;
    struct vim_taker taker = { .take = count, .context = &taken };
    struct vim_reader *reader = vim_reader_create(&taker, NULL);

    (void)state;
    feed(reader, RETRIEVED_OPEN);
    for (int i = 0; i < 100; i++)
        feed(reader, object);
    before = in_use();
    for (int i = 0; i < 20000; i++)
        feed(reader, object);
    assert_true(in_use() <= before);
    assert_int_equal(taken, 20100);
    vim_reader_destroy(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_reply_is_quoted),
        cmocka_unit_test(a_quote_stays_short),
        cmocka_unit_test(a_reply_that_is_cut_off_anywhere_is_refused),
        cmocka_unit_test(what_lacks_its_necessary_parts_is_refused),
        cmocka_unit_test(texts_have_their_largest_size),
        cmocka_unit_test(words_have_their_largest_size_too),
        cmocka_unit_test(texts_that_nobody_reads_may_be_of_any_length),
        cmocka_unit_test(an_object_has_so_many_properties),
        cmocka_unit_test(an_object_takes_so_much_memory),
        cmocka_unit_test(a_result_takes_so_much_memory),
        cmocka_unit_test(a_thing_said_again_and_again_takes_no_more_either),
        cmocka_unit_test(a_value_is_so_deep),
        cmocka_unit_test(memory_does_not_grow_with_the_reply),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
