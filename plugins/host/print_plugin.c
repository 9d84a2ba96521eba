/* What --describe prints. */
#include "json.h"
#include "print.h"

#include "unit.h"

#include <stdio.h>

static const char *or_none(const char *text)
{
    return text == NULL ? "-" : text;
}

static const char *bound_text(const struct option_spec *spec, int64_t bound, char buffer[UNIT_TEXT_SIZE])
{
    if (spec->type == OPTION_DURATION)
        return duration_text(bound, buffer);
    snprintf(buffer, UNIT_TEXT_SIZE, "%lld", (long long)bound);
    return buffer;
}

static void describe_option(const struct option_spec *spec)
{
    char low[UNIT_TEXT_SIZE], high[UNIT_TEXT_SIZE];

    printf("  %-20s %-9s %-9s %s\n", spec->name, option_type_word(spec->type), spec->required ? "required" : "",
           or_none(spec->help));
    if (spec->choices != NULL && spec->type == OPTION_CHOICE) {
        printf("  %-40s one of:", "");
        for (size_t i = 0; spec->choices[i] != NULL; i++)
            printf(" %s", spec->choices[i]);
        printf("\n");
    }
    if (spec->min != spec->max)
        printf("  %-40s from %s to %s\n", "", bound_text(spec, spec->min, low), bound_text(spec, spec->max, high));
    if (spec->fallback != NULL)
        printf("  %-40s otherwise: %s\n", "", spec->fallback);
}

static void describe(const struct plugin *plugin)
{
    const struct muster_plugin *table = &plugin->table;

    printf("%s %s: %s\n", table->name, table->version, table->summary);
    printf("kinds:");
    for (size_t i = 0; table->kinds[i] != NULL; i++)
        printf(" %s", table->kinds[i]);
    printf("\ncallbacks: scan%s%s%s%s\n", table->prepare == NULL ? "" : " prepare",
           table->check == NULL ? "" : " check", table->doctor == NULL ? "" : " doctor",
           table->release == NULL ? "" : " release");
    printf("options:%s\n", plugin->options.count == 0 ? " none" : "");
    for (size_t i = 0; i < plugin->options.count; i++)
        describe_option(&plugin->options.specs[i]);
}

static void add_member(struct str *out, const char *name, const char *text)
{
    str_format(out, ",\"%s\":", name);
    if (text == NULL)
        str_add(out, "null");
    else
        json_add_text(out, text);
}

static void add_texts(struct str *out, const char *name, const char *const *texts)
{
    str_format(out, ",\"%s\":[", name);
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++) {
        str_add(out, i == 0 ? "" : ",");
        json_add_text(out, texts[i]);
    }
    str_add(out, "]");
}

static void add_option(struct str *out, const struct option_spec *spec)
{
    str_add(out, "{\"name\":");
    json_add_text(out, spec->name);
    add_member(out, "type", option_type_word(spec->type));
    str_format(out, ",\"required\":%s", spec->required ? "true" : "false");
    add_member(out, "fallback", spec->fallback);
    add_member(out, "help", spec->help);
    add_texts(out, "choices", spec->type == OPTION_CHOICE ? spec->choices : NULL);
    if (spec->min != spec->max)
        str_format(out, ",\"min\":%lld,\"max\":%lld", (long long)spec->min, (long long)spec->max);
    str_add(out, "}");
}

static void describe_as_json(const struct plugin *plugin)
{
    struct str out = STR_EMPTY;

    str_format(&out, "{\"abi\":%u", plugin->table.abi);
    add_member(&out, "name", plugin->table.name);
    add_member(&out, "version", plugin->table.version);
    add_member(&out, "summary", plugin->table.summary);
    add_texts(&out, "kinds", plugin->table.kinds);
    str_format(&out, ",\"check\":%s,\"doctor\":%s,\"release\":%s", plugin->table.check == NULL ? "false" : "true",
               plugin->table.doctor == NULL ? "false" : "true", plugin->table.release == NULL ? "false" : "true");
    str_add(&out, ",\"options\":[");
    for (size_t i = 0; i < plugin->options.count; i++) {
        str_add(&out, i == 0 ? "" : ",");
        add_option(&out, &plugin->options.specs[i]);
    }
    str_add(&out, "]}");
    puts(str_text(&out));
    str_finish(&out);
}

void print_plugin(const struct plugin *plugin, enum output output)
{
    if (output == OUTPUT_JSON)
        describe_as_json(plugin);
    else
        describe(plugin);
}
