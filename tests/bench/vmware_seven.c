/* Seven properties of all virtual machines as lines of JSON, with what the plugin is made of: beside other clients that
 * read the same seven.
 *
 *     muster-bench-seven URL CA-FILE USER PASSWORD NUMBER PROPERTY...
 *
 * It fails where there are not NUMBER machines. */
#include "json.h"
#include "str.h"
#include "vim.h"

#include <stdio.h>
#include <stdlib.h>

#define WORDS 6   /* before the properties */
#define PAGE 1000 /* objects of one reply; each is a seventh of a whole machine's */

static struct err err;

static void must(bool good)
{
    if (good)
        return;
    fprintf(stderr, "muster-bench-seven: %s\n", err.text);
    exit(EXIT_FAILURE);
}

static void add_value(struct str *line, const struct vim_value *value)
{
    if (value->first == NULL) {
        json_add_text(line, value->text);
        return;
    }
    for (const struct vim_value *one = value->first; one != NULL; one = one->next) {
        str_add_char(line, one == value->first ? '[' : ',');
        json_add_text(line, one->text);
    }
    str_add_char(line, ']');
}

static bool take(void *context, const struct vim_object *object, struct err *wrong)
{
    static struct str line;

    (void)wrong;
    str_clear(&line);
    str_add(&line, "{\"moref\":");
    json_add_text(&line, object->moref);
    for (size_t i = 0; i < object->property_count; i++) {
        json_add_name(&line, object->properties[i].path);
        if (object->properties[i].value != NULL)
            add_value(&line, object->properties[i].value);
    }
    str_add(&line, "}\n");
    fwrite(line.bytes, 1, line.length, stdout);
    ++*(long *)context;
    return true;
}

static bool keep(const char *name, const char *type)
{
    (void)name, (void)type;
    return true;
}

static void collect(struct vim *vim, const char *const *properties, size_t count, long *found)
{
    static const char *const types[] = { "VirtualMachine" };
    const struct vim_wanted wanted = { "VirtualMachine", properties, count };
    const struct vim_source source = { .view = vim_create_view(vim, types, 1, &err) };
    const struct vim_reading reading = { PAGE, keep, { take, found } };

    must(source.view != NULL);
    must(vim_retrieve(vim, &wanted, 1, &source, &reading, &err));
    must(vim_destroy_view(vim, source.view, &err));
}

int main(int argc, char **argv)
{
    struct http_settings settings = { .max_reply = UINT64_C(1) << 34 };
    struct vim *vim;
    long found = 0;

    if (argc <= WORDS)
        return EXIT_FAILURE;
    settings.url = argv[1];
    settings.ca_file = argv[2];
    vim = vim_create(&settings, &err);
    must(vim != NULL && vim_login(vim, argv[3], argv[4], &err));
    collect(vim, (const char *const *)argv + WORDS, (size_t)(argc - WORDS), &found);
    must(vim_logout(vim, &err));
    vim_destroy(vim);
    return fflush(stdout) == 0 && found == strtol(argv[5], NULL, 10) ? EXIT_SUCCESS : EXIT_FAILURE;
}
