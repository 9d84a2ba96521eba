#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "xml_walk.h"

#include <string.h>

#define SPACE "urn:x"

enum { START = XML_START, LIST, NAME, NOTE, MIX, CHOSEN };

/* What the places saw, as text. */
struct scene {
    struct str told;
    size_t checks, most_checks; /* most 0: any number */
};

static bool open_any(void *context, const struct xml_opening *opening, struct err *err)
{
    struct scene *scene = context;

    str_format(&scene->told, "<%s>", opening->name->local);
    return strcmp(opening->name->local, "bad") != 0 || err_set(err, ERR_DENIED, "a bad one");
}

static bool close_any(void *context, const char *text, size_t size, struct err *err)
{
    struct scene *scene = context;

    (void)err;
    assert_int_equal(strlen(text), size);
    str_format(&scene->told, "%s</>", text);
    return true;
}

static bool pass(void *context, const struct xml_opening *opening, struct err *err)
{
    struct scene *scene = context;

    str_format(&scene->told, "(%s)", opening->name->local);
    return strcmp(opening->name->local, "worse") != 0 || err_set(err, ERR_DENIED, "a worse one");
}

static int choose(void *context, const struct xml_opening *opening)
{
    const char *to = xml_attribute(opening, "", "to");

    (void)context;
    return to != NULL && strcmp(to, "name") == 0 ? NAME : XML_NOWHERE;
}

static bool blame(const void *context, struct err *err)
{
    (void)context;
    return err_add(err, "in the mix");
}

static bool check(const void *context, struct err *err)
{
    struct scene *scene = (struct scene *)context;

    return ++scene->checks != scene->most_checks || err_set(err, ERR_SYSTEM, "too much");
}

static const struct xml_place places[] = {
    [START] = { .steps = XML_STEPS({ SPACE, "list", LIST }) },
    [LIST] = { .steps = XML_STEPS({ SPACE, "name", NAME }, { NULL, "note", NOTE }, { SPACE, "none", XML_NOWHERE },
                                  { SPACE, "chosen", CHOSEN }, { SPACE, NULL, MIX }),
               .open = open_any,
               .close = close_any,
               .other = pass },
    [NAME] = { .text = "a name", .text_max = 4, .open = open_any, .close = close_any },
    [NOTE] = { .open = open_any, .close = close_any },
    [MIX] = { .steps = XML_STEPS({ NULL, "name", NAME }, { NULL, "mix", MIX }),
              .text = "the mix",
              .text_max = 8,
              .mixed = true,
              .open = open_any,
              .close = close_any,
              .other = pass,
              .blame = blame },
    [CHOSEN] = { .next = choose },
};

static const struct xml_grammar grammar = { .places = places, .check = check, .stranger = "a stranger" };

static bool walks(struct xml_walk *walk, const char *document, size_t part, struct err *err)
{
    size_t size = strlen(document);

    for (size_t at = 0; at < size; at += part)
        if (!xml_walk_feed(walk, document + at, size - at < part ? size - at : part, err))
            return false;
    return xml_walk_end(walk, err);
}

/* Whatever the parts, and by one walk that begins anew each time. */
static void assert_tells(const char *document, const char *expected)
{
    struct scene scene = { .told = STR_EMPTY };
    struct xml_walk *walk = xml_walk_create(&grammar, &scene);
    struct err err = ERR_EMPTY;

    for (size_t part = 1; part <= strlen(document); part++) {
        str_clear(&scene.told);
        if (!walks(walk, document, part, &err))
            fail_msg("%s", err.text);
        assert_string_equal(str_text(&scene.told), expected);
        xml_walk_restart(walk);
    }
    xml_walk_destroy(walk);
    str_finish(&scene.told);
}

/* And that the walk is of use afterwards. */
static void assert_refused(const char *document, size_t most_checks, enum err_class class, const char *words)
{
    struct scene scene = { .told = STR_EMPTY, .most_checks = most_checks };
    struct xml_walk *walk = xml_walk_create(&grammar, &scene);
    struct err err = ERR_EMPTY;

    assert_false(walks(walk, document, 7, &err));
    assert_int_equal(err.class, class);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, err.text);
    str_clear(&scene.told);
    scene.most_checks = 0;
    xml_walk_restart(walk);
    assert_true(walks(walk, "<list xmlns='urn:x'><name>a</name></list>", 7, &err));
    assert_string_equal(str_text(&scene.told), "<list><name>a</></>");
    xml_walk_destroy(walk);
    str_finish(&scene.told);
}

#define LISTED(content) "<list xmlns='urn:x' xmlns:y='urn:y'>" content "</list>"

static void steps_lead_by_namespace_and_name(void **state)
{
    (void)state;
    assert_tells(LISTED("<name>a</name><y:note>n</y:note><note/>"), "<list><name>a</><note></><note></></>");
    assert_tells("<p:list xmlns:p='urn:x'><p:name>a</p:name><name>a</name></p:list>", "<list><name>a</>(name)</>");
    assert_tells("<list/>", "");
}

static void what_leads_nowhere_is_passed_over_with_all_beneath(void **state)
{
    (void)state;
    assert_tells(LISTED("<none><name>a</name></none><y:b><name>c</name>d</y:b><name/>"), "<list>(none)(b)<name></></>");
}

static void an_element_has_its_text_or_elements(void **state)
{
    (void)state;
    assert_tells(LISTED("x<name>ab<y:c/>d</name>y"), "<list><name></></>");
    assert_tells(LISTED("<name>a<!-- b -->c<![CDATA[<]]>&gt;</name>"), "<list><name>ac<></></>");
}

static void a_mix_has_both(void **state)
{
    (void)state;
    assert_tells(LISTED("<mix>a<name>b</name>c<y:d>x</y:d>e<mix>f</mix>g</mix>"),
                 "<list><mix><name>b</>(d)<mix>f</>aceg</></>");
}

static void a_place_may_choose(void **state)
{
    (void)state;
    assert_tells(LISTED("<chosen><a to='name'>b</a><a to='x'>c</a><name>d</name><e y:to='name'/></chosen>"),
                 "<list><a>b</></>");
}

static void what_is_refused_ends_the_walk(void **state)
{
    (void)state;
    assert_refused(LISTED("<bad/>"), 0, ERR_DENIED, "in the mix: a bad one");
    assert_refused(LISTED("<mix><worse/></mix>"), 0, ERR_DENIED, "in the mix: a worse one");
    assert_refused(LISTED("<y:worse/>"), 0, ERR_DENIED, "a worse one");
    assert_refused(LISTED("<name>abcde</name>"), 0, ERR_PROTOCOL, "a name has more than 4 bytes");
    assert_refused(LISTED("<mix>1234<name>abcd</name>56789</mix>"), 0, ERR_PROTOCOL,
                   "in the mix: the mix has more than 8 bytes");
    assert_refused(LISTED("<name/>"), 1, ERR_SYSTEM, "too much");
    assert_refused(LISTED("<mix><name/></mix>"), 5, ERR_SYSTEM, "in the mix: too much");
}

static void a_stranger_is_quoted(void **state)
{
    (void)state;
    assert_refused("", 0, ERR_PROTOCOL, "the reply is empty");
    assert_refused("Not XML, and longer than the part that is seen first", 0, ERR_PROTOCOL,
                   "a stranger, and begins with \"Not XML\"");
    assert_refused("  ", 0, ERR_PROTOCOL, "a stranger, and begins with \"  \"");
    assert_refused("<list xmlns='urn:x'><", 0, ERR_PROTOCOL, "XML, line 1");
}

static void attributes_are_found(void **state)
{
    const struct xml_attribute attributes[] = { { { "", "a" }, "1" }, { { SPACE, "a" }, "2" } };
    const struct xml_opening opening = { .attributes = attributes, .count = 2 };

    (void)state;
    assert_string_equal(xml_attribute(&opening, "", "a"), "1");
    assert_string_equal(xml_attribute(&opening, SPACE, "a"), "2");
    assert_null(xml_attribute(&opening, "urn:y", "a"));
    assert_null(xml_attribute(&opening, "", "b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_lead_by_namespace_and_name),
        cmocka_unit_test(what_leads_nowhere_is_passed_over_with_all_beneath),
        cmocka_unit_test(an_element_has_its_text_or_elements),
        cmocka_unit_test(a_mix_has_both),
        cmocka_unit_test(a_place_may_choose),
        cmocka_unit_test(what_is_refused_ends_the_walk),
        cmocka_unit_test(a_stranger_is_quoted),
        cmocka_unit_test(attributes_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
