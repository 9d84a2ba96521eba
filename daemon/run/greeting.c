#include "greeting.h"

void greeting_init(struct greeting *greeting)
{
    *greeting = (struct greeting){ .name = "", .confinement = "" };
    arena_init(&greeting->arena, ARENA_PLAIN);
}

void greeting_finish(struct greeting *greeting)
{
    vec_finish(&greeting->options);
    arena_finish(&greeting->arena);
}

void greeting_move(struct greeting *to, struct greeting *from)
{
    greeting_finish(to);
    *to = *from;
    greeting_init(from);
}

bool greeting_is_whole(const struct greeting *greeting)
{
    return greeting->came && greeting->options.count == greeting->announced;
}

/* The table is checked as the host has checked it: it is used for the configuration, and came from another process. */
static bool complete(struct greeting *greeting, struct err *err)
{
    greeting->table = (struct option_table){ greeting->options.items, greeting->options.count };
    return !greeting_is_whole(greeting) || option_table_check(&greeting->table, err);
}

static bool take_hello(struct greeting *greeting, const struct message_hello *hello, struct err *err)
{
    if (greeting->came)
        return err_set(err, ERR_BUG, "the plugin host said HELLO twice");
    greeting->came = true;
    greeting->modes = hello->modes;
    greeting->announced = hello->option_count;
    greeting->name = arena_format(&greeting->arena, "%s %s", hello->name, hello->version);
    greeting->confinement = arena_text(&greeting->arena, hello->confinement);
    return complete(greeting, err);
}

static const char *maybe_text(struct greeting *greeting, const char *text)
{
    return text == NULL ? NULL : arena_text(&greeting->arena, text);
}

/* Ended by NULL, as a table has it. */
static const char *const *copy_choices(struct greeting *greeting, const struct text_list *choices)
{
    const char **texts = arena_alloc(&greeting->arena, (choices->count + 1) * sizeof *texts);

    for (size_t i = 0; i < choices->count; i++)
        texts[i] = arena_text(&greeting->arena, choices->texts[i]);
    return texts;
}

static bool take_option(struct greeting *greeting, const struct message_option *option, struct err *err)
{
    struct option_spec spec = {
        .type = (enum option_type)option->type,
        .required = option->required != 0,
        .min = option->min,
        .max = option->max,
    };

    if (!greeting->came || greeting->options.count == greeting->announced)
        return err_set(err, ERR_BUG, "the plugin host named more options than it had announced");
    spec.name = arena_text(&greeting->arena, option->name);
    spec.fallback = maybe_text(greeting, option->fallback);
    spec.help = maybe_text(greeting, option->help);
    if (spec.type == OPTION_CHOICE)
        spec.choices = copy_choices(greeting, &option->choices);
    vec_push(&greeting->options, spec);
    return complete(greeting, err);
}

bool greeting_take(struct greeting *greeting, const struct message *message, struct err *err)
{
    return message->type == MESSAGE_HELLO ? take_hello(greeting, &message->hello, err)
                                          : take_option(greeting, &message->option, err);
}
